import Distortions
import Groundwork
import ImageSets
import NeuralNetworks

/// A trained model that turns distorted pictures into clean ones: the only way to restore, whoever asks.
///
/// A model has one part, a network that redraws what it is shown, or two: one that finds which way a picture lies, which
/// is then undone to the bit, and one that redraws the picture once it lies upright. Such a model does no harm where
/// nothing is to be done: what redrawing would hardly change keeps its pixels, and is turned only where that is sure.
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
    recognizer = try model.orientation.map { try OrientationRecognizer($0) }
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

  /// Restored pictures as numbers 0…1, where a network drew them not rounded to bytes. (N, H, W, C)
  ///
  /// - Throws: `UsageError` when the pictures' size is not the network's.
  public func estimate(_ set: ImageSet) throws -> [Float] {
    try restoration(of: set).numbers
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
    let (numbers, findings, leftAlone) = try correct(set, ifSureBy: threshold)
    return RestoredSet(
      pictures: set.replacingPixels(PixelScaling.bytes(numbers), name: "\(set.name), restored"), numbers: numbers,
      findings: findings, leftAlone: leftAlone)
  }
}

// MARK: - Two parts

extension Restorer {
  /// A picture whose pixels redrawing would change by less than this on average, on the scale 0…1, is undamaged. Of the
  /// clean digits that it was chosen with 99 of 100 lie below, of those by `Recipe.reportMultiple` 3 of 100.
  private static let undamaged: Float = 0.01
  /// How sure the model has to be to turn such a picture: most of those that lie about undamaged want nothing at all.
  private static let sureOfTurn: Float = 0.8

  private typealias Corrected = (numbers: [Float], findings: [OrientationFinding]?, leftAlone: [Int])

  private func correct(_ set: ImageSet, ifSureBy threshold: Float) throws -> Corrected {
    guard let recognizer else { return (try redrawer?.outputs(of: set) ?? [], nil, []) }
    let findings = try recognizer.find(in: set)
    let upright = set.laid { findings[$0].orientation.inverse }
    var numbers = try redrawer?.outputs(of: upright) ?? upright.pixels.map(PixelScaling.number)
    var leftAlone: [Int] = []
    for (number, finding) in findings.enumerated() {
      let place = number * set.shape.size..<(number + 1) * set.shape.size
      let isUndamaged = redrawer != nil && Self.distance(numbers[place], upright.pixels[place]) < Self.undamaged
      if isUndamaged { Self.copy(upright.pixels[place], to: &numbers) }
      let isDoubtful = isUndamaged && finding.orientation != .upright && finding.probability < Self.sureOfTurn
      guard isDoubtful || finding.probability < threshold else { continue }
      Self.copy(set.pixels[place], to: &numbers)
      leftAlone.append(number)
    }
    return (numbers, findings, leftAlone)
  }

  /// The mean of what lies between the pixels of both.
  private static func distance(_ numbers: ArraySlice<Float>, _ pixels: ArraySlice<UInt8>) -> Float {
    zip(numbers, pixels).reduce(0) { $0 + abs($1.0 - PixelScaling.number($1.1)) } / Float(max(1, pixels.count))
  }

  private static func copy(_ pixels: ArraySlice<UInt8>, to numbers: inout [Float]) {
    for place in pixels.indices { numbers[place] = PixelScaling.number(pixels[place]) }
  }
}

/// Restored pictures, and what the model said of them.
public struct RestoredSet: Sendable {
  public var pictures: ImageSet
  /// The same as numbers 0…1, where a network drew them not rounded to bytes. (N, H, W, C)
  public var numbers: [Float]
  /// For each picture which way it lay; nil from a model that does not look at that.
  public var findings: [OrientationFinding]?
  /// Numbers of the pictures that were left as they were, the model being unsure which way they lie.
  public var leftAlone: [Int]
}
