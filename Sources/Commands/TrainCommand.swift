import ArgumentParser
import Distortions
import Foundation
import Groundwork
import ImageSets
import NeuralNetworks
import Restoration

/// `tiddu train`
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a model that restores distorted pictures.",
    discussion: """
      Writes a run's folder: config.yaml, history.csv, best.safetensors, last.safetensors and what resuming needs.

      EXAMPLE: tiddu train --data kannada-mnist --preset report-final --recipe report-multiple --into runs/final
      """)

  @OptionGroup(title: "What to train on") var data: TrainingDataOptions
  @OptionGroup(title: "What to train, and how") var training: TrainingOptions

  @Option(help: ArgumentHelp("The run's folder (default: runs/PRESET).", valueName: "dir"))
  var into: String?

  @Option(help: ArgumentHelp("Go on with the run in this folder, by its own config.yaml.", valueName: "dir"))
  var resume: String?

  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    if resume != nil, into != nil || training.isAnySet {
      throw ValidationError("--resume goes on as the run was begun; only --data and --json may stand beside it.")
    }
  }

  func run() throws {
    let folder = RunFolder(resume ?? into ?? "runs/\(training.preset)")
    let trainer = try resume == nil ? begin(folder) : goOn(folder)
    let display = TrainingDisplay(trainer.plan)
    display.begin(trainer, folder)
    defer { display.end() }
    try trainer.run(observe: display.show)
    try report(trainer.history, folder)
  }

  private func begin(_ folder: RunFolder) throws -> Trainer {
    var plan = try training.plan()
    plan.origin = data.origin
    return try Trainer(
      plan, training: data.origin.load(), validation: data.origin.validation(for: plan), into: folder)
  }

  private func goOn(_ folder: RunFolder) throws -> Trainer {
    let plan = try folder.plan()
    var origin = plan.origin ?? data.origin
    if let dataset = data.data { origin.dataset = dataset }
    return try Trainer(resuming: folder, training: origin.load(), validation: origin.validation(for: plan))
  }

  private func report(_ history: History, _ folder: RunFolder) throws {
    guard let last = history.records.last, let best = history.best else { return }
    if json {
      try JSONOutput.print(Result(run: folder.path, last: last, best: best))
    } else {
      print("\(folder.best): epoch \(best.epoch), loss \(fixed(best.loss, 4))")
    }
  }

  private struct Result: Encodable {
    var run: String
    var last: EpochRecord
    var best: EpochRecord
  }
}

/// Which pictures a run is trained on.
struct TrainingDataOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A dataset's folder, a file of pictures, or synthetic (default).", valueName: "path"))
  var data: String?

  @Option(help: "The dataset's part to train on.")
  var part = Dataset.Part.train

  @Option(help: ArgumentHelp("Only the first so many pictures.", valueName: "count"))
  var subset: Int?

  var origin: DataOrigin { DataOrigin(dataset: data ?? Dataset.syntheticName, part: part, first: subset) }
}
