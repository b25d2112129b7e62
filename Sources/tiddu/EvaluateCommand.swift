import ArgumentParser
import Distortions
import Evaluation
import Groundwork
import ImageSets
import Restoration

/// `tiddu evaluate`
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure how well a model restores pictures that a recipe has distorted.",
    discussion: """
      Distorts clean pictures, restores them, and compares both with the clean ones. Choose pictures that the model \
      was not trained on: the default is the part test.

      EXAMPLE: tiddu evaluate runs/final --data kannada-mnist --recipe report-multiple
      """)

  @Argument(help: ArgumentHelp("A checkpoint or a run's folder.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("A dataset's folder, a file of pictures, or synthetic.", valueName: "path"))
  var data = Dataset.syntheticName

  @Option(help: "The dataset's part (default: test, or the only one there is).")
  var part: Dataset.Part?

  @Option(help: ArgumentHelp("Only the first so many pictures.", valueName: "count"))
  var subset: Int?

  @Option(help: "How pictures are distorted: a built-in recipe's name or a YAML file.")
  var recipe = "report-multiple"

  @Option(help: "Decides the distortions.")
  var seed: UInt64 = 1

  @Option(help: "Threads to compute with (default: one a core).")
  var threads: Int?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try ThreadChoice.use(threads)
    let recipe = try Recipe.named(recipe)
    let restorer = try Restorer(contentsOf: model)
    let origin = try DataOrigin(heldOut: part, of: data, first: subset)
    let clean = try origin.load()
    let distorted = try recipe.compiled(for: clean.shape).apply(to: clean, seed: seed)
    let table = try MetricTable(clean: clean, distorted: distorted, restored: restorer.estimate(distorted))
    let plan = restorer.checkpoint.plan
    if json {
      try JSONOutput.print(
        Result(
          model: model, architecture: plan.architecture.name, data: data, part: origin.part.rawValue,
          recipe: recipe.name, seed: seed, table: table))
    } else {
      print("\(plan.architecture.name) after \(restorer.checkpoint.epoch) epochs; \(recipe.name), seed \(seed)")
      print(table)
    }
  }

  private struct Result: Encodable {
    var model: String
    var architecture: String
    var data: String
    var part: String
    var recipe: String
    var seed: UInt64
    var table: MetricTable
  }
}

/// `--threads`, checked.
enum ThreadChoice {
  static func use(_ count: Int?) throws {
    guard let count else { return }
    guard (1...1024).contains(count) else {
      throw UsageError("--threads \(count)", remedy: "Choose from 1 to 1024; the number of cores is best.")
    }
    Threads.use(count)
  }
}
