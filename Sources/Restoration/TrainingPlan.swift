public import Distortions
import Foundation
import ImageSets
public import NeuralNetworks
import Support

/// Everything that decides what a training run gives: the same plan on the same images gives the same weights.
///
/// Stored as `config.yaml` in the run's folder and inside its checkpoints.
public struct TrainingPlan: Codable, Equatable, Sendable {
  /// When images are distorted: once before training, or anew in every epoch.
  package enum Distorting: String, Codable, Sendable, CaseIterable {
    case once
    case eachEpoch = "each-epoch"
  }

  /// What a network is shown, and what it is to answer.
  package enum Task: String, Codable, Sendable, CaseIterable {
    /// The clean image, from the distorted one.
    case restoration
    /// The image's label.
    case classification
    /// Which of the eight orientations the distorted image has, or which pair of orientation and label: outputs are
    /// one for each orientation, or labels for each orientation, in the order of `Orientation.allCases`.
    case orientation
    /// The clean image, from the distorted one turned upright again.
    case uprightRestoration = "redrawing"
  }

  /// The network.
  public var architecture: Architecture
  package var loss: Loss
  /// How images are distorted for the network to restore.
  public var recipe: Recipe
  /// What is done to the clean images first: the network is asked for what comes out of this. Nil leaves them.
  package var variation: Recipe?
  /// Once, or anew in every epoch.
  package var distorting = Distorting.once
  /// How often all images are gone through.
  public var epochs = 20
  /// Images a step; an epoch's last one may have fewer.
  public var batchSize = 32
  /// Adam's, at the start where `schedule` changes it.
  public var learningRate = 1e-3
  package var schedule = Schedule.constant
  /// Epochs without a better loss (the validation's, where there is one) after which training ends; nil never ends it.
  public var patience: Int? = 10
  package var validation = Validation.none
  /// Of weights, order, split and distortions.
  public var seed: UInt64 = 1
  /// Sums are made in an order that depends on the number of threads, so it belongs to the plan.
  public var threads: Int
  private var taskSetting: Task?
  private var syntheticSetting: Int?
  private var convolutionSetting: ConvolutionAlgorithm?
  private var classesSetting: [String]?
  private var paperSetting: Paper?
  private var damageSetting: Bool?
  private var halfTurnSetting: Bool?
  /// The side of the squares that are cut from the images; nil takes the images whole.
  package var crop: Int?
  /// Where the training images are found again when the run is resumed.
  package var origin: DataOrigin?
  /// The training images, so that a run is never resumed on others.
  package var data: DataRecord?

  package var task: Task {
    get { taskSetting ?? ordinaryTask }
    set { taskSetting = newValue == ordinaryTask ? nil : newValue }
  }

  /// Digits of the synthetic writer that are trained on beside the images given, for the sake of more writers than
  /// these were written by; in an epoch all of both are taken.
  package var syntheticImages: Int {
    get { syntheticSetting ?? 0 }
    set { syntheticSetting = newValue == 0 ? nil : newValue }
  }

  /// Whether an orientation network tells kinds of damage apart too: outputs for each `Damage` of each orientation and
  /// label.
  package var tellsDamage: Bool {
    get { damageSetting ?? false }
    set { damageSetting = newValue ? true : nil }
  }

  /// Whether a trained orientation network is asked twice, the second time with the image turned by half, and its answers
  /// are averaged (test-time augmentation): as good as a larger network, for twice the work.
  package var averagesHalfTurn: Bool {
    get { halfTurnSetting ?? false }
    set { halfTurnSetting = newValue ? true : nil }
  }

  /// What the loss alone says.
  private var ordinaryTask: Task { loss.target == .label ? .classification : .restoration }

  /// Names of the classes that a classifier tells apart, or an orientation network beside orientations; in the order of
  /// the outputs. Without names they are called by their numbers.
  package var classes: [String] {
    guard task == .classification || task == .orientation else { return [] }
    return classesSetting ?? (0..<outputClasses).map(String.init)
  }

  /// Names that are no more than the numbers from 0 are not stored.
  package mutating func setClasses(_ names: [String]) {
    classesSetting = names.isEmpty || names == (0..<names.count).map(String.init) ? nil : names
  }

  /// Whether 0 is paper and 255 ink in the images; others are photographs, and are never inverted.
  package var hasPaper: Bool {
    get { paperSetting != Paper.none }
    set { paperSetting = newValue ? nil : Paper.none }
  }

  /// Sums rounded otherwise give other weights, so this belongs to the plan too.
  package var convolution: ConvolutionAlgorithm {
    get { convolutionSetting ?? .fastest }
    set { convolutionSetting = newValue == .fastest ? nil : newValue }
  }

  private enum CodingKeys: String, CodingKey {
    case architecture, loss, recipe, variation, distorting, epochs, schedule, patience, validation, seed, threads,
      origin, data
    case batchSize = "batch_size"
    case learningRate = "learning_rate"
    case convolutionSetting = "convolution"
    case taskSetting = "task"
    case syntheticSetting = "synthetic_pictures"
    case classesSetting = "classes"
    case paperSetting = "paper"
    case damageSetting = "damage"
    case halfTurnSetting = "half_turn"
    case crop
  }

  package init(architecture: Architecture, loss: Loss, recipe: Recipe, threads: Int = Threads.count) {
    self.architecture = architecture
    self.loss = loss
    self.recipe = recipe
    self.threads = threads
  }

  /// The penalties that its dense layers have, in words; nil without.
  package var regularizerNote: String? {
    let all = architecture.layers.compactMap { ($0.layer as? Dense)?.regularizer }.filter { $0 != .none }
    guard let one = all.first else { return nil }
    let places = [("kernels", one.kernel), ("biases", one.bias), ("activations", one.activity)]
    let on = places.filter { $1 != .none }.map(\.0).joined(separator: ", ")
    let penalty = places.map(\.1).first { $0 != .none } ?? .none
    let weights = [("l1", penalty.l1), ("l2", penalty.l2)].filter { $1 > 0 }.map { "\($0) \($1)" }
    return "\(weights.joined(separator: ", ")) on \(on)"
  }

  /// Throws a `UsageError` that names the setting which is out of its range.
  package func validate() throws {
    func expect(_ holds: Bool, _ problem: String, _ remedy: String) throws {
      guard holds else { throw UsageError(problem, remedy: remedy) }
    }
    try expect((1...1_000_000).contains(epochs), "\(epochs) epochs", "Train for 1 to 1000000 epochs.")
    try expect((1...1 << 16).contains(batchSize), "a batch of \(batchSize)", "Choose a batch size from 1 to 65536.")
    try expect(
      learningRate.isFinite && learningRate > 0, "a learning rate of \(learningRate)",
      "Choose a positive number; 0.001 is usual.")
    try expect(patience.map { $0 >= 1 } ?? true, "a patience of \(patience ?? 0)", "Choose at least one epoch.")
    try expect(
      (1...1024).contains(threads), "\(threads) threads", "Choose from 1 to 1024; the number of cores is best.")
    try expect(
      (0...10_000_000).contains(syntheticImages), "\(syntheticImages) synthetic images",
      "Choose from 0 to 10000000.")
    try recipe.validate()
    try variation?.validate()
    try loss.validate(architecture)
    _ = try architecture.shapes()
    try validateTask()
  }
}

extension TrainingPlan {
  /// How many images' labels an orientation network tells apart; 1 where it looks at none.
  package var labelsPerOrientation: Int {
    let each = (try? architecture.outputShape().reduce(1, *) / max(1, architecture.orientations.count)) ?? 1
    return max(1, each / damages)
  }

  /// How many kinds of damage an orientation network tells apart; 1 where it looks at none.
  var damages: Int { tellsDamage ? Damage.allCases.count : 1 }

  private func validateTask() throws {
    let wanted: Loss.Target = task == .classification || task == .orientation ? .label : .image
    guard loss.target == wanted else {
      throw UsageError(
        "the loss \(loss.rawValue) for the task \(task.rawValue)",
        remedy: wanted == .label ? "Choose cce." : "Choose bce or mse.")
    }
    if let names = classesSetting, names.count != outputClasses || Set(names).count != names.count {
      throw UsageError(
        "\(names.count) names of classes for the \(outputClasses) that \(architecture.name) tells apart",
        remedy: "Give each class a name of its own.")
    }
    if let crop, !(8...4096).contains(crop) || task != .restoration {
      throw UsageError(
        task == .restoration ? "patches of \(crop)×\(crop) pixels" : "patches for the task \(task.rawValue)",
        remedy: task == .restoration
          ? "Choose a side from 8 to 4096." : "Leave out --crop; only restoration takes patches.")
    }
    if let variation, !variation.keepsOrientation {
      throw UsageError(
        "the variation \(variation.name) flips or turns images", remedy: "Leave that to the recipe that damages them.")
    }
    guard !averagesHalfTurn || task == .orientation else {
      throw UsageError("half turns for the task \(task.rawValue)", remedy: "Leave half_turn out; orientation takes it.")
    }
    guard crop == nil || variation == nil else {
      throw UsageError("a variation of patches", remedy: "Leave out --crop or the variation.")
    }
    guard task == .orientation || task == .uprightRestoration else { return }
    guard let shape = architecture.imageShape else {
      throw UsageError(
        "\(architecture.name) takes \(architecture.input), and orientations are those of images",
        remedy: "Choose an architecture whose input is (H, W, 1) or (H, W, 3).")
    }
    guard try recipe.compiled(for: shape).keepsShape else {
      throw UsageError(
        "the recipe \(recipe.name) turns images of \(shape) by 90 degrees, which they cannot keep their shape in",
        remedy: "Leave 90 and 270 out of its angles, or give square images.")
    }
    let (outputs, orientations) = (try architecture.outputShape().reduce(1, *), Orientation.all(for: shape).count)
    guard task == .uprightRestoration || outputs % (orientations * damages) == 0 else {
      throw UsageError(
        "\(architecture.name) has \(outputs) outputs, and there are \(orientations) orientations"
          + (tellsDamage ? " with \(damages) kinds of damage each" : ""),
        remedy: "Give it \(orientations * damages) outputs, or \(orientations * damages) for each label.")
    }
  }

  /// As many as the network can tell apart.
  private var outputClasses: Int {
    task == .orientation ? labelsPerOrientation : (try? architecture.outputShape().reduce(1, *)) ?? 0
  }
}
