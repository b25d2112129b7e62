import Distortions
import Foundation
import ImageSets
import NeuralNetworks
import Support

/// What a network says of one image, and what is to be done about it.
public struct OrientationPrediction: Codable, Equatable, Sendable {
  /// What was done to the image, and is to be undone.
  package var orientation: Orientation
  /// Of that orientation, 0…1.
  public var probability: Float
  /// The most probable damage; nil from a network that tells none.
  package var damage: Damage?
  /// What was done to the image, in a recipe's words: "rotation-90"; "upright" for nothing.
  public var undone: String { orientation.rawValue }
  /// Whether its pixels are to be restored: they are more probably damaged than not.
  public var wantsRestoration: Bool

  package init(
    orientation: Orientation, probability: Float, damage: Damage? = nil, wantsRestoration: Bool = true
  ) {
    self.orientation = orientation
    self.probability = probability
    self.damage = damage
    self.wantsRestoration = wantsRestoration
  }
}

/// A trained network that says in which of the eight orientations images are, and how damaged.
///
/// Its outputs are probabilities among images like those that it was trained on. Where others are expected, Bayes' rule
/// makes them anew: by what each orientation and damage has there, over what it had in training.
final class OrientationRecognizer: Sendable {
  private let predictor: Predictor
  private let rule: DecisionRule
  private let uprightRule: DecisionRule

  /// - Parameter expected: how the images come to be as they are.
  /// - Throws: what `Predictor` throws; `DataError` for a recipe that is none.
  convenience init(_ checkpoint: Checkpoint, precision: Precision, expected: Recipe) throws {
    try self.init(Predictor(checkpoint, precision: precision), expected)
  }

  private init(_ predictor: Predictor, _ expected: Recipe) throws {
    self.predictor = predictor
    rule = try DecisionRule(of: predictor.checkpoint, expected: expected)
    uprightRule = try DecisionRule(of: predictor.checkpoint, expected: .anyOrientation)
  }

  /// The same network, told otherwise.
  func expecting(_ expected: Recipe) throws -> OrientationRecognizer { try OrientationRecognizer(predictor, expected) }

  /// What is found of each image.
  ///
  /// - Precondition: The images have passed `Model.check`.
  func find(in set: ImageSet) throws -> [OrientationPrediction] {
    let rule = rule
    return try outcomes(of: set) { rule.finding($0) }
  }

  /// How probable it is that each image is upright, where every orientation is as frequent as any other.
  ///
  /// - Precondition: The images have passed `Model.check`.
  func uprightProbabilities(of set: ImageSet) throws -> [Float] {
    let rule = uprightRule
    return try outcomes(of: set) { rule.probability(of: .upright, $0) }
  }

  /// What is made of each image's logits.
  private func outcomes<Outcome: Sendable>(
    of set: ImageSet, _ outcome: @Sendable (UnsafeBufferPointer<Float>) -> Outcome
  ) throws -> [Outcome] {
    var logits = try predictor.outputs(of: set, before: .categoricalCrossEntropy)
    if predictor.checkpoint.plan.averagesHalfTurn {
      let turned = set.oriented { _ in .rotation180 }
      rule.average(&logits, withThoseOfHalfTurned: try predictor.outputs(of: turned, before: .categoricalCrossEntropy))
    }
    let outputs = rule.outputs
    return [Outcome](unsafeUninitializedCapacity: set.count) { outcomes, count in
      nonisolated(unsafe) let outcomes = outcomes
      logits.withUnsafeBufferPointer { logits in
        nonisolated(unsafe) let logits = logits
        Threads.forEachRange(of: set.count, grain: 64) { images in
          for image in images {
            let own = UnsafeBufferPointer(rebasing: logits[image * outputs..<(image + 1) * outputs])
            outcomes.initializeElement(at: image, to: outcome(own))
          }
        }
      }
      count = set.count
    }
  }
}

/// Which orientation is undone, and whether the image is restored as well: whatever gives the digit the best chance to be
/// read right. Pixels are kept where they are more probably undamaged than not.
package struct DecisionRule: Sendable {
  /// How many upright images with each damage a classifier of clean digits reads right once they are restored, of those that
  /// it reads right clean. On writers put aside from the training set (Documentation/Correctors.md); an undamaged one keeps its
  /// pixels.
  package static let readRight: [Float] = [1, 0.998, 0.974]

  /// Outputs an image: of each orientation, of each label, of each damage.
  package let outputs: Int
  package let orientations: [Orientation]
  package let labels: Int
  package let damages: Int
  /// What is added to a logit, by orientation and damage; −∞ for what is not expected.
  private let shifts: [Float]

  package init(of checkpoint: Checkpoint, expected: Recipe) throws {
    let plan = checkpoint.plan
    orientations = checkpoint.architecture.orientations
    (labels, damages) = (plan.labelsPerOrientation, plan.damages)
    outputs = orientations.count * labels * damages
    try expected.validate()
    let input = checkpoint.architecture.input
    let shape = checkpoint.architecture.imageShape ?? ImageSet.Shape(height: input[0], width: input[1], channels: 1)
    let (then, now) = (plan.recipe.outcomes(for: shape), expected.outcomes(for: shape))
    let damages = damages
    shifts = orientations.flatMap { orientation in
      (0..<damages).map { damage in
        func share(_ outcomes: Outcomes) -> Float {
          let kinds = damages > 1 ? [Damage.allCases[damage]] : Damage.allCases
          return Float(kinds.reduce(0) { $0 + outcomes[orientation, $1] })
        }
        return share(then) > 0 ? log(share(now) / share(then)) : -.infinity
      }
    }
  }

  /// The weight of each orientation, by damage; they do not sum to 1.
  private func weights(_ logits: UnsafeBufferPointer<Float>, _ body: (_ orientation: Int, SIMD4<Float>) -> Void) {
    var largest = -Float.infinity
    for place in 0..<outputs { largest = max(largest, logits[place] + shift(place)) }
    // Where nothing that is expected is possible, anything is.
    let isImpossible = largest == -.infinity
    if isImpossible { largest = logits.max() ?? 0 }
    for number in orientations.indices {
      var weights = SIMD4<Float>.zero
      for place in number * labels * damages..<(number + 1) * labels * damages {
        let shift = isImpossible ? 0 : shift(place)
        weights[place % damages] += exp(logits[place] + shift - largest)
      }
      body(number, weights)
    }
  }

  func probability(of orientation: Orientation, _ logits: UnsafeBufferPointer<Float>) -> Float {
    var (all, wanted) = (Float(0), Float(0))
    weights(logits) { number, weights in
      all += weights.sum()
      if orientations[number] == orientation { wanted += weights.sum() }
    }
    return wanted / all
  }

  func finding(_ logits: UnsafeBufferPointer<Float>) -> OrientationPrediction {
    var (all, best) = (Float(0), (value: -Float.infinity, weights: SIMD4<Float>.zero, orientation: 0))
    weights(logits) { number, weights in
      all += weights.sum()
      let value = (0..<damages).reduce(Float(0)) { $0 + weights[$1] * Self.readRight[$1] }
      if value > best.value { best = (value, weights, number) }
    }
    let weights = best.weights
    let damage = (0..<damages).max { weights[$0] < weights[$1] } ?? 0
    return OrientationPrediction(
      orientation: orientations[best.orientation], probability: weights.sum() / all,
      damage: damages > 1 ? Damage.allCases[damage] : nil,
      wantsRestoration: damages == 1 || weights[0] < weights.sum() / 2)
  }

  /// The mean of what is said of each image and of the same image turned by half, whose orientation is another.
  func average(_ logits: inout [Float], withThoseOfHalfTurned turned: [Float]) {
    let places = placesOfHalfTurned
    for image in stride(from: 0, to: logits.count, by: outputs) {
      for output in 0..<outputs {
        logits[image + output] = (logits[image + output] + turned[image + places[output]]) / 2
      }
    }
  }

  /// For each output, the place of what says the same of an image turned by half.
  package var placesOfHalfTurned: [Int] {
    let size = labels * damages
    return orientations.flatMap { orientation in
      let place = orientations.firstIndex(of: orientation.followed(by: .rotation180)) ?? 0
      return place * size..<(place + 1) * size
    }
  }

  /// What is added to each output.
  package var shiftsOfOutputs: [Float] { (0..<outputs).map(shift) }

  private func shift(_ place: Int) -> Float {
    shifts[place / (labels * damages) * damages + place % damages]
  }
}
