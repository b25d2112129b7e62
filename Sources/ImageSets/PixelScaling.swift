import CKernels
import Support

/// The one place where pixels' bytes become the numbers 0…1 that networks and metrics take, and come back.
package enum PixelScaling {
  /// byte / 255: 0 is paper, 1 is ink.
  package static func number(_ byte: UInt8) -> Float { Float(byte) / 255 }

  /// The nearest byte; what lies outside 0…1 is cut off, and what is not a number becomes paper.
  package static func byte(_ number: Float) -> UInt8 {
    guard number > 0 else { return 0 }
    return number < 1 ? UInt8((number * 255).rounded()) : 255
  }

  /// `number` of each byte, into the front of `numbers`.
  package static func numbers(_ bytes: UnsafeBufferPointer<UInt8>, into numbers: UnsafeMutableBufferPointer<Float>) {
    precondition(numbers.count >= bytes.count, "too little room for the numbers")
    guard let source = bytes.baseAddress, let target = numbers.baseAddress else { return }
    kernels_pixels_to_floats(source, target, bytes.count)
  }

  /// `number` of each byte.
  package static func numbers(_ bytes: [UInt8]) -> [Float] {
    [Float](unsafeUninitializedCapacity: bytes.count) { buffer, count in
      bytes.withUnsafeBufferPointer { numbers($0, into: buffer) }
      count = bytes.count
    }
  }

  /// `byte` of each number.
  package static func bytes(_ numbers: [Float]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: numbers.count) { buffer, count in
      numbers.withUnsafeBufferPointer { numbers in
        nonisolated(unsafe) let (source, target) = (numbers.baseAddress, buffer.baseAddress)
        Threads.forEachRange(of: numbers.count, grain: 1 << 16) { range in
          guard let source, let target else { return }
          kernels_floats_to_pixels(source + range.lowerBound, target + range.lowerBound, range.count)
        }
      }
      count = numbers.count
    }
  }
}

extension ImageSet {
  /// The pixels of one image as numbers 0…1, (H, W, C).
  package func numbers(of image: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: shape.size) { buffer, count in
      numbers(at: image * shape.size..<(image + 1) * shape.size, into: buffer)
      count = shape.size
    }
  }

  /// A stretch of all pixels, counted as `pixels` counts them, as numbers 0…1 into the front of `buffer`.
  package func numbers(at range: Range<Int>, into buffer: UnsafeMutableBufferPointer<Float>) {
    if let values {
      _ = buffer.update(fromContentsOf: values[range])
    } else {
      pixels.withUnsafeBufferPointer { PixelScaling.numbers(.init(rebasing: $0[range]), into: buffer) }
    }
  }
}
