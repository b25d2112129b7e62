import Distortions
import ImageSets
import Support

/// Rings of ink about a point, as a cup leaves them.
struct CoffeeStain: Distortion {
  static let name = "coffee-stain"

  /// How dark, from 0 to 255.
  var darkness = 90

  func apply(_ parameters: Parameters, to canvas: inout Canvas) {}
}
