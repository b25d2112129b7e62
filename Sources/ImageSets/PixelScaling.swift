/// The one place where pixels' bytes become the numbers 0…1 that networks and metrics take, and come back.
public enum PixelScaling {
  /// byte / 255: 0 is paper, 1 is ink.
  public static func number(_ byte: UInt8) -> Float { numbers[Int(byte)] }

  /// The nearest byte; what lies outside 0…1 is cut off, and what is not a number becomes paper.
  public static func byte(_ number: Float) -> UInt8 {
    guard number > 0 else { return 0 }
    return number < 1 ? UInt8((number * 255).rounded()) : 255
  }

  private static let numbers = (0...255).map { Float($0) / 255 }
}

extension ImageSet {
  /// The pixels of one picture as numbers 0…1, (H, W, C).
  public func numbers(of picture: Int) -> [Float] {
    pixels[picture * shape.size..<(picture + 1) * shape.size].map(PixelScaling.number)
  }
}
