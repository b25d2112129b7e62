import Groundwork
import ImageSets
import NeuralNetworks

/// A trained network that turns distorted pictures into clean ones: the only way to restore, whoever asks.
public final class Restorer {
  private let predictor: Predictor

  public var checkpoint: Checkpoint { predictor.checkpoint }

  /// From a checkpoint's file, or the best one of a run's folder; throws what `Checkpoint.read` throws.
  public convenience init(contentsOf path: String) throws { try self.init(Checkpoint.open(path)) }

  /// - Throws: `UsageError` when the network answers with something else than pictures, `OneDNNError`.
  public init(_ checkpoint: Checkpoint) throws {
    guard checkpoint.plan.loss.target == .picture,
      try checkpoint.architecture.outputShape() == checkpoint.architecture.input
    else {
      throw UsageError(
        "\(checkpoint.architecture.name) restores no pictures", remedy: "Name a model that was trained to restore.")
    }
    predictor = try Predictor(checkpoint)
  }

  /// What pictures must be like; nil for a network that takes no pictures.
  public var shape: ImageSet.Shape? { predictor.shape }

  /// Restored pictures as bytes.
  ///
  /// - Throws: `UsageError` when the pictures' size is not the network's.
  public func restore(_ set: ImageSet) throws -> ImageSet {
    set.replacingPixels(PixelScaling.bytes(try estimate(set)), name: "\(set.name), restored")
  }

  /// What the network says of each pixel, 0…1. (N, H, W, C)
  public func estimate(_ set: ImageSet) throws -> [Float] {
    try predictor.check(set, verb: "restores")
    return try predictor.outputs(of: set)
  }
}
