import ArgumentParser
import Distortions
import Foundation
import Groundwork
import ImageSets
import NeuralNetworks
import Restoration

/// `tiddu train`
struct TrainCommand: ParsableCommand, ParallelCommand {
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

  func run() throws { try run(on: nil) }

  /// Every process loads the data; the first alone sees the folder and speaks.
  func run(on machines: (any Machines)?) throws {
    let folder = RunFolder(resume ?? into ?? "runs/\(training.preset)")
    let collective = machines?.collective ?? Alone()
    var lock: FileLock?
    if resume != nil { lock = try collective.together { collective.isFirst ? try hold(folder) : nil } }
    let trainer = try resume == nil ? begin(folder, collective) : goOn(folder, collective)
    if resume == nil, collective.isFirst { lock = try folder.lock() }
    defer { withExtendedLifetime(lock) {} }
    guard collective.isFirst else {
      try trainer.run()
      return
    }
    if collective.size > 1 {
      machines?.prepareLastWords(
        "tiddu: a rank has ended, or mpirun was told to end; tiddu-mpi train --resume \(folder.path) goes on from the "
          + "last whole epoch\n")
    }
    let display = TrainingDisplay(trainer.plan)
    display.begin(trainer, folder, ranks: collective.size)
    defer { display.end() }
    try trainer.run(observe: display.show)
    try report(trainer.history, folder)
  }

  /// Nil where there is no run; going on then says so.
  private func hold(_ folder: RunFolder) throws -> FileLock? {
    Folder.kind(of: folder.path) == .folder ? try folder.lock() : nil
  }

  private func begin(_ folder: RunFolder, _ collective: any Collective) throws -> Trainer {
    let plan = try collective.fromFirst {
      var plan = try training.plan()
      plan.origin = data.origin
      return plan
    }
    let sets = try collective.together { try load(data.origin, for: plan) }
    return try Trainer(plan, training: sets.training, validation: sets.validation, into: folder, with: collective)
  }

  private func goOn(_ folder: RunFolder, _ collective: any Collective) throws -> Trainer {
    let plan = try collective.fromFirst { try folder.plan() }
    var origin = plan.origin ?? data.origin
    if let dataset = data.data { origin.dataset = dataset }
    let sets = try collective.together { try load(origin, for: plan) }
    return try Trainer(resuming: folder, training: sets.training, validation: sets.validation, with: collective)
  }

  private func load(_ origin: DataOrigin, for plan: TrainingPlan) throws -> (training: ImageSet, validation: ImageSet?)
  {
    (try origin.load(), try origin.set(of: plan.validation))
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
