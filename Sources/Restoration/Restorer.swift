import Distortions
import ImageSets
import NeuralNetworks
import Support

/// A trained model that turns distorted images into clean ones: the only way to restore, whoever asks.
///
/// A model has one part, a network that restores what it is shown, or two: one that recognizes an image's orientation, which
/// is then undone to the bit, and one that restores the image once it is upright. Such a model does no harm where
/// nothing is to be done: what restoration would hardly change keeps its pixels, and is turned only where that is sure.
public final class Restorer {
  public let model: Model
  private let recognizer: OrientationRecognizer?
  private let restorer: Predictor?

  /// From a model's file, or the best one of a run's folder; throws what `Model.open` throws.
  public convenience init(contentsOf path: String, precision: Precision = .float32) throws {
    try self.init(Model.open(path), precision: precision)
  }

  /// A model of this one part.
  public convenience init(_ checkpoint: Checkpoint) throws { try self.init(Model(checkpoint)) }

  /// - Parameter precision: of the products; images of any size are restored in `float32`.
  /// - Throws: `UsageError` when the model answers with something else than images or the processor has no such products,
  ///   `ResourceError`.
  public init(_ model: Model, precision: Precision = .float32) throws {
    let restoration = model.restoration
    guard
      try restoration.map({
        try $0.plan.task != .classification && $0.architecture.outputShape() == $0.architecture.input
      }) ?? true
    else {
      throw UsageError("\(model.name) restores no images", remedy: "Name a model that was trained to restore.")
    }
    self.model = model
    recognizer = try model.orientation.map { try OrientationRecognizer($0, precision: precision) }
    restorer = try model.restoration.map { try Predictor($0, precision: precision) }
  }

  /// What it is called.
  public var name: String { model.name }

  /// What images must be like, but for their size where it takes any; nil for a network that takes no images.
  public var shape: ImageSet.Shape? { model.shape }

  /// Whether images may have any height and width; large ones are restored in tiles.
  public var takesAnySize: Bool { model.takesAnySize }

  /// Whether the model recognizes orientations.
  public var findsOrientations: Bool { recognizer != nil }

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
  public func estimate(_ set: ImageSet) throws -> [Float] {
    try restoration(of: set).numbers
  }

  /// Each image's orientation; nil from a model that does not recognize them.
  ///
  /// - Throws: `UsageError` when the images' size is not the network's.
  public func orientations(of set: ImageSet) throws -> [OrientationPrediction]? {
    try model.check(set, verb: "restores")
    return try recognizer?.find(in: set)
  }

  /// Restored images with what was found of each.
  ///
  /// - Parameter threshold: images whose orientation is less probable than this are left as they are; 0 leaves none.
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
  /// An image whose pixels restoration would change by less than this on average, on the scale 0…1, is undamaged. Of the
  /// clean digits that it was chosen with 99 of 100 lie below, of those by `Recipe.reportMultiple` 3 of 100.
  private static let undamaged: Float = 0.01
  /// How sure the model has to be to turn such an image: most of those that lie about undamaged want nothing at all.
  private static let sureOfTurn: Float = 0.8

  private typealias Corrected = (numbers: [Float], findings: [OrientationPrediction]?, unchanged: [Int])

  /// What becomes of an image.
  private enum Outcome: Sendable {
    case restored, turned, unchanged
  }

  private func correct(_ set: ImageSet, ifSureBy threshold: Float) throws -> Corrected {
    guard let recognizer else { return (try restorer?.outputs(of: set) ?? [], nil, []) }
    let findings = try recognizer.find(in: set)
    let upright = set.oriented { findings[$0].orientation.inverse }
    guard var numbers = try restorer?.outputs(of: upright) else {
      let unsure = findings.indices.filter { findings[$0].probability < threshold }
      var numbers = upright.withValues.values ?? []
      for image in unsure { numbers.withUnsafeMutableBufferPointer { Self.copy(image, of: set, to: $0) } }
      return (numbers, findings, unsure)
    }
    var outcomes = [Outcome](repeating: .restored, count: set.count)
    numbers.withUnsafeMutableBufferPointer { numbers in
      outcomes.withUnsafeMutableBufferPointer { outcomes in
        nonisolated(unsafe) let (numbers, outcomes) = (numbers, outcomes)
        Threads.forEachRange(of: set.count, grain: 64) { images in
          for image in images {
            let size = set.shape.size
            let outcome = Self.outcome(
              UnsafeMutableBufferPointer(rebasing: numbers[image * size..<(image + 1) * size]), findings[image],
              of: upright, image, ifSureBy: threshold)
            outcomes[image] = outcome
            if outcome == .turned { Self.copy(image, of: upright, to: numbers) }
            if outcome == .unchanged { Self.copy(image, of: set, to: numbers) }
          }
        }
      }
    }
    return (numbers, findings, outcomes.indices.filter { outcomes[$0] == .unchanged })
  }

  private static func outcome(
    _ restored: UnsafeMutableBufferPointer<Float>, _ finding: OrientationPrediction, of upright: ImageSet, _ image: Int,
    ifSureBy threshold: Float
  ) -> Outcome {
    let isUndamaged = distance(restored, upright, image) < undamaged
    let isDoubtful = isUndamaged && finding.orientation != .upright && finding.probability < sureOfTurn
    if isDoubtful || finding.probability < threshold { return .unchanged }
    return isUndamaged ? .turned : .restored
  }

  /// The mean of what lies between the pixels of both.
  private static func distance(_ numbers: UnsafeMutableBufferPointer<Float>, _ set: ImageSet, _ image: Int) -> Float {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: numbers.count) { there in
      set.numbers(at: image * numbers.count..<(image + 1) * numbers.count, into: there)
      var sum: Float = 0
      for place in numbers.indices { sum += abs(numbers[place] - there[place]) }
      return sum / Float(max(1, numbers.count))
    }
  }

  private static func copy(_ image: Int, of set: ImageSet, to numbers: UnsafeMutableBufferPointer<Float>) {
    let place = image * set.shape.size..<(image + 1) * set.shape.size
    set.numbers(at: place, into: .init(rebasing: numbers[place]))
  }
}

/// Restored images, and what the model said of them.
public struct RestoredSet: Sendable {
  public var images: ImageSet
  /// The same as numbers 0…1, where a network drew them not rounded to bytes. (N, H, W, C)
  public var numbers: [Float]
  /// Each image's orientation; nil from a model that does not look at that.
  public var findings: [OrientationPrediction]?
  /// Numbers of the images that were left as they were, the model being unsure of their orientation.
  public var unchanged: [Int]
}
