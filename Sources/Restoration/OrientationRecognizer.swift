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

  /// Throws what `Predictor` throws.
  init(_ checkpoint: Checkpoint, precision: Precision) throws {
    predictor = try Predictor(checkpoint, precision: precision)
    labels = checkpoint.plan.labelsPerOrientation
    orientations = checkpoint.architecture.orientations
  }

  /// What is found of each image.
  ///
  /// - Precondition: The images have passed `Model.check`.
  func find(in set: ImageSet) throws -> [OrientationPrediction] {
    let outputs = orientations.count * labels
    let logits = try predictor.outputs(of: set, before: .categoricalCrossEntropy)
    let (orientations, labels) = (orientations, labels)
    return [OrientationPrediction](unsafeUninitializedCapacity: set.count) { findings, count in
      nonisolated(unsafe) let findings = findings
      logits.withUnsafeBufferPointer { logits in
        nonisolated(unsafe) let logits = logits
        Threads.forEachRange(of: set.count, grain: 64) { images in
          for image in images {
            let own = UnsafeBufferPointer(rebasing: logits[image * outputs..<(image + 1) * outputs])
            findings.initializeElement(at: image, to: Self.finding(own, orientations, labels))
          }
        }
      }
      count = set.count
    }
  }

  /// An orientation's probability is the sum of those of its labels.
  private static func finding(_ logits: UnsafeBufferPointer<Float>, _ orientations: [Orientation], _ labels: Int)
    -> OrientationPrediction
  {
    let largest = logits.max() ?? 0
    var (all, most, best): (Float, Float, Int) = (0, 0, 0)
    for number in orientations.indices {
      var weight: Float = 0
      for place in number * labels..<(number + 1) * labels { weight += exp(logits[place] - largest) }
      all += weight
      if weight > most { (most, best) = (weight, number) }
    }
    return OrientationPrediction(orientation: orientations[best], probability: most / all)
  }
}
