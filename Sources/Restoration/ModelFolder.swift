import Distortions
import NeuralNetworks
import Support

/// How a model of two parts is trained: each part by a plan of its own, one after the other.
package struct ModelPlan: Codable, Equatable, Sendable {
  package var name: String
  package var orientation: TrainingPlan
  package var restoration: TrainingPlan

  /// The same, trained on these images.
  package func taking(from origin: DataOrigin) -> ModelPlan {
    var model = self
    model.forEachPart { $0.origin = origin }
    return model
  }

  /// Both plans changed alike.
  package mutating func forEachPart(_ change: (inout TrainingPlan) throws -> Void) rethrows {
    try change(&orientation)
    try change(&restoration)
  }
}

/// The folder of a model of two parts that is being trained, or was:
///
///     model.yaml          the plan
///     orientation/        the run of the part that recognizes orientations
///     restoration/        the run of the part that restores it
///     best.safetensors    the model, once both are trained
package struct ModelFolder: Sendable {
  package let path: String

  /// Looks at nothing yet.
  package init(_ path: String) { self.path = path }

  package var config: String { "\(path)/model.yaml" }
  package var best: String { RunFolder(path).best }
  package var orientation: RunFolder { RunFolder("\(path)/orientation") }
  package var restoration: RunFolder { RunFolder("\(path)/restoration") }

  /// Whether a model of two parts was begun here.
  package var isBegun: Bool { Folder.kind(of: config) == .file }

  /// Makes the folder, locks it and writes the plan.
  ///
  /// - Returns: what takes all that back, unless it is kept.
  /// - Throws: `UsageError` where a run or a model stands already, or a plan cannot be trained; `SystemError`.
  package func begin(_ plan: ModelPlan) throws -> FolderClaim {
    try plan.orientation.validate()
    try plan.restoration.validate()
    return try RunFolder(path).begin(YAMLText.of(plan), in: config, kind: "model")
  }

  /// Throws `DataError` where model.yaml is no plan, `SystemError`.
  package func plan() throws -> ModelPlan {
    try YAMLText.read(
      ModelPlan.self, contentsOf: config, what: "the plan of a model of two parts",
      remedy: "Restore the file as tiddu train wrote it, or start a new run.")
  }

  /// The plan, changed where that is asked for; the file too.
  package func change(by change: PlanChange) throws -> ModelPlan {
    let old = try plan()
    var plan = old
    plan.forEachPart(change.apply)
    guard plan != old else { return plan }
    try plan.forEachPart { try $0.validate() }
    try WholeFile.write(YAMLText.of(plan), to: config)
    return plan
  }

  /// Joins the best of each part's run into the model, and writes it.
  ///
  /// - Throws: what `Checkpoint.read` throws, `UsageError` for parts that do not fit, `SystemError`.
  @discardableResult
  package func assemble() throws -> Model {
    let model = try Model(
      name: plan().name, orientation: Checkpoint.read(orientation.best), restoration: Checkpoint.read(restoration.best))
    try model.write(to: best)
    return model
  }
}
