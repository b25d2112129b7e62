import ArgumentParser
import Distortions
import Groundwork
import NeuralNetworks
import Restoration

/// The settings of a training run, all with the report's defaults.
struct TrainingOptions: ParsableArguments {
  @Option(help: "The model: \(Presets.names.joined(separator: ", ")).")
  var preset = "report-final"

  @Option(help: "Neurons in the bottleneck, instead of the preset's.")
  var bottleneck: Int?

  @Option(help: "What training makes small: bce or mse (default: the preset's).")
  var loss: Loss?

  @Option(help: "How pictures are distorted: a built-in recipe's name or a YAML file.")
  var recipe = "report-multiple"

  @Option(help: "Distort each picture once, or anew in each epoch.")
  var distort = TrainingPlan.Distorting.once

  @Option(help: "How often to go through all pictures.")
  var epochs = 20

  @Option(help: "Pictures a step.")
  var batchSize = 32

  @Option(help: "Adam's learning rate.")
  var learningRate = 1e-3

  @Option(help: "The learning rate over the run.")
  var schedule = Schedule.constant

  @Option(help: "End after so many epochs without a better loss; 0 never does.")
  var patience = 10

  @Option(help: "Measured beside training: none, a share such as 0.2 of the pictures, or the part test or dig.")
  var validation = Validation.none

  @Option(help: "Decides the weights' start, the pictures' order and their distortions.")
  var seed: UInt64 = 1

  @OptionGroup var threading: ThreadOptions

  /// Whether anything was given that a resumed run would have to ignore.
  var isAnySet: Bool {
    let plain = (try? Self.parse([])) ?? self
    return preset != plain.preset || bottleneck != nil || loss != nil || recipe != plain.recipe
      || distort != plain.distort || epochs != plain.epochs || batchSize != plain.batchSize
      || learningRate != plain.learningRate || schedule != plain.schedule || patience != plain.patience
      || validation != plain.validation || seed != plain.seed || threading.threads != nil
  }

  /// - Throws: `UsageError` for a name that is none or a number out of range, `DataError` for a faulty recipe.
  func plan() throws -> TrainingPlan {
    let (architecture, presetLoss) = try Presets.architecture(named: preset, bottleneck: bottleneck)
    var plan = TrainingPlan(architecture: architecture, loss: loss ?? presetLoss, recipe: try .named(recipe))
    plan.distorting = distort
    plan.epochs = epochs
    plan.batchSize = batchSize
    plan.learningRate = learningRate
    plan.schedule = schedule
    plan.patience = patience == 0 ? nil : patience
    plan.validation = validation
    plan.seed = seed
    threading.use()
    plan.threads = Threads.count
    try plan.validate()
    return plan
  }
}

extension Loss: ExpressibleByArgument {}
extension Schedule: ExpressibleByArgument {}
extension TrainingPlan.Distorting: ExpressibleByArgument {}
extension Validation: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
