public import ImageSets
public import Support
import Synchronization

/// One way of distorting an image. A new one is a type of this kind, made known by `DistortionRegistry.register`; those of the
/// package stand in that registry.
///
/// Its stored properties are its settings, as they stand in a recipe file. What differs from image to image is
/// drawn first, as numbers, and then applied; a record of what was done is those same numbers.
public protocol Distortion: Codable, Hashable, Sendable {
  /// As recipe files call it: "gaussian-noise".
  static var name: String { get }

  /// With the settings that it has where a recipe names none.
  init()

  /// Draws what is random about one image's distortion.
  func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters

  /// Distorts the image in place; a function of `parameters` and the canvas alone. Leaves whole bytes: what is
  /// computed in floats is clamped to 0…255 and rounded before the next distortion sees it.
  func apply(_ parameters: Parameters, to canvas: inout Canvas)
}

/// What the package's own distortions say beside that; `Distortion`'s extension answers for all others.
package protocol BuiltInDistortion: Distortion {
  /// What it does to the pixels.
  static var damage: Damage { get }
  /// What the first of `Parameters`' numbers are, in their order.
  static var parameterNames: [String] { get }
  /// Bytes of scratch memory that `apply` wants.
  static func scratchSize(for shape: ImageSet.Shape) -> Int

  /// With the settings of a severity over 0, up to 1; nil where it is done or not, and nothing between.
  static func graded(_ severity: Double) -> Self?

  /// Throws when a setting is out of its range.
  func validate() throws(SettingFault)

  /// The orientation of a square image afterwards, of one that was upright before.
  func orientation(_ parameters: Parameters) -> Orientation

  /// The orientations that it can leave an image of such a shape in, with their probabilities.
  func orientations(for shape: ImageSet.Shape) -> [(orientation: Orientation, probability: Double)]
}

extension BuiltInDistortion {
  package static var damage: Damage { .degraded }
  package static var parameterNames: [String] { [] }
  package static func scratchSize(for shape: ImageSet.Shape) -> Int { 0 }
  package func validate() throws(SettingFault) {}
  package func orientation(_ parameters: Parameters) -> Orientation { .upright }
  package func orientations(for shape: ImageSet.Shape) -> [(orientation: Orientation, probability: Double)] {
    [(.upright, 1)]
  }
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
public typealias Parameters = SIMD8<Float>

extension Distortion {
  public func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters { .zero }
}

extension Distortion {
  private static var builtIn: (any BuiltInDistortion.Type)? { self as? any BuiltInDistortion.Type }
  private var builtIn: (any BuiltInDistortion)? { self as? any BuiltInDistortion }

  package static var damage: Damage { builtIn?.damage ?? .degraded }
  package static var parameterNames: [String] { builtIn?.parameterNames ?? [] }
  package static func scratchSize(for shape: ImageSet.Shape) -> Int { builtIn?.scratchSize(for: shape) ?? 0 }
  package static func graded(_ severity: Double) -> (any Distortion)? { builtIn?.graded(severity) }
  package func validate() throws(SettingFault) { try builtIn?.validate() }
  package func orientation(_ parameters: Parameters) -> Orientation { builtIn?.orientation(parameters) ?? .upright }
  package func orientations(for shape: ImageSet.Shape) -> [(orientation: Orientation, probability: Double)] {
    builtIn?.orientations(for: shape) ?? [(.upright, 1)]
  }
}

/// An image under work.
public struct Canvas {
  /// Of the image.
  public let shape: ImageSet.Shape
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

  /// One number of a pixel, from 0 to 255.
  ///
  /// - Precondition: it lies within the image.
  public subscript(row: Int, column: Int, channel: Int = 0) -> UInt8 {
    get { pixels[place(row, column, channel)] }
    nonmutating set { pixels[place(row, column, channel)] = newValue }
  }

  private func place(_ row: Int, _ column: Int, _ channel: Int) -> Int {
    precondition(
      (0..<shape.height).contains(row) && (0..<shape.width).contains(column) && (0..<shape.channels).contains(channel),
      "row \(row), column \(column), channel \(channel) of an image of \(shape)")
    return (row * shape.width + column) * shape.channels + channel
  }

  /// Pixels of one row, all channels: the distance from a pixel to the one below it.
  var stride: Int { shape.width * shape.channels }
}

/// Every distortion that a recipe can name.
public enum DistortionRegistry {
  /// In the order in which help and errors name them.
  package static let builtIn: [any Distortion.Type] = [
    UpDownFlip.self, LeftRightFlip.self, Rotation.self, GaussianNoise.self, BrightnessGradient.self, Occlusion.self,
    Shear.self, SmallRotation.self, Translation.self, Blur.self, SaltAndPepper.self, Contrast.self, Stripes.self,
    Elastic.self, ToneCurve.self, ImpulseNoise.self, Speckle.self, Lines.self, MotionBlur.self, Handwriting.self,
  ]

  private static let added = Mutex<[any Distortion.Type]>([])

  /// Lets recipe files name a distortion of somebody's own; to be called before any is read.
  ///
  /// - Precondition: no other distortion has its name.
  public static func register(_ type: any Distortion.Type) {
    added.withLock { added in
      if added.contains(where: { $0 == type }) { return }
      precondition(
        !(builtIn + added).contains { $0.name == type.name }, "there is a distortion \(type.name) already")
      added.append(type)
    }
  }

  package static var distortions: [any Distortion.Type] { builtIn + added.withLock { $0 } }
}
