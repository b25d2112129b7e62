import ImageSets
import Support

/// One value a pixel, row by row: a page's brightness, or how dark its ink is.
struct GrayPlane: Sendable {
  let width: Int
  let height: Int
  /// (y, x)
  var pixels: [UInt8]

  init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(pixels.count == width * height, "one value a pixel is wanted")
    (self.width, self.height, self.pixels) = (width, height, pixels)
  }

  var longestSide: Int { max(width, height) }

  /// At a place between pixels, whose centres have whole numbers; beyond the edges their nearest pixel's.
  func value(x: Float, y: Float) -> Float {
    let (x, y) = (min(max(x, 0), Float(width - 1)), min(max(y, 0), Float(height - 1)))
    let (left, top) = (Int(x), Int(y))
    let (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
    let (across, down) = (x - Float(left), y - Float(top))
    return pixels.withUnsafeBufferPointer { pixels in
      func between(_ row: Int) -> Float {
        let first = Float(pixels[row * width + left])
        return first + across * (Float(pixels[row * width + right]) - first)
      }
      let upper = between(top)
      return upper + down * (between(bottom) - upper)
    }
  }

  /// The same at another scale: means of areas where it shrinks, between pixels where it grows.
  func scaled(to size: ImageSize) throws -> GrayPlane {
    let set = ImageSet(
      shape: .init(height: height, width: width, channels: 1), pixels: pixels, name: "page", source: "page")
    return GrayPlane(width: size.width, height: size.height, pixels: try set.resized(to: size).pixels)
  }
}
