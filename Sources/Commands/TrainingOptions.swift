import ArgumentParser
import Distortions
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// The settings of a training run, all with the report's defaults.
struct TrainingOptions: ParsableArguments {
  @Option(
    name: .customLong("preset"),
    help: "The model: \(Presets.names.joined(separator: ", ")) (default: \(Self.defaultPreset)).")
  var chosenPreset: String?
  private static let defaultPreset = "report-final"
  var preset: String { chosenPreset ?? Self.defaultPreset }

  @Option(help: ArgumentHelp("A network of your own, as YAML, in the place of a preset's.", valueName: "net.yaml"))
  var architecture: String?

  @Option(help: "Train on squares of this side, cut at random from images of any size.")
  var crop: Int?

  @Option(help: "Neurons in the bottleneck, instead of the preset's.")
  var bottleneck: Int?

  @Option(help: "What training makes small: bce, mse, or cce for classes (default: the preset's).")
  var loss: Loss?

  @Option(help: "How images are distorted: a built-in recipe's name or a YAML file (default: the preset's).")
  var recipe: String?

  @Option(
    help:
      "A recipe for the clean images themselves, such as strange-hands: what comes of it is asked for; none for none (default: the preset's)."
  )
  var variation: String?

  @Option(help: "Distort each image once, or anew in each epoch (default: the preset's).")
  var distort: TrainingPlan.Distorting?

  @Option(help: "Digits of the synthetic writer to train on beside the data (default: the preset's).")
  var synthetic: Int?

  @Option(help: "How often to go through all images (default: the preset's).")
  var epochs: Int?

  @Option(help: "Images a step (default: the preset's).")
  var batchSize: Int?

  @Option(help: "Adam's learning rate (default: the preset's).")
  var learningRate: Double?

  @Option(help: "The learning rate over the run (default: the preset's).")
  var schedule: Schedule?

  @Option(help: "End after so many epochs without a better loss; 0 never does (default: the preset's).")
  var patience: Int?

  @Option(
    help: """
      Measured beside training: none, a share such as 0.2, last:1000 for the last so many images (other writers, \
      where a set is ordered by writer), writers for a fifth of those that filled in forms (data sheet), or the part test or \
      dig (default: the preset's).
      """, transform: Self.validation)
  var validation: Validation?

  @Option(help: "Decides the weights' start, the images' order and their distortions (default: 1).")
  var seed: UInt64?

  @Option(help: "How convolutions are computed: fastest (default; by Winograd's algorithm) or direct.")
  var convolution: ConvolutionAlgorithm?

  @Option(help: "L1 penalty on a dense model's kernels, l1 * sum |w| (default: none).")
  var l1: Float?

  @Option(help: "L2 penalty on a dense model's kernels, l2 * sum w^2 (default: none).")
  var l2: Float?

  @Option(help: "What the penalties are on: kernels (default), or all: kernels, biases and activations.")
  var penalize: Penalized?

  enum Penalized: String, CaseIterable, ExpressibleByArgument { case kernels, all }

  @OptionGroup var threading: ThreadOptions

  private static func validation(_ text: String) throws -> Validation {
    let parts = Dataset.Part.allCases.filter { $0 != .train }.map(\.rawValue)
    if let value = Validation(text) {
      guard case .set(let name) = value, !parts.contains(name) else { return value }
    }
    throw ValidationError(
      "--validation \(text): expected none, a share above 0 and below 1 such as 0.2, last:COUNT, writers, or one of the parts "
        + parts.joined(separator: " and ") + ".")
  }

  /// Of the settings that a resumed run may change.
  var change: PlanChange {
    var change = PlanChange(epochs: epochs)
    if let patience { change.patience = .some(patience == 0 ? nil : patience) }
    return change
  }

  /// Names of the options given that a resumed run would have to ignore.
  var given: [String] {
    let all: [(String, Any?)] = [
      ("preset", chosenPreset), ("architecture", architecture), ("crop", crop), ("bottleneck", bottleneck),
      ("loss", loss), ("recipe", recipe), ("variation", variation), ("distort", distort),
      ("synthetic", synthetic), ("batch-size", batchSize), ("learning-rate", learningRate),
      ("schedule", schedule), ("validation", validation), ("seed", seed),
      ("convolution", convolution), ("l1", l1), ("l2", l2), ("penalize", penalize), ("threads", threading.threads),
    ]
    return all.compactMap { name, value in value.map { _ in "--\(name)" } }
  }

  private func regularizer() throws -> Regularizer {
    guard l1 != nil || l2 != nil else {
      if penalize == nil { return .none }
      throw UsageError("--penalize without a penalty", remedy: "Give --l1 or --l2 too, such as --l2 0.001.")
    }
    let penalty = Penalty(l1: l1 ?? 0, l2: l2 ?? 0)
    return penalize == .all ? Regularizer(everywhere: penalty) : Regularizer(kernel: penalty)
  }

  /// What the run is called: after its preset or the file of its network.
  var name: String {
    architecture.map(ArchitectureFile.name) ?? preset
  }

  /// Whether images with labels are wanted, so that two folders are never taken for pairs.
  var isClassifier: Bool { ["report-classifier", "tiddu-reader"].contains(preset) && architecture == nil }

  /// Whether every setting that does not depend on the data is one; spares the wait for the data.
  func check() throws {
    guard architecture == nil || chosenPreset == nil && bottleneck == nil else {
      throw UsageError(
        "--architecture beside --preset or --bottleneck", remedy: "Name either a network of your own or a preset.")
    }
    if let architecture {
      _ = try ArchitectureFile(architecture)
    } else if try modelPlan(for: .kannadaMNIST, isPaired: false) == nil {
      _ = try plan(for: .kannadaMNIST, isPaired: false)
    }
  }

  /// The preset's plan for such data with what was given in the place of its settings; of pairs, without distortions.
  ///
  /// - Throws: `UsageError` for a name that is none or a number out of range, `DataError` for a faulty recipe.
  func plan(for data: DataDescription, isPaired: Bool) throws -> TrainingPlan {
    try threading.use()
    var plan: TrainingPlan
    if let architecture {
      guard try regularizer() == .none else {
        throw UsageError("--l1 and --l2 beside --architecture", remedy: "Write penalties into the file.")
      }
      plan = try ArchitectureFile(architecture).plan(for: data)
    } else {
      plan = try Presets.plan(named: preset, for: data, bottleneck: bottleneck, regularizer: regularizer())
    }
    if let loss { plan.loss = loss }
    if isPaired { plan.recipe = .identity }
    try change(&plan)
    return plan
  }

  /// The same of a model of two parts; nil for a preset of one.
  func modelPlan(for data: DataDescription, isPaired: Bool) throws -> ModelPlan? {
    guard architecture == nil, var model = try Presets.modelPlan(named: preset, for: data) else { return nil }
    try threading.use()
    guard loss == nil, bottleneck == nil, try regularizer() == .none else {
      throw UsageError(
        "\(preset) has no bottleneck and no penalties, and its parts have losses of their own",
        remedy: "Leave out --loss, --bottleneck, --l1 and --l2.")
    }
    guard !isPaired, crop == nil else {
      throw UsageError(
        "\(preset) learns orientations too, and \(isPaired ? "pairs say" : "patches have") none",
        remedy: "Choose a preset of one part, such as denoiser or report-final.")
    }
    try model.forEachPart(change)
    return model
  }

  private func change(_ plan: inout TrainingPlan) throws {
    plan.threads = Threads.count
    plan.crop = crop
    if let recipe { plan.recipe = try .named(recipe) }
    if let variation { plan.variation = variation == "none" ? nil : try .named(variation) }
    if let distort { plan.distorting = distort }
    if let synthetic { plan.syntheticImages = synthetic }
    if let epochs { plan.epochs = epochs }
    if let batchSize { plan.batchSize = batchSize }
    if let learningRate { plan.learningRate = learningRate }
    if let schedule { plan.schedule = schedule }
    if let patience { plan.patience = patience == 0 ? nil : patience }
    if let validation { plan.validation = validation }
    if let seed { plan.seed = seed }
    if let convolution { plan.convolution = convolution }
    try plan.validate()
    try checkEffect(on: plan)
  }

  /// An option that changes nothing is a mistake of whoever gave it.
  private func checkEffect(on plan: TrainingPlan) throws {
    let hasConvolutions = plan.architecture.layers.contains {
      $0.layer is Convolution2D || $0.layer is TransposedConvolution2D
    }
    if convolution != nil, !hasConvolutions {
      throw UsageError(
        "--convolution has no effect: \(plan.architecture.name) has no convolutions", remedy: "Leave it out.")
    }
    if distort != nil, plan.recipe.steps.isEmpty {
      throw UsageError(
        "--distort has no effect: the recipe \(plan.recipe.name) distorts nothing",
        remedy: "Leave it out, or choose another --recipe.")
    }
  }
}

extension ConvolutionAlgorithm: ExpressibleByArgument {}
extension Loss: ExpressibleByArgument {}
extension Schedule: ExpressibleByArgument {}
extension TrainingPlan.Distorting: ExpressibleByArgument {}
