extension ImageSet {
  /// Brightness of a colour (Rec. ITU-R BT.601): 0.299 R + 0.587 G + 0.114 B, rounded.
  static func luma(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    let sum: Int = 299 * Int(red) + 587 * Int(green) + 114 * Int(blue)
    return UInt8((sum + 500) / 1000)
  }

  /// The images' brightness (Rec. ITU-R BT.601) in one channel; grey images stay as they are.
  public func convertedToGray() -> ImageSet {
    if shape.channels == 1 { return self }
    let gray = pixels.withUnsafeBufferPointer { pixels in
      (0..<pixels.count / 3).map { Self.luma(pixels[3 * $0], pixels[3 * $0 + 1], pixels[3 * $0 + 2]) }
    }
    return replacing(gray, channels: 1)
  }

  /// The images in three channels, alike where they were grey.
  public func convertedToRGB() -> ImageSet {
    if shape.channels == 3 { return self }
    let color = [UInt8](unsafeUninitializedCapacity: pixels.count * 3) { buffer, count in
      for (index, value) in pixels.enumerated() {
        for channel in 0..<3 { buffer[3 * index + channel] = value }
      }
      count = pixels.count * 3
    }
    return replacing(color, channels: 3)
  }

  /// Whether no pixel has a colour: many grey images are saved with three channels that are all alike.
  var isGray: Bool {
    if shape.channels == 1 { return true }
    return pixels.withUnsafeBufferPointer { pixels in
      stride(from: 0, to: pixels.count, by: 3).allSatisfy { (red: Int) -> Bool in
        pixels[red] == pixels[red + 1] && pixels[red] == pixels[red + 2]
      }
    }
  }

  private func replacing(_ pixels: [UInt8], channels: Int) -> ImageSet {
    var set = ImageSet(
      shape: Shape(height: shape.height, width: shape.width, channels: channels), pixels: pixels, labels: labels,
      name: name, source: source)
    set.copyNature(of: self)
    return set
  }
}
