import Support

extension ImageSet {
  /// The images at another size with their proportions kept: as large as fits, in the middle, and the rest filled with
  /// each image's own background, its most frequent brightness.
  ///
  /// - Throws: `UsageError` for a size over the limits of `ImageSize`.
  package func fitted(in size: ImageSize) throws -> ImageSet {
    let scale = min(Double(size.height) / Double(shape.height), Double(size.width) / Double(shape.width))
    let inner = ImageSize(
      height: min(size.height, max(1, Int((Double(shape.height) * scale).rounded()))),
      width: min(size.width, max(1, Int((Double(shape.width) * scale).rounded()))))
    try checkRoom(for: size)
    let scaled = try resized(to: inner)
    if inner == size { return scaled }
    let target = Shape(height: size.height, width: size.width, channels: shape.channels)
    let backgrounds = (0..<count).map(background)
    if let values = scaled.values {
      return scaled.replacing(
        values: scaled.padded(values, to: target, with: backgrounds.map { $0.map { $0 / 255 } }), shape: target)
    }
    let bytes = backgrounds.map { $0.map { UInt8($0.rounded()) } }
    return scaled.replacing(pixels: scaled.padded(scaled.pixels, to: target, with: bytes), shape: target)
  }

  /// One image of writing that was cut out closely, on so much more of its background that the writing's longer side takes
  /// 20 of 28 parts, as in MNIST and its kin. Images with room around the writing, and those that are no writing, stay as
  /// they are.
  var withMargins: ImageSet {
    let gray = convertedToGray().pixels
    let histogram = Histogram(gray[...])
    let paper = histogram.background
    // Ink on a crop may take more than half of it.
    guard histogram.count(in: paper) * 10 > gray.count * 3 else { return self }
    let ink = gray.map { !paper.contains(Int($0)) }
    let rows = (0..<shape.height).map { row in ink[row * shape.width..<(row + 1) * shape.width].count { $0 } }
    let columns = (0..<shape.width).map { column in (0..<shape.height).count { ink[$0 * shape.width + column] } }
    guard let top = rows.firstIndex(where: { $0 > 0 }), let bottom = rows.lastIndex(where: { $0 > 0 }),
      let left = columns.firstIndex(where: { $0 > 0 }), let right = columns.lastIndex(where: { $0 > 0 })
    else { return self }
    // Strokes fade into the paper, and a line along a whole edge is a frame.
    let isFramed =
      [rows[top], rows[bottom]].contains { $0 * 10 > shape.width * 6 }
      && [columns[left], columns[right]].contains { $0 * 10 > shape.height * 6 }
    let isCut = (bottom - top + 1) * 10 >= shape.height * 9 && (right - left + 1) * 10 >= shape.width * 9
    guard isCut, !isFramed else { return self }
    let side = (max(shape.height, shape.width) * 28 + 19) / 20
    let target = Shape(height: side, width: side, channels: shape.channels)
    let color = self.background(of: 0)
    return values.map { replacing(values: padded($0, to: target, with: [color.map { $0 / 255 }]), shape: target) }
      ?? replacing(pixels: padded(pixels, to: target, with: [color.map { UInt8($0.rounded()) }]), shape: target)
  }

  /// The images stretched or squeezed to another size; proportions are not kept.
  ///
  /// Along an axis that shrinks, each new pixel is the mean of the area that it covers; along one that grows, it lies
  /// between the two nearest pixels' centres (bilinear).
  ///
  /// - Throws: `UsageError` for a size over the limits of `ImageSize`.
  package func resized(to size: ImageSize) throws -> ImageSet {
    if size == shape.imageSize { return self }
    try checkRoom(for: size)
    let target = Shape(height: size.height, width: size.width, channels: shape.channels)
    if values != nil {
      return replacing(values: resampled(to: target) { $0 }, shape: target)
    }
    return replacing(pixels: resampled(to: target, PixelScaling.byte), shape: target)
  }

  private func checkRoom(for size: ImageSize) throws {
    guard size.isBelievable else {
      throw UsageError("\(size) is no size of an image", remedy: "Choose another size.")
    }
    let target = Shape(height: size.height, width: size.width, channels: shape.channels)
    let total = count.multipliedReportingOverflow(by: target.size)
    guard !total.overflow, total.partialValue <= ImageSize.mostBytes else {
      throw UsageError("\(count) images of \(target) are too large", remedy: "Choose a smaller size.")
    }
  }

  private func resampled<Value>(to target: Shape, _ store: @Sendable (Float) -> Value) -> [Value] {
    let rows = Resampling(from: shape.height, to: target.height)
    let columns = Resampling(from: shape.width, to: target.width)
    let total = count * target.size
    return [Value](unsafeUninitializedCapacity: total) { buffer, written in
      nonisolated(unsafe) let buffer = buffer
      Threads.forEachRange(of: count) { images in
        var squeezed = [Float](repeating: 0, count: shape.height * target.width * shape.channels)
        var source = [Float](repeating: 0, count: shape.size)
        for image in images {
          source.withUnsafeMutableBufferPointer {
            numbers(at: image * shape.size..<(image + 1) * shape.size, into: $0)
          }
          columns.apply(to: source, into: &squeezed, lines: shape.height, channels: shape.channels)
          let first = buffer.baseAddress! + image * target.size
          rows.applyToRows(squeezed, rowLength: target.width * shape.channels) {
            (first + $0).initialize(to: store($1))
          }
        }
      }
      written = total
    }
  }

  /// Each image in the middle of a larger one that has its background's value in each channel.
  private func padded<Value>(_ all: [Value], to target: Shape, with backgrounds: [[Value]]) -> [Value] {
    let (top, left) = ((target.height - shape.height) / 2, (target.width - shape.width) / 2)
    let length = shape.width * shape.channels
    var result: [Value] = []
    result.reserveCapacity(count * target.size)
    for image in 0..<count {
      let background = backgrounds[image]
      func fill(_ pixels: Int) { for _ in 0..<pixels { result += background } }
      fill(top * target.width)
      for row in 0..<shape.height {
        let from = image * shape.size + row * length
        fill(left)
        result += all[from..<from + length]
        fill(target.width - left - shape.width)
      }
      fill((target.height - top - shape.height) * target.width)
    }
    return result
  }

  /// The mean of those pixels of an image that are about as bright as most, 0…255 in each channel.
  private func background(of image: Int) -> [Float] {
    let gray = selecting([image]).convertedToGray().pixels
    let range = Histogram(gray[...]).background
    var sums = [Float](repeating: 0, count: shape.channels)
    var count: Float = 0
    for (place, brightness) in gray.enumerated() where range.contains(Int(brightness)) {
      for channel in sums.indices {
        sums[channel] += Float(pixels[image * shape.size + place * shape.channels + channel])
      }
      count += 1
    }
    return sums.map { $0 / max(1, count) }
  }
}

/// How much each old pixel along an axis adds to each new one.
private struct Resampling: Sendable {
  /// For each new pixel, the first old one that counts
  var first: [Int] = []
  /// and the weights of it and those after it, which sum to 1.
  var weights: [[Float]] = []

  init(from old: Int, to new: Int) {
    let scale = Double(old) / Double(new)
    for index in 0..<new {
      if new < old {
        let (start, end) = (Double(index) * scale, min(Double(index + 1) * scale, Double(old)))
        let pixels = Int(start)..<min(old, max(Int(start) + 1, Int(end.rounded(.up))))
        first.append(pixels.lowerBound)
        weights.append(pixels.map { Float((min(end, Double($0 + 1)) - max(start, Double($0))) / scale) })
      } else {
        let center = min(max((Double(index) + 0.5) * scale - 0.5, 0), Double(old - 1))
        let part = Float(center - center.rounded(.down))
        first.append(Int(center))
        weights.append(part == 0 ? [1] : [1 - part, part])
      }
    }
  }

  /// Along the pixels of each line: (lines, old, C) to (lines, new, C).
  func apply(to source: [Float], into target: inout [Float], lines: Int, channels: Int) {
    let old = source.count / max(1, lines * channels)
    var at = 0
    for line in 0..<lines {
      for (first, weights) in zip(first, weights) {
        for channel in 0..<channels {
          var from = (line * old + first) * channels + channel
          var sum: Float = 0
          for weight in weights {
            sum += weight * source[from]
            from += channels
          }
          target[at] = sum
          at += 1
        }
      }
    }
  }

  /// Over whole rows: (old, rowLength) to (new, rowLength).
  func applyToRows(_ source: [Float], rowLength: Int, store: (Int, Float) -> Void) {
    var at = 0
    for (first, weights) in zip(first, weights) {
      for column in 0..<rowLength {
        var from = first * rowLength + column
        var sum: Float = 0
        for weight in weights {
          sum += weight * source[from]
          from += rowLength
        }
        store(at, min(max(sum, 0), 1))
        at += 1
      }
    }
  }
}
