import ArgumentParser
import Distortions
import Foundation
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// `tiddu train`
struct TrainCommand: ParsableCommand, ParallelCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a model that restores distorted images.",
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
    guard resume != nil else { return }
    let given = (into.map { _ in ["--into"] } ?? []) + training.given + data.given
    guard let first = given.first else { return }
    throw ValidationError(
      "\(first): --resume goes on as the run was begun; only --data and --json may stand beside it.")
  }

  func run() throws { try run(on: nil) }

  /// Every process loads the data; the first alone sees the folder and speaks.
  func run(on processes: (any ProcessGroup)?) throws {
    let collective = processes?.collective ?? SingleProcess()
    var claim: FolderClaim?
    guard let model = try collective.fromFirst({ try modelPlan(for: ModelFolder(path), &claim) }) else {
      let history = try train(RunFolder(path), collective, processes) { try training.plan() }
      if collective.isFirst { try report(history, RunFolder(path)) }
      return
    }
    let folder = ModelFolder(path)
    var histories: [History] = []
    for (run, plan) in [(folder.orientation, model.orientation), (folder.restoration, model.restoration)] {
      histories.append(try train(run, collective, processes, claim) { plan })
    }
    guard collective.isFirst else { return }
    try folder.assemble()
    try report(histories, folder)
  }

  /// The run's folder, or the model's.
  private var path: String { resume ?? into ?? "runs/\(training.preset)" }

  /// Of a model of two parts, which is begun here, or was, with its folder locked; nil for a run of one.
  private func modelPlan(for folder: ModelFolder, _ claim: inout FolderClaim?) throws -> ModelPlan? {
    if resume != nil {
      guard folder.isBegun else { return nil }
      claim = try FolderClaim(folder.path, kind: "model")
      return try folder.plan()
    }
    guard var model = try training.modelPlan() else { return nil }
    model.forEachPart { $0.origin = data.origin }
    claim = try folder.begin(model)
    return model
  }

  /// Begins a run by this plan, or goes on with the one that is there.
  ///
  /// - Parameter claim: of the model that the run is a part of; worth keeping once an epoch is done.
  private func train(
    _ folder: RunFolder, _ collective: any Collective, _ processes: (any ProcessGroup)?, _ claim: FolderClaim? = nil,
    plan: () throws -> TrainingPlan
  ) throws -> History {
    let goesOn = try collective.fromFirst {
      resume != nil && (!isPart(folder) || Folder.kind(of: folder.config) == .file)
    }
    let trainer = try goesOn ? goOn(folder, collective) : begin(folder, collective, plan)
    guard collective.isFirst else { return try trainer.run() }
    if collective.size > 1 {
      processes?.prepareAbortMessage(
        "tiddu: a rank has ended, or mpirun was told to end; tiddu-mpi train --resume \(path) "
          + "goes on from the last whole epoch\n")
    }
    let display = TrainingDisplay(trainer.plan)
    display.begin(trainer, folder, ranks: collective.size)
    defer { display.end() }
    return try trainer.run { event in
      if case .epoch = event { claim?.keep() }
      display.show(event)
    }
  }

  /// Whether a run is that of a model's part, which may not have been begun when the model was broken off.
  private func isPart(_ folder: RunFolder) -> Bool { folder.path != path }

  private func begin(_ folder: RunFolder, _ collective: any Collective, _ plan: () throws -> TrainingPlan) throws
    -> Trainer
  {
    let plan = try collective.fromFirst {
      // The trainer looks again, with the folder locked; this spares the wait for the data.
      try folder.checkThatNoneIsThere()
      var plan = try plan()
      // A part's plan has it from its model, which may have been begun long ago.
      plan.origin = origin(of: plan)
      return plan
    }
    let sets = try collective.together { try load(origin(of: plan), for: plan) }
    return try Trainer(plan, training: sets.training, validation: sets.validation, into: folder, with: collective)
  }

  private func goOn(_ folder: RunFolder, _ collective: any Collective) throws -> Trainer {
    let plan = try collective.fromFirst { try folder.plan() }
    let sets = try collective.together { try load(origin(of: plan), for: plan) }
    return try Trainer(resuming: folder, training: sets.training, validation: sets.validation, with: collective)
  }

  /// Where the plan says that its images are, or the dataset that was named now in its place.
  private func origin(of plan: TrainingPlan) -> DataOrigin {
    var origin = plan.origin ?? data.origin
    if let dataset = data.data { origin.dataset = dataset }
    return origin
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

  private func report(_ histories: [History], _ folder: ModelFolder) throws {
    let runs = [folder.orientation, folder.restoration]
    let parts = zip(runs, histories).compactMap { run, history -> Result? in
      guard let last = history.records.last, let best = history.best else { return nil }
      return Result(run: run.path, last: last, best: best)
    }
    if json { return try JSONOutput.print(ModelResult(model: folder.best, parts: parts)) }
    let words = parts.map { "\($0.run): epoch \($0.best.epoch), loss \(fixed($0.best.loss, 4))" }
    print("\(folder.best), of \(words.joined(separator: "; "))")
  }

  private struct Result: Encodable {
    var run: String
    var last: EpochRecord
    var best: EpochRecord
  }

  private struct ModelResult: Encodable {
    var model: String
    var parts: [Result]
  }
}

/// Which images a run is trained on.
struct TrainingDataOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A dataset's folder, a file of images, or synthetic (default).", valueName: "path"))
  var data: String?

  @Option(name: .customLong("part"), help: "The dataset's part to train on (default: train).")
  var chosenPart: Dataset.Part?

  @Option(help: ArgumentHelp("Only so many images, spread over all.", valueName: "count"))
  var subset: Int?

  /// Names of the options given that say which of the dataset's images are taken.
  var given: [String] { (chosenPart.map { _ in ["--part"] } ?? []) + (subset.map { _ in ["--subset"] } ?? []) }

  var origin: DataOrigin {
    DataOrigin(dataset: data ?? Dataset.syntheticName, part: chosenPart ?? .train, subset: subset)
  }
}
