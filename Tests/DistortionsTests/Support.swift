import Distortions
import ImageSets
import Support
import TestSupport

/// The set distorted by one distortion alone, and what was drawn for each image.
func distort(
  _ set: ImageSet, by distortion: some Distortion, seed: UInt64 = 11
) throws -> (pixels: [[UInt8]], drawn: [[String: Float]]) {
  let distorter = try Recipe(name: "test", steps: [.init(distortion)]).compiled(for: set.shape)
  let distorted = distorter.apply(to: set, seed: seed)
  let drawn = try (0..<set.count).map { index in
    let record = distorter.record(seed: seed, index: index)
    guard record.distortions.count == 1 else { throw UsageError("\(record)", remedy: "one distortion is wanted") }
    return record.distortions[0].parameters
  }
  return (images(distorted), drawn)
}

func images(_ set: ImageSet) -> [[UInt8]] {
  (0..<set.count).map { Array(set.pixels[$0 * set.shape.size..<($0 + 1) * set.shape.size]) }
}

/// An image made anew: each pixel's place (row, column, channel) gives its value.
func image(_ shape: ImageSet.Shape, _ value: (Int, Int, Int) -> UInt8) -> [UInt8] {
  (0..<shape.size).map { place in
    value(
      place / (shape.width * shape.channels), place / shape.channels % shape.width, place % shape.channels)
  }
}

/// Square and not, both parities of H − W, one and three channels, one pixel, and a strip.
let shapes: [ImageSet.Shape] = [
  .init(height: 28, width: 28, channels: 1), .init(height: 5, width: 9, channels: 3),
  .init(height: 8, width: 5, channels: 1), .init(height: 6, width: 6, channels: 3),
  .init(height: 1, width: 1, channels: 1), .init(height: 2, width: 3000, channels: 3),
  .init(height: 1, width: 777, channels: 1),
]

func ramp(_ shape: ImageSet.Shape, count: Int = 12) -> ImageSet {
  TinyImages.ramp(count: count, height: shape.height, width: shape.width, channels: shape.channels)
}

/// An image after a distortion for which these numbers were drawn.
func apply(
  _ distortion: some Distortion, drawn parameters: Parameters = .zero, to image: [UInt8], of shape: ImageSet.Shape
) -> [UInt8] {
  withCanvas(image, shape, scratchSize: type(of: distortion).scratchSize(for: shape)) {
    distortion.apply(parameters, to: &$0)
  }
}

/// What has become of an image after something was done to it.
func withCanvas(
  _ image: [UInt8], _ shape: ImageSet.Shape, scratchSize: Int, _ body: (inout Canvas) -> Void
) -> [UInt8] {
  var pixels = image
  pixels.withUnsafeMutableBufferPointer { pixels in
    withUnsafeTemporaryAllocation(byteCount: max(1, scratchSize), alignment: 64) { scratch in
      var canvas = Canvas(
        shape: shape, pixels: pixels.baseAddress!, scratch: scratch.baseAddress!,
        noise: NoiseStream(seed: 11, epoch: 0, index: 0))
      body(&canvas)
    }
  }
  return pixels
}
