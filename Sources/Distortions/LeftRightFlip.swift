import ImageSets
import Support

/// Columns in reverse order: out(y, x) = in(y, W − 1 − x).
package struct LeftRightFlip: BuiltInDistortion {
  package static let name = "left-right-flip"

  package static let damage = Damage.none

  package init() {}

  package init(from decoder: any Decoder) throws {
    _ = try SettingsReader(decoder, known: [])
  }

  package func orientation(_ parameters: Parameters) -> Orientation { .leftRightFlip }

  package func orientations(for shape: ImageSet.Shape) -> [(orientation: Orientation, probability: Double)] {
    [(.leftRightFlip, 1)]
  }

  package func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    for row in 0..<canvas.shape.height {
      reversePixels(canvas.pixels + row * canvas.stride, count: canvas.shape.width, channels: canvas.shape.channels)
    }
  }
}

/// Puts `count` pixels in reverse order, each pixel's channels kept as they are.
func reversePixels(_ pixels: UnsafeMutablePointer<UInt8>, count: Int, channels: Int) {
  var left = pixels
  var right = pixels + (count - 1) * channels
  while left < right {
    for channel in 0..<channels { swap(&left[channel], &right[channel]) }
    left += channels
    right -= channels
  }
}
