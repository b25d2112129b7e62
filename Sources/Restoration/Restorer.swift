import Distortions
import Groundwork
import ImageSets
import NeuralNetworks

/// A trained model that turns distorted pictures into clean ones: the only way to restore, whoever asks.
///
/// A model has one part, a network that redraws what it is shown, or two: one that finds which way a picture lies, which
/// is then undone to the bit, and one that redraws the picture once it lies upright.
public final class Restorer {
  public let model: Model
  private let recognizer: OrientationRecognizer?
  private let redrawer: Predictor?

  /// From a model's file, or the best one of a run's folder; throws what `Model.open` throws.
  public convenience init(contentsOf path: String) throws { try self.init(Model.open(path)) }

  /// A model of this one part.
  public convenience init(_ checkpoint: Checkpoint) throws { try self.init(Model(checkpoint)) }

  /// - Throws: `UsageError` when the model answers with something else than pictures, `OneDNNError`.
  public init(_ model: Model) throws {
    let redrawing = model.redrawing
    guard
      try redrawing.map({
        try $0.plan.task != .classification && $0.architecture.outputShape() == $0.architecture.input
      }) ?? true
    else {
      throw UsageError("\(model.name) restores no pictures", remedy: "Name a model that was trained to restore.")
    }
    self.model = model
    recognizer = try model.orientation.map { try OrientationRecognizer($0, expected: model.expected) }
    redrawer = try model.redrawing.map { try Predictor($0) }
  }

  /// What it is called.
  public var name: String { model.name }

  /// What pictures must be like; nil for a network that takes no pictures.
  public var shape: ImageSet.Shape? { model.shape }

  /// Whether the model tells which way pictures lie.
  public var findsOrientations: Bool { recognizer != nil }

  /// Restored pictures as bytes.
  ///
  /// - Throws: `UsageError` when the pictures' size is not the network's.
  public func restore(_ set: ImageSet) throws -> ImageSet { try restoration(of: set).pictures }

  /// What the network says of each pixel, 0…1. (N, H, W, C)
  ///
  /// - Throws: `UsageError` when the pictures' size is not the network's.
  public func estimate(_ set: ImageSet) throws -> [Float] {
    try model.check(set, verb: "restores")
    return try redraw(lay(set).upright)
  }

  /// Which way each picture lies; nil from a model that does not look at that.
  ///
  /// - Throws: `UsageError` when the pictures' size is not the network's.
  public func orientations(of set: ImageSet) throws -> [OrientationFinding]? {
    try model.check(set, verb: "restores")
    return try recognizer?.find(in: set)
  }

  /// Restored pictures with what was found of each.
  ///
  /// - Parameter threshold: pictures whose orientation is less probable than this are left as they are; 0 leaves none.
  /// - Throws: `UsageError` when the pictures' size is not the network's, or a threshold is given to a model that
  ///   finds no orientations.
  public func restoration(of set: ImageSet, ifSureBy threshold: Float = 0) throws -> RestoredSet {
    try model.check(set, verb: "restores")
    guard threshold <= 0 || findsOrientations else {
      throw UsageError(
        "\(name) does not say how sure it is",
        remedy: "Choose a model that finds orientations, such as one trained by tiddu train --preset tiddu-small.")
    }
    let (upright, findings) = try lay(set)
    var pixels = PixelScaling.bytes(try redraw(upright))
    let doubtful = findings.map { all in all.indices.filter { all[$0].probability < threshold } } ?? []
    for number in doubtful {
      let range = number * set.shape.size..<(number + 1) * set.shape.size
      pixels.replaceSubrange(range, with: set.pixels[range])
    }
    return RestoredSet(
      pictures: set.replacingPixels(pixels, name: "\(set.name), restored"), findings: findings, leftAlone: doubtful)
  }

  private func lay(_ set: ImageSet) throws -> (upright: ImageSet, findings: [OrientationFinding]?) {
    guard let findings = try recognizer?.find(in: set) else { return (set, nil) }
    return (set.laid { findings[$0].orientation.inverse }, findings)
  }

  private func redraw(_ set: ImageSet) throws -> [Float] {
    try redrawer?.outputs(of: set) ?? set.pixels.map(PixelScaling.number)
  }
}

/// Restored pictures, and what the model said of them.
public struct RestoredSet: Sendable {
  public var pictures: ImageSet
  /// For each picture which way it lay; nil from a model that does not look at that.
  public var findings: [OrientationFinding]?
  /// Numbers of the pictures that were left as they were, the model being unsure.
  public var leftAlone: [Int]
}
