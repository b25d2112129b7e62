import Support

extension ImageSet {
  /// The images stretched or squeezed to another size; proportions are not kept.
  ///
  /// Along an axis that shrinks, each new pixel is the mean of the area that it covers; along one that grows, it lies
  /// between the two nearest pixels' centres (bilinear).
  ///
  /// - Throws: `UsageError` for a size over the limits of `ImageSize`.
  public func resized(to size: ImageSize) throws -> ImageSet {
    let (height, width) = (size.height, size.width)
    if size == shape.imageSize { return self }
    guard size.isBelievable else {
      throw UsageError("\(size) is no size of an image", remedy: "Choose another size.")
    }
    let target = Shape(height: height, width: width, channels: shape.channels)
    let total = count.multipliedReportingOverflow(by: target.size)
    guard !total.overflow, total.partialValue <= ImageSize.mostBytes else {
      throw UsageError("\(count) images of \(target) are too large", remedy: "Choose a smaller size.")
    }
    let (rows, columns) = (Resampling(from: shape.height, to: height), Resampling(from: shape.width, to: width))
    let result = [UInt8](unsafeUninitializedCapacity: total.partialValue) { buffer, written in
      nonisolated(unsafe) let buffer = buffer
      Threads.forEachRange(of: count) { images in
        pixels.withUnsafeBufferPointer { pixels in
          var squeezed = [Float](repeating: 0, count: shape.height * width * shape.channels)
          for image in images {
            let source = UnsafeBufferPointer(rebasing: pixels[image * shape.size..<(image + 1) * shape.size])
            columns.apply(to: source, into: &squeezed, lines: shape.height, channels: shape.channels)
            let from = image * target.size
            rows.applyToRows(squeezed, rowLength: width * shape.channels) { buffer[from + $0] = $1 }
          }
        }
      }
      written = total.partialValue
    }
    var set = ImageSet(shape: target, pixels: result, labels: labels, name: name, source: source)
    set.copyNature(of: self)
    return set
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
  func apply(to source: UnsafeBufferPointer<UInt8>, into target: inout [Float], lines: Int, channels: Int) {
    let old = source.count / max(1, lines * channels)
    var at = 0
    for line in 0..<lines {
      for (first, weights) in zip(first, weights) {
        for channel in 0..<channels {
          var from = (line * old + first) * channels + channel
          var sum: Float = 0
          for weight in weights {
            sum += weight * Float(source[from])
            from += channels
          }
          target[at] = sum
          at += 1
        }
      }
    }
  }

  /// Over whole rows: (old, rowLength) to (new, rowLength), rounded to bytes.
  func applyToRows(_ source: [Float], rowLength: Int, store: (Int, UInt8) -> Void) {
    var at = 0
    for (first, weights) in zip(first, weights) {
      for column in 0..<rowLength {
        var from = first * rowLength + column
        var sum: Float = 0
        for weight in weights {
          sum += weight * source[from]
          from += rowLength
        }
        store(at, UInt8(min(max(sum.rounded(), 0), 255)))
        at += 1
      }
    }
  }
}
