public import Distortions
public import ImageSets
import NeuralNetworks
import Support

/// A trained model that turns distorted images into clean ones: the only way to restore, whoever asks.
///
/// A model has one part, a network that restores what it is shown, or two: one that recognizes an image's orientation, which
/// is then undone to the bit, and one that restores the image once it is upright. What is undone, and whether pixels are
/// changed at all, is one decision (`DecisionRule`): whatever gives the image the best chance to be read right.
///
/// It may be used by several tasks at once: they come one after the other, each on all cores.
public final class Restorer: Sendable {
  package let model: Model
  private let recognizer: OrientationRecognizer?
  private let restorer: Predictor?
  private let inpainting: Inpainting

  /// From a model's file, a run's folder or the name of a shipped model.
  ///
  /// - Parameters:
  ///   - path: such as "model.safetensors", "runs/small" or `ShippedModels.corrector`.
  ///   - expected: how the images come to be as they are, for a model that recognizes orientations.
  /// - Throws: what `Model.open` throws; `UsageError` when the model answers with something else than images;
  ///   `ResourceError`.
  public convenience init(contentsOf path: String, expecting expected: Recipe = .expected) throws {
    try self.init(Model.open(path), expecting: expected)
  }

  /// Throws what `init(contentsOf:)` throws, but for files.
  public convenience init(_ model: Model, expecting expected: Recipe = .expected) throws {
    try self.init(model, precision: .float32, expecting: expected)
  }

  /// From a model's file, or the best one of a run's folder; throws what `Model.open` throws.
  package convenience init(
    contentsOf path: String, precision: Precision = .float32, expecting expected: Recipe = .expected,
    inpainting: Inpainting = .sharp
  ) throws {
    try self.init(Model.open(path), precision: precision, expecting: expected, inpainting: inpainting)
  }

  /// A model of this one part.
  package convenience init(_ checkpoint: Checkpoint) throws { try self.init(Model(checkpoint)) }

  /// - Parameters:
  ///   - precision: of the products; images of any size are restored in `float32`.
  ///   - expected: how the images come to be as they are, for a model that recognizes orientations.
  ///   - inpainting: what is drawn where something is hidden, by a model that tells damage.
  /// - Throws: `UsageError` when the model answers with something else than images or the processor has no such products,
  ///   `ResourceError`.
  package init(
    _ model: Model, precision: Precision = .float32, expecting expected: Recipe = .expected,
    inpainting: Inpainting = .sharp
  ) throws {
    self.inpainting = inpainting
    let restoration = model.restoration
    guard
      try restoration.map({
        try $0.plan.task != .classification && $0.architecture.outputShape() == $0.architecture.input
      }) ?? true
    else {
      throw UsageError("\(model.name) restores no images", remedy: "Name a model that was trained to restore.")
    }
    self.model = model
    recognizer = try model.orientation.map { try OrientationRecognizer($0, precision: precision, expected: expected) }
    restorer = try model.restoration.map { try Predictor($0, precision: precision) }
  }

  /// The same model, told otherwise how its images come to be as they are. Shares its networks: the two are used one after the
  /// other.
  ///
  /// - Throws: `DataError` for a recipe that is none.
  public func expecting(_ expected: Recipe) throws -> Restorer { try Restorer(self, expecting: expected) }

  private init(_ other: Restorer, expecting expected: Recipe) throws {
    (model, restorer, inpainting) = (other.model, other.restorer, other.inpainting)
    recognizer = try other.recognizer?.expecting(expected)
  }

  /// What it is called.
  package var name: String { model.name }

  /// What images must be like, but for their size where it takes any; nil for a network that takes no images.
  public var shape: ImageSet.Shape? { model.shape }

  /// Whether images may have any height and width; large ones are restored in tiles.
  package var takesAnySize: Bool { model.takesAnySize }

  /// Whether the model recognizes orientations.
  package var findsOrientations: Bool { recognizer != nil }

  /// Restored images, as bytes or, where the images have `values`, with such of their own.
  ///
  /// - Throws: `UsageError` when the images' size is not the network's.
  public func restore(_ set: ImageSet) throws -> ImageSet {
    try model.check(set, verb: "restores")
    // Large images of bytes are not held as floats.
    if set.values == nil, let bytes = try restorer?.bytes(of: set) {
      return set.replacingPixels(bytes, name: "\(set.name), restored")
    }
    return try restoration(of: set).images
  }

  /// Restored images as numbers 0…1, where a network drew them not rounded to bytes. (N, H, W, C)
  ///
  /// - Throws: `UsageError` when the images' size is not the network's.
  package func estimate(_ set: ImageSet) throws -> [Float] {
    try restoration(of: set).numbers
  }

  /// Each image's orientation; nil from a model that does not recognize them.
  ///
  /// - Throws: `UsageError` when the images' size is not the network's.
  package func orientations(of set: ImageSet) throws -> [OrientationPrediction]? {
    try model.check(set, verb: "restores")
    return try recognizer?.find(in: set)
  }

  /// How probable it is that each image is upright, where every orientation is as frequent as any other; nil from a model
  /// that recognizes none.
  ///
  /// - Throws: `UsageError` when the images' size is not the network's.
  package func uprightProbabilities(of set: ImageSet) throws -> [Float]? {
    try model.check(set, verb: "restores")
    return try recognizer?.uprightProbabilities(of: set)
  }

  /// Restored images with what was found of each.
  ///
  /// - Parameters:
  ///   - set: the images, as the model takes them.
  ///   - threshold: images whose orientation is less probable than this are left as they are; 0 leaves none.
  /// - Throws: `UsageError` when the images' size is not the network's, or a threshold is given to a model that
  ///   finds no orientations.
  public func restoration(of set: ImageSet, ifSureBy threshold: Float = 0) throws -> RestoredSet {
    try model.check(set, verb: "restores")
    guard threshold <= 0 || findsOrientations else {
      throw UsageError(
        "\(name) does not say how sure it is",
        remedy: "Choose a model that recognizes orientations, such as one trained by tiddu train --preset tiddu-small.")
    }
    let (numbers, findings, unchanged) = try correct(set, ifSureBy: threshold)
    let name = "\(set.name), restored"
    return RestoredSet(
      images: set.values == nil
        ? set.replacingPixels(PixelScaling.bytes(numbers), name: name) : set.replacingValues(numbers, name: name),
      numbers: numbers, findings: findings, unchanged: unchanged)
  }
}

// MARK: - Two parts

extension Restorer {
  private typealias Corrected = (numbers: [Float], findings: [OrientationPrediction]?, unchanged: [Int])

  private func correct(_ set: ImageSet, ifSureBy threshold: Float) throws -> Corrected {
    guard let recognizer else { return (try restorer?.outputs(of: set) ?? [], nil, []) }
    let findings = try recognizer.find(in: set)
    let isSure = findings.map { $0.probability >= threshold }
    let turned = set.oriented { isSure[$0] ? findings[$0].orientation.inverse : .upright }
    let damaged = restorer == nil ? [] : findings.indices.filter { isSure[$0] && findings[$0].wantsRestoration }
    let isRestored = Set(damaged)
    let unchanged = findings.indices.filter {
      !isSure[$0] || findings[$0].orientation == .upright && !isRestored.contains($0)
    }
    var numbers = turned.withValues.values ?? []
    guard let restorer, !damaged.isEmpty else { return (numbers, findings, unchanged) }
    let size = set.shape.size
    let restored = try restorer.outputs(of: damaged.count == set.count ? turned : turned.selecting(damaged))
    for (place, image) in damaged.enumerated() {
      let own = image * size..<(image + 1) * size
      restored.withUnsafeBufferPointer { restored in
        numbers.withUnsafeMutableBufferPointer { numbers in
          inpainting.put(
            .init(rebasing: restored[place * size..<(place + 1) * size]), over: .init(rebasing: numbers[own]),
            isOccluded: findings[image].damage == .occluded)
        }
      }
    }
    return (numbers, findings, unchanged)
  }
}

/// Restored images, and what the model said of them.
public struct RestoredSet: Sendable {
  /// In the order of those that were given.
  public var images: ImageSet
  /// The same as numbers 0…1, where a network drew them not rounded to bytes. (N, H, W, C)
  package var numbers: [Float]
  /// Each image's orientation; nil from a model that does not look at that.
  public var findings: [OrientationPrediction]?
  /// Numbers of the images that were left as they were: they need nothing, or the model was unsure of their orientation.
  public var unchanged: [Int]
}
