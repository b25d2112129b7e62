import Support

extension NPYArray {
  /// The array's numbers in the order of the axes, not yet in that of images.
  enum Samples {
    case bytes([UInt8])
    /// 0…1
    case values([Float])
  }

  /// What the numbers mean.
  ///
  /// Bytes are pixels as they are, and true is 255. Floats whose largest is at most 1 are taken for 0…1, others for
  /// 0…255; half a byte's step beyond either end is cut off. Whole numbers of other types are 0 and 1 where there are no
  /// others, else 0…255, or all that 16 bits hold where one is larger. `note` is told where that could be doubted.
  ///
  /// - Throws: `DataError` that names the first number beyond these ranges.
  func samples(note: ((String) -> Void)?) throws -> (samples: Samples, full: Double) {
    if number.isByte { return (.bytes(ordered(bytes)), 255) }
    let (smallest, largest) = range()
    let full = try full(smallest: smallest, largest: largest)
    if number.kind == .bool { return (.bytes(ordered(converted { UInt8($0 * 255) })), 255) }
    if !number.isWhole { return (.values(ordered(converted { Float(min(max($0 / full, 0), 1)) })), full) }
    if full == 255 { return (.bytes(ordered(converted { UInt8($0) })), full) }
    note?("whole numbers up to \(grouped(Int(largest))) taken for 0 to \(grouped(Int(full)))")
    return full == 1
      ? (.bytes(ordered(converted { UInt8($0 * 255) })), full)
      : (.values(ordered(converted { Float($0 / full) })), full)
  }

  private var count: Int { bytes.count / number.size }

  /// NaN is kept: it is in no range.
  private func range() -> (smallest: Double, largest: Double) {
    let number = number
    let parts = Threads.mapRanges(of: count, grain: 1 << 16) { range in
      bytes.withUnsafeBytes { bytes in
        var (smallest, largest) = (Double.infinity, -Double.infinity)
        for index in range {
          let value = number.double(bytes.baseAddress!, index)
          if value.isNaN { return (value, value) }
          smallest = min(smallest, value)
          largest = max(largest, value)
        }
        return (smallest, largest)
      }
    }
    if let wrong = parts.first(where: { $0.0.isNaN }) { return wrong }
    return (parts.map(\.0).min() ?? 0, parts.map(\.1).max() ?? 0)
  }

  private static let tolerance = 0.5 / 255

  private func full(smallest: Double, largest: Double) throws -> Double {
    if number.kind == .bool { return 1 }
    if number.isWhole {
      guard smallest >= 0, largest <= 65535 else {
        throw wrongValue(expected: "a whole number from 0 to 255, or to 65535") { (0...65535).contains($0) }
      }
      return largest > 255 ? (number.type == .int16 ? 32767 : 65535) : largest == 1 ? 1 : 255
    }
    let slack = Self.tolerance
    guard smallest >= -slack * (largest <= 1 + slack ? 1 : 255), largest <= 255 + 255 * slack else {
      throw wrongValue(expected: "a number from 0 to 1 or from 0 to 255") { (-slack...255 + 255 * slack).contains($0) }
    }
    guard largest <= 1 + slack || largest >= 2 else {
      throw DataError(
        file: file, expected: "numbers from 0 to 1 or from 0 to 255", found: "\(largest) as the largest",
        remedy: "Cut them off at 1 with numpy.clip, or save them as uint8.")
    }
    return largest <= 1 + slack ? 1 : 255
  }

  /// Every number as `convert` makes it, by all threads.
  private func converted<Value>(_ convert: @Sendable (Double) -> Value) -> [Value] {
    let number = number
    return [Value](unsafeUninitializedCapacity: count) { values, filled in
      nonisolated(unsafe) let values = values
      Threads.forEachRange(of: count, grain: 1 << 16) { range in
        bytes.withUnsafeBytes { bytes in
          for index in range {
            (values.baseAddress! + index).initialize(to: convert(number.double(bytes.baseAddress!, index)))
          }
        }
      }
      filled = count
    }
  }

  private func wrongValue(expected: String, isRight: (Double) -> Bool) -> DataError {
    let index = bytes.withUnsafeBytes { bytes in
      (0..<count).first { !isRight(number.double(bytes.baseAddress!, $0)) } ?? 0
    }
    var rest = index
    var place: [Int] = []
    for size in header.isFortran ? header.shape : header.shape.reversed() {
      place.append(rest % size)
      rest /= size
    }
    let text = (header.isFortran ? place : place.reversed()).map(String.init).joined(separator: ", ")
    let value = bytes.withUnsafeBytes { number.double($0.baseAddress!, index) }
    return DataError(
      file: file, place: "element [\(text)]", expected: expected,
      found: number.isWhole ? "\(Int(clamping: Int64(value)))" : "\(value)",
      remedy: "Scale the images, or replace what is no number, and save them again.")
  }

  /// With the last axis changing fastest.
  private func ordered<Value>(_ stored: [Value]) -> [Value] {
    guard header.isFortran, let first = header.shape.first else { return stored }
    // Read as (places, first axis): place by place, counted with the second axis changing fastest.
    let places = stored.count / first
    let order = Self.lastAxisFastest(Array(header.shape.dropFirst()))
    return [Value](unsafeUninitializedCapacity: stored.count) { target, filled in
      nonisolated(unsafe) let (stored, target) = (stored, target)
      Threads.forEachRange(of: first, grain: 64) { range in
        stored.withUnsafeBufferPointer { stored in
          for place in 0..<places {
            let to = order[place]
            for index in range {
              (target.baseAddress! + index * places + to).initialize(to: stored[place * first + index])
            }
          }
        }
      }
      filled = stored.count
    }
  }

  /// For each place of an array, counted with the first axis changing fastest: its number counted with the last one.
  private static func lastAxisFastest(_ shape: [Int]) -> [Int] {
    var order = [0]
    var stride = shape.reduce(1, *)
    for size in shape {
      stride /= size
      order = (0..<size).flatMap { step in order.map { $0 + step * stride } }
    }
    return order
  }
}
