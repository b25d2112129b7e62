extension ImageSet {
  /// Brightness of a colour (Rec. ITU-R BT.601): 0.299 R + 0.587 G + 0.114 B, rounded.
  static func luma(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    let sum: Int = 299 * Int(red) + 587 * Int(green) + 114 * Int(blue)
    return UInt8((sum + 500) / 1000)
  }

  /// The images' brightness (Rec. ITU-R BT.601) in one channel; grey images stay as they are.
  package func convertedToGray() -> ImageSet {
    if shape.channels == 1 { return self }
    let target = Shape(height: shape.height, width: shape.width, channels: 1)
    if let values {
      return replacing(
        values: (0..<values.count / 3).map {
          0.299 * values[3 * $0] + 0.587 * values[3 * $0 + 1] + 0.114 * values[3 * $0 + 2]
        }, shape: target)
    }
    let gray = pixels.withUnsafeBufferPointer { pixels in
      (0..<pixels.count / 3).map { Self.luma(pixels[3 * $0], pixels[3 * $0 + 1], pixels[3 * $0 + 2]) }
    }
    return replacing(pixels: gray, shape: target)
  }

  /// The images in three channels, alike where they were grey.
  package func convertedToRGB() -> ImageSet {
    if shape.channels == 3 { return self }
    let target = Shape(height: shape.height, width: shape.width, channels: 3)
    return values.map { replacing(values: Self.tripled($0), shape: target) }
      ?? replacing(pixels: Self.tripled(pixels), shape: target)
  }

  private static func tripled<Value>(_ gray: [Value]) -> [Value] {
    [Value](unsafeUninitializedCapacity: gray.count * 3) { buffer, count in
      for (index, value) in gray.enumerated() {
        for channel in 0..<3 { (buffer.baseAddress! + 3 * index + channel).initialize(to: value) }
      }
      count = gray.count * 3
    }
  }

  /// Whether no pixel has a colour: many grey images are saved with three channels that are all alike.
  ///
  /// - Parameter tolerance: how far channels may differ; lossy formats round each on its own.
  func isGray(tolerance: Int = 0) -> Bool {
    if shape.channels == 1 { return true }
    if let values {
      return stride(from: 0, to: values.count, by: 3).allSatisfy { (red: Int) -> Bool in
        values[red] == values[red + 1] && values[red] == values[red + 2]
      }
    }
    return pixels.withUnsafeBufferPointer { pixels in
      stride(from: 0, to: pixels.count, by: 3).allSatisfy { (red: Int) -> Bool in
        abs(Int(pixels[red]) - Int(pixels[red + 1])) <= tolerance
          && abs(Int(pixels[red]) - Int(pixels[red + 2])) <= tolerance
      }
    }
  }
}

extension ImageSet {
  /// The same labels and names with images of another shape.
  func replacing(pixels: [UInt8], shape: Shape) -> ImageSet {
    var set = ImageSet(shape: shape, pixels: pixels, labels: labels, name: name, source: source)
    set.numbers = numbers
    set.copyNature(of: self)
    return set
  }

  func replacing(values: [Float], shape: Shape) -> ImageSet {
    var set = ImageSet(shape: shape, values: values, labels: labels, name: name, source: source)
    set.numbers = numbers
    set.copyNature(of: self)
    return set
  }
}
