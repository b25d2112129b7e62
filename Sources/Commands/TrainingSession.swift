import ImageSets
import NeuralNetworks
import Restoration
import Support

/// Runs that one command trains, one after the other, in one process or several.
struct TrainingSession {
  /// What is resumed where it is broken off.
  let path: String
  let collective: any Collective
  let processes: (any ProcessGroup)?
  /// Where TensorBoard looks for runs; nil tells it nothing.
  var board: String?

  /// Begins a run.
  ///
  /// - Parameter claim: of the model that the run is a part of; worth keeping once an epoch is done.
  func begin(
    _ folder: RunFolder, _ plan: TrainingPlan, _ images: TrainingImages, from origin: DataOrigin,
    claim: FolderClaim? = nil
  ) throws -> History {
    var plan = plan
    plan.origin = origin
    let validation = try collective.together { try origin.set(of: plan.validation, crop: plan.crop) }
    let trainer = try Trainer(plan, training: images, validation: validation, into: folder, with: collective)
    return try run(trainer, folder, claim)
  }

  /// Goes on with the run that stands in the folder, perhaps to another end.
  func goOn(
    _ folder: RunFolder, _ plan: TrainingPlan, from origin: DataOrigin, _ change: PlanChange,
    claim: FolderClaim? = nil
  ) throws -> History {
    let (training, validation) = try collective.together {
      (try origin.images(crop: plan.crop), try origin.set(of: plan.validation, crop: plan.crop))
    }
    let trainer = try Trainer(
      resuming: folder, training: training, validation: validation, changing: change, with: collective)
    return try run(trainer, folder, claim)
  }

  /// The folder and the plan of each part, in the order in which they are trained.
  func parts(of model: ModelPlan) -> [(RunFolder, TrainingPlan)] {
    let folder = ModelFolder(path)
    return [(folder.orientation, model.orientation), (folder.restoration, model.restoration)]
  }

  private func run(_ trainer: Trainer, _ folder: RunFolder, _ claim: FolderClaim?) throws -> History {
    guard collective.isFirst else { return try trainer.run() }
    if collective.size > 1 {
      processes?.prepareAbortMessage(
        "tiddu: a rank has ended, or mpirun was told to end; tiddu-mpi train --resume \(path) "
          + "goes on from the last whole epoch\n")
    }
    let board = try board.map { try TrainingBoard("\($0)/\(boardName(of: folder))", trainer) }
    let display = TrainingDisplay(trainer.plan)
    display.begin(trainer, folder, ranks: collective.size)
    defer { display.end() }
    do {
      let history = try Stopped.saying("Go on by tiddu train --resume \(path).") {
        try trainer.run { event in
          if case .epoch = event { claim?.keep() }
          display.show(event)
          try board?.show(event, of: trainer)
        }
      }
      try board?.end(isWell: true)
      return history
    } catch {
      // Its folder is kept, and the model's with it.
      if error is Stopped { claim?.keep() }
      try? board?.end(isWell: false)
      throw error
    }
  }

  /// What TensorBoard calls a run: the last name of its path, and for a model's part that of the model before it.
  private func boardName(of folder: RunFolder) -> String {
    let name = FilePath.name(of: path)
    return folder.path == path ? name : "\(name)/\(FilePath.name(of: folder.path))"
  }
}
