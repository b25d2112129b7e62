import Foundation
public import ImageSets
import NeuralNetworks
import Support

/// A trained network that says which class each image shows: the only way to read images, whoever asks.
///
/// It may be used by several tasks at once: they come one after the other, each on all cores.
public final class Classifier: Sendable {
  private let model: Model
  private let predictor: Predictor
  /// How many there are; they are numbered from 0.
  package let classes: Int
  /// What they are called, in that order.
  public let classNames: [String]

  package var checkpoint: Checkpoint { predictor.checkpoint }

  /// From a checkpoint's file, or the best one of a run's folder; throws what `Checkpoint.read` throws.
  public convenience init(contentsOf path: String) throws { try self.init(Checkpoint.open(path)) }

  /// - Throws: `UsageError` when the network gives no classes, `ResourceError`.
  package init(_ checkpoint: Checkpoint) throws {
    guard checkpoint.plan.task == .classification else {
      throw UsageError(
        "\(checkpoint.architecture.name) names no classes",
        remedy: "Name a classifier, such as one trained by tiddu train --preset report-classifier.")
    }
    model = Model(checkpoint)
    predictor = try Predictor(checkpoint)
    classes = try checkpoint.architecture.outputShape().reduce(1, *)
    classNames = checkpoint.plan.classes
  }

  /// Whether its images are writing, 0 for paper and 255 for ink, and not photographs.
  package var hasPaper: Bool { model.hasPaper }

  /// What images must be like; nil for a network that takes no images.
  package var shape: ImageSet.Shape? { model.shape }

  /// Natural logarithms of the probabilities, from the logits, so that none is −∞. (N, classes)
  ///
  /// - Throws: `UsageError` when the images' size is not the network's.
  package func logProbabilities(of set: ImageSet) throws -> [Float] {
    try model.check(set, verb: "reads")
    var values = try predictor.outputs(of: set, before: .categoricalCrossEntropy)
    for row in stride(from: 0, to: values.count, by: classes) {
      let range = row..<row + classes
      let largest = values[range].max() ?? 0
      let sum = largest + log(values[range].reduce(0) { $0 + exp($1 - largest) })
      for index in range { values[index] -= sum }
    }
    return values
  }

  /// Each image's likeliest class and the probabilities of all.
  ///
  /// - Throws: `UsageError` when the images' size is not the network's.
  public func classify(_ set: ImageSet) throws -> [Classification] {
    let logarithms = try logProbabilities(of: set)
    return (0..<set.count).map { image in
      Classification(probabilities: logarithms[image * classes..<(image + 1) * classes].map { exp($0) })
    }
  }
}

/// What a classifier says of one image.
public struct Classification: Codable, Equatable, Sendable {
  /// The likeliest class, the first of equals.
  public var label: Int
  /// Of each class, 0…1; their sum is 1.
  public var probabilities: [Float]

  init(probabilities: [Float]) {
    self.probabilities = probabilities
    label = probabilities.max().flatMap(probabilities.firstIndex) ?? 0
  }

  /// Of several looks at one image.
  ///
  /// - Precondition: there is one, and all are of the same classes.
  init(meanOf looks: [Classification]) {
    self.init(
      probabilities: looks[0].probabilities.indices.map { label in
        looks.reduce(0) { $0 + $1.probabilities[label] } / Float(looks.count)
      })
  }

  /// Of the likeliest class.
  package var confidence: Float { probabilities[label] }
}
