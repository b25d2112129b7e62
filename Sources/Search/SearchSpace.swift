import Distortions
import NeuralNetworks
import Restoration
import Support

/// What a search tries: choices for each setting of a training run, how points are taken from them, and how each is
/// trained. A small value that stands in YAML files; Documentation/Search.md describes them.
package struct SearchSpace: Equatable, Sendable {
  package var name: String
  package var strategy = Strategy.grid
  package var architectures: [ArchitectureChoice]
  /// Empty takes each preset's own.
  package var losses: [Loss] = []
  package var regularizers: [RegularizerChoice] = [.none]
  package var learningRates = Numbers.list([1e-3])
  package var batchSizes: [Int] = [32]
  /// Names of built-in recipes, or paths of YAML files.
  package var recipes: [String] = [Recipe.reportMultiple.name]

  // MARK: How each is trained

  package var distorting = TrainingPlan.Distorting.once
  package var epochs = 20
  package var schedule = Schedule.constant
  package var patience: Int? = 10
  package var validation = Validation.share(0.2)
  /// What the winner is named by.
  package var metric = Metric.validationLoss

  package init(name: String, architectures: [ArchitectureChoice]) {
    self.name = name
    self.architectures = architectures
  }
}

extension SearchSpace {
  /// The same space with only those architectures that are named: dense, conv, or a preset.
  ///
  /// - Throws: `UsageError` for a name that the space has not.
  package func only(_ names: [String]) throws -> SearchSpace {
    let known = architectures.map(\.name)
    if let stranger = names.first(where: { !known.contains($0) }) {
      throw UsageError(
        "the space \(name) has no architecture \"\(stranger)\"",
        remedy: "Choose from \(known.joined(separator: ", ")).")
    }
    var chosen = self
    chosen.architectures = architectures.filter { names.contains($0.name) }
    return chosen
  }
}

/// How points are taken from a space.
package enum Strategy: Equatable, Sendable {
  /// All of them.
  case grid
  /// So many, drawn at random.
  case random(trials: Int)
  /// So many drawn at random, all trained for a few epochs; the best `1 / reduction` of those that have come as far go on
  /// for `reduction` times as many, and so on up to the space's epochs: asynchronous successive halving (Li et al. 2020).
  case halving(trials: Int, reduction: Int, leastEpochs: Int)
}

/// Networks to choose from.
package enum ArchitectureChoice: Equatable, Sendable {
  /// One of `Presets`.
  case preset(String)
  /// The report's dense or convolutional autoencoders of so many layers and neurons (filters), in all combinations.
  case family(Family, layers: [Int], neurons: [Int])

  package enum Family: String, Codable, Sendable, CaseIterable { case dense, conv }

  var name: String {
    switch self {
    case .preset(let name): name
    case .family(let family, _, _): family.rawValue
    }
  }
}

/// Penalties to choose from, in all combinations.
package struct RegularizerChoice: Equatable, Sendable {
  package enum Kind: String, Codable, Sendable, CaseIterable { case l1, l2, both }
  /// What is penalised: kernels, biases and activations, or kernels alone.
  package enum Place: String, Codable, Sendable, CaseIterable { case all, kernels }

  package var kinds: [Kind]
  package var weights: Numbers
  package var places: [Place]

  package init(kinds: [Kind], weights: Numbers, places: [Place] = [.kernels]) {
    self.kinds = kinds
    self.weights = weights
    self.places = places
  }

  /// No penalty at all.
  package static let none = RegularizerChoice(kinds: [], weights: .list([]), places: [])

  /// The penalties of one choice; the sum of both has each with the whole weight.
  static func regularizer(_ kind: Kind, weight: Double, on place: Place) -> Regularizer {
    let penalty = Penalty(l1: kind == .l2 ? 0 : Float(weight), l2: kind == .l1 ? 0 : Float(weight))
    return place == .all ? Regularizer(everywhere: penalty) : Regularizer(kernel: penalty)
  }
}

/// Numbers to choose from.
package enum Numbers: Equatable, Sendable {
  case list([Double])
  /// Drawn so that each order of magnitude is as likely as another; for random searches.
  case range(from: Double, to: Double)
}

/// What trials are compared by.
package enum Metric: String, Codable, Sendable, CaseIterable {
  case loss, accuracy
  case validationLoss = "val_loss"
  case validationAccuracy = "val_accuracy"
  /// `val_loss` without penalties: how near the images come, so that models with different penalties can be compared.
  case validationFit = "val_fit"

  /// Whether it wants images to validate with.
  var isOfValidation: Bool { self != .loss && self != .accuracy }

  /// Settings that decide what the figure means: points that differ in one of them cannot be compared by it. Images are
  /// distorted by the point's own recipe, those to validate with too, so that an easier recipe gives better figures.
  var units: [StudyTable.Setting] {
    switch self {
    case .loss, .validationLoss: [.task, .recipe, .loss, .regularizer]
    case .validationFit: [.task, .recipe, .loss]
    case .accuracy, .validationAccuracy: [.task, .recipe]
    }
  }

  /// Whether less is better.
  package var isLoss: Bool { self != .accuracy && self != .validationAccuracy }

  /// Nil where the epoch was not measured so.
  package func value(of record: EpochRecord) -> Double? {
    switch self {
    case .loss: record.loss
    case .accuracy: record.accuracy
    case .validationLoss: record.validationLoss
    case .validationAccuracy: record.validationAccuracy
    case .validationFit: record.validationLoss.map { $0 - (record.validationPenalty ?? 0) }
    }
  }
}
