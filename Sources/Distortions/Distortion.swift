import ImageSets
import Support

/// One way of distorting an image. A new one is a file with a type of this kind, and a line in `DistortionRegistry`.
///
/// Its stored properties are its settings, as they stand in a recipe file. What differs from image to image is
/// drawn first, as numbers, and then applied; a record of what was done is those same numbers.
package protocol Distortion: Codable, Hashable, Sendable {
  /// As recipe files call it: "gaussian-noise".
  static var name: String { get }
  /// What the first of `Parameters`' numbers are, in their order.
  static var parameterNames: [String] { get }
  /// Bytes of scratch memory that `apply` wants.
  static func scratchSize(for shape: ImageSet.Shape) -> Int

  /// What it does to the pixels.
  static var damage: Damage { get }

  /// With the report's settings, where it has this distortion.
  init()

  /// With the settings of a severity over 0, up to 1; nil where it is done or not, and nothing between.
  static func graded(_ severity: Double) -> Self?

  /// Throws when a setting is out of its range.
  func validate() throws(SettingFault)

  /// Draws what is random about one image's distortion, except noise.
  func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters

  /// Distorts the image in place; a function of `parameters` and the canvas alone. Leaves whole bytes: what is
  /// computed in floats is clamped to 0…255 and rounded before the next distortion sees it.
  func apply(_ parameters: Parameters, to canvas: inout Canvas)

  /// The orientation of a square image afterwards, of one that was upright before.
  func orientation(_ parameters: Parameters) -> Orientation

  /// The orientations that it can leave an image of such a shape in, with their probabilities.
  func orientations(for shape: ImageSet.Shape) -> [(orientation: Orientation, probability: Double)]
}

/// What became of an image's pixels, apart from its orientation; the worst of what befell it.
package enum Damage: Int, CaseIterable, Codable, Sendable, Comparable {
  /// At most moved.
  case none
  /// Noise, light, blur, lines: everything is still there, but not as it was.
  case degraded
  /// Part of the image is hidden.
  case occluded

  package static func < (a: Damage, b: Damage) -> Bool { a.rawValue < b.rawValue }
}

/// The numbers that a distortion drew for one image; those that it doesn't name are 0.
package typealias Parameters = SIMD8<Float>

extension Distortion {
  package static var parameterNames: [String] { [] }
  package static func scratchSize(for shape: ImageSet.Shape) -> Int { 0 }
  package func validate() throws(SettingFault) {}
  package func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters { .zero }
  package static var damage: Damage { .degraded }
  package func orientation(_ parameters: Parameters) -> Orientation { .upright }
  package func orientations(for shape: ImageSet.Shape) -> [(orientation: Orientation, probability: Double)] {
    [(.upright, 1)]
  }
}

/// An image under work.
package struct Canvas {
  package let shape: ImageSet.Shape
  /// (H, W, C)
  package let pixels: UnsafeMutablePointer<UInt8>
  /// As many bytes as the distortion asked for, aligned for floats; what they hold is anybody's guess.
  package let scratch: UnsafeMutableRawPointer
  /// The image's own noise.
  package var noise: NoiseStream

  package init(
    shape: ImageSet.Shape, pixels: UnsafeMutablePointer<UInt8>, scratch: UnsafeMutableRawPointer, noise: NoiseStream
  ) {
    self.shape = shape
    self.pixels = pixels
    self.scratch = scratch
    self.noise = noise
  }

  /// Pixels of one row, all channels: the distance from a pixel to the one below it.
  var stride: Int { shape.width * shape.channels }
}

/// Every distortion that a recipe can name.
package enum DistortionRegistry {
  /// In the order in which help and errors name them.
  package static let distortions: [any Distortion.Type] = [
    UpDownFlip.self, LeftRightFlip.self, Rotation.self, GaussianNoise.self, BrightnessGradient.self, Occlusion.self,
    Shear.self, SmallRotation.self, Translation.self, Blur.self, SaltAndPepper.self, Contrast.self, Stripes.self,
    Elastic.self, ToneCurve.self, ImpulseNoise.self, Speckle.self, Lines.self, MotionBlur.self, Handwriting.self,
  ]
}
