import CKernels

/// Bytes 0…255 and the numbers 0…1 that networks see; the only place where one becomes the other.
public enum PixelScaling {
  /// pixel / 255
  public static func toUnit(_ pixels: UnsafeBufferPointer<UInt8>, into floats: UnsafeMutableBufferPointer<Float>) {
    precondition(floats.count >= pixels.count, "too little room for the numbers")
    guard let source = pixels.baseAddress, let target = floats.baseAddress else { return }
    kernels_pixels_to_floats(source, target, pixels.count)
  }

  public static func toUnit(_ pixels: [UInt8]) -> [Float] {
    [Float](unsafeUninitializedCapacity: pixels.count) { buffer, count in
      pixels.withUnsafeBufferPointer { toUnit($0, into: buffer) }
      count = pixels.count
    }
  }

  /// Rounded to the nearest byte and clamped; what is not a number becomes 0.
  public static func toPixels(_ floats: [Float]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: floats.count) { buffer, count in
      if let target = buffer.baseAddress { kernels_floats_to_pixels(floats, target, floats.count) }
      count = floats.count
    }
  }
}
