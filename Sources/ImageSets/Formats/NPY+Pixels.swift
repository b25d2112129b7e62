import Support

extension NPYArray {
  /// The array as bytes, (N, H, W, C).
  ///
  /// Floats whose largest is at most 1 are taken for 0…1 and multiplied by 255, others for 0…255; both are rounded.
  /// A largest between 1 and 2 fits neither and is an error, as are NaN, infinities, and numbers below 0 or over 255.
  func pixels() throws -> [UInt8] {
    guard number.isPixel else {
      throw NPYNumber.refusal(file, header.type, NPYNumber.remedy(for: header.type))
    }
    let stored = number.kind == .float ? try bytesFromFloats() : bytes
    return header.isFortran ? transposed(stored) : stored
  }

  private func bytesFromFloats() throws -> [UInt8] {
    let count = bytes.count / number.size
    let number = number
    let checked = Threads.mapRanges(of: count, grain: 1 << 16) { range in
      bytes.withUnsafeBytes { bytes in
        var largest = 0.0
        for index in range {
          let value = number.float(bytes.baseAddress!, index)
          guard value >= 0, value <= 255 else { return (largest, wrong: Optional(index)) }
          largest = max(largest, value)
        }
        return (largest, wrong: nil)
      }
    }
    if let wrong = checked.compactMap(\.wrong).first { throw wrongValue(at: wrong) }
    let largest = checked.map(\.0).max() ?? 0
    guard largest <= 1 || largest >= 2 else {
      throw DataError(
        file: file, expected: "numbers from 0 to 1 or from 0 to 255", found: "\(largest) as the largest",
        remedy: "Cut them off at 1 with numpy.clip, or save them as uint8.")
    }
    let scale: Double = largest <= 1 ? 255 : 1
    return [UInt8](unsafeUninitializedCapacity: count) { pixels, filled in
      nonisolated(unsafe) let pixels = pixels
      Threads.forEachRange(of: count, grain: 1 << 16) { range in
        bytes.withUnsafeBytes { bytes in
          // All are within 0…255 here, so that the conversion cannot fail.
          for index in range {
            pixels[index] = UInt8(truncatingIfNeeded: Int32(number.float(bytes.baseAddress!, index) * scale + 0.5))
          }
        }
      }
      filled = count
    }
  }

  private func wrongValue(at index: Int) -> DataError {
    var rest = index
    var place: [Int] = []
    for size in header.isFortran ? header.shape : header.shape.reversed() {
      place.append(rest % size)
      rest /= size
    }
    let text = (header.isFortran ? place : place.reversed()).map(String.init).joined(separator: ", ")
    let value = bytes.withUnsafeBytes { number.float($0.baseAddress!, index) }
    return DataError(
      file: file, place: "element [\(text)]", expected: "a number from 0 to 1 or from 0 to 255", found: "\(value)",
      remedy: "Scale the images, or replace what is no number, and save them again.")
  }

  /// From the first axis changing fastest to the last.
  private func transposed(_ stored: [UInt8]) -> [UInt8] {
    guard let first = header.shape.first else { return stored }
    // Read as (places, first axis): place by place, counted with the second axis changing fastest.
    let places = stored.count / first
    let order = Self.lastAxisFastest(Array(header.shape.dropFirst()))
    return [UInt8](unsafeUninitializedCapacity: stored.count) { pixels, filled in
      nonisolated(unsafe) let pixels = pixels
      Threads.forEachRange(of: first, grain: 64) { range in
        stored.withUnsafeBufferPointer { stored in
          for place in 0..<places {
            let target = order[place]
            for index in range { pixels[index * places + target] = stored[place * first + index] }
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
