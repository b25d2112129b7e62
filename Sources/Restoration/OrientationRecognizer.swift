import Distortions
import Foundation
import ImageSets
import NeuralNetworks
import Support

/// An image's orientation, as far as a network can tell.
public struct OrientationPrediction: Codable, Equatable, Sendable {
  /// What was done to the image; the most probable of all.
  public var orientation: Orientation
  /// Of that orientation, 0…1.
  public var probability: Float

  public init(orientation: Orientation, probability: Float) {
    self.orientation = orientation
    self.probability = probability
  }
}

/// A trained network that says in which of the eight orientations images are.
final class OrientationRecognizer {
  private let predictor: Predictor
  /// Those that it tells apart.
  private let orientations: [Orientation]
  /// Outputs an orientation has: one for each label that was told apart in training.
  private let labels: Int

  /// Throws `OneDNNError`.
  init(_ checkpoint: Checkpoint) throws {
    predictor = try Predictor(checkpoint)
    labels = checkpoint.plan.labelsPerOrientation
    orientations = checkpoint.architecture.orientations
  }

  /// What is found of each image.
  ///
  /// - Precondition: The images have passed `Model.check`.
  func find(in set: ImageSet) throws -> [OrientationPrediction] {
    let outputs = orientations.count * labels
    let logits = try predictor.outputs(of: set, before: .categoricalCrossEntropy)
    return (0..<set.count).map { finding(logits[$0 * outputs..<($0 + 1) * outputs]) }
  }

  /// An orientation's probability is the sum of those of its labels.
  private func finding(_ logits: ArraySlice<Float>) -> OrientationPrediction {
    let largest = logits.max() ?? 0
    var weights = [Float](repeating: 0, count: orientations.count)
    for (place, logit) in logits.enumerated() { weights[place / labels] += exp(logit - largest) }
    let best = weights.max().flatMap(weights.firstIndex) ?? 0
    return OrientationPrediction(
      orientation: orientations[best], probability: weights[best] / weights.reduce(0, +))
  }
}
