import Distortions
import ImageSets
import Support

/// Rings of ink about a point, as a cup leaves them.
struct CoffeeStain: Distortion {
  static let name = "coffee-stain"

  /// How dark, from 0 to 255.
  var darkness = 90

  /// Where the ring is, and how wide.
  func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    var drawn = Parameters.zero
    drawn[0] = generator.uniform(in: 0...Float(shape.height))
    drawn[1] = generator.uniform(in: 0...Float(shape.width))
    drawn[2] = generator.uniform(in: 4...10)
    return drawn
  }

  func apply(_ parameters: Parameters, to canvas: inout Canvas) {}
}
