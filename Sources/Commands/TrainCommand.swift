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

  @Option(
    help: ArgumentHelp("Write curves, images and settings there for TensorBoard, each run below.", valueName: "dir"))
  var tensorboard: String?

  @Flag(help: "Print the result as JSON.")
  var json = false

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    guard resume != nil else { return try data.check() }
    let given = (into.map { _ in ["--into"] } ?? []) + training.given + data.given
    guard let first = given.first else { return }
    throw ValidationError(
      "\(first): --resume goes on as the run was begun; only --data, --epochs, --patience, --tensorboard and --json may "
        + "stand beside it.")
  }

  func run() throws { try run(on: nil) }

  /// Every process loads the data; the first alone sees the folder and speaks.
  func run(on processes: (any ProcessGroup)?) throws {
    let session = TrainingSession(
      path: path, collective: processes?.collective ?? SingleProcess(), processes: processes, board: tensorboard)
    // This spares the wait for the data.
    if let tensorboard { try session.collective.together { try OutputTarget.check(tensorboard, isFolder: true) } }
    let outcome = try resume == nil ? begin(session) : goOn(session)
    guard session.collective.isFirst else { return }
    switch outcome {
    case .run(let history): try report(history, RunFolder(path))
    case .model(let histories):
      try ModelFolder(path).assemble()
      try report(histories, ModelFolder(path))
    }
  }

  /// The run's folder, or the model's.
  private var path: String { resume ?? into ?? "runs/\(training.name)" }

  private enum Outcome {
    case run(History)
    /// Of each part.
    case model([History])
  }

  /// Begins a run or a model; the data decide how large the networks are.
  private func begin(_ session: TrainingSession) throws -> Outcome {
    let collective = session.collective
    try collective.together {
      try training.check()
      // Looked at again with the folder locked; this spares the wait for the data.
      if collective.isFirst { try RunFolder(path).checkThatNoneIsThere() }
    }
    let origin = try collective.together { try data.origin(mayBePairs: !training.isClassifier) }
    let images = try collective.together { try origin.images(crop: training.crop) }
    let description = try DataDescription(images, from: origin, crop: training.crop)
    let isPaired = images.damaged != nil
    guard
      let model = try collective.fromFirst({ try training.modelPlan(for: description, isPaired: isPaired) })
    else {
      let plan = try collective.fromFirst { try training.plan(for: description, isPaired: isPaired) }
      return .run(try session.begin(RunFolder(path), plan, images, from: origin))
    }
    let claim = try collective.together {
      collective.isFirst ? try ModelFolder(path).begin(model.taking(from: origin)) : nil
    }
    return .model(
      try session.parts(of: model).map { run, plan in
        try session.begin(run, plan, images, from: origin, claim: claim)
      })
  }

  /// Goes on with a run, or with a model of which a part may not have been begun.
  private func goOn(_ session: TrainingSession) throws -> Outcome {
    let (collective, folder) = (session.collective, ModelFolder(path))
    func origin(_ plan: TrainingPlan) throws -> DataOrigin {
      var origin = plan.origin ?? DataOrigin(dataset: Dataset.syntheticName)
      if let dataset = data.data {
        origin.dataset = dataset
        return origin
      }
      return try origin.found(from: path)
    }
    guard try collective.fromFirst({ folder.isBegun }) else {
      let plan = try collective.fromFirst { try RunFolder(path).plan() }
      return .run(try session.goOn(RunFolder(path), plan, from: origin(plan), training.change))
    }
    let claim = try collective.together { collective.isFirst ? try FolderClaim(path, kind: "model") : nil }
    let model = try collective.fromFirst { try folder.change(by: training.change) }
    return .model(
      try session.parts(of: model).map { run, plan in
        let isBegun = try collective.fromFirst { Folder.kind(of: run.config) == .file }
        let origin = try origin(plan)
        guard isBegun else {
          let images = try collective.together { try origin.images() }
          return try session.begin(run, plan, images, from: origin, claim: claim)
        }
        let begun = try collective.fromFirst { try run.plan() }
        return try session.goOn(run, begun, from: origin, training.change, claim: claim)
      })
  }

  private func report(_ history: History, _ folder: RunFolder) throws {
    guard let last = history.records.last, let best = history.best else { return }
    if json {
      try JSONOutput.print(Result(run: folder.path, last: last, best: best))
    } else {
      Console.report("\(folder.best): epoch \(best.epoch), loss \(fixed(best.loss, 4))")
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
    Console.report("\(folder.best), of \(words.joined(separator: "; "))")
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
