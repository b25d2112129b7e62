import Distortions
import Foundation
import NeuralNetworks
import Safetensors
import Support

/// The folder of one training run:
///
///     config.yaml                  the plan
///     history.csv                  a line an epoch
///     best.safetensors             weights of the epoch with the lowest watched loss
///     last.safetensors             weights of the last epoch
///     last.optimizer.safetensors   all that resuming needs: weights, Adam's moments, step, history; also in the middle
///                                  of an epoch that was broken off
///
/// The optimizer's file is written first and is the truth; the others follow from it, so that a kill between two
/// writes loses nothing.
package struct RunFolder: Sendable {
  package let path: String

  /// Looks at nothing yet.
  package init(_ path: String) { self.path = path }

  package var config: String { "\(path)/config.yaml" }
  package var historyCSV: String { "\(path)/history.csv" }
  package var best: String { "\(path)/best.safetensors" }
  package var last: String { "\(path)/last.safetensors" }
  package var optimizer: String { "\(path)/last.optimizer.safetensors" }

  /// Throws a `UsageError` where a run stands already, or a model of two parts.
  package func checkThatNoneIsThere() throws {
    guard [config, optimizer, ModelFolder(path).config].allSatisfy({ Folder.kind(of: $0) == .absent }) else {
      throw UsageError(
        "\(path) holds a run already", remedy: "Go on with it by --resume \(path), or name another folder.")
    }
  }

  /// Makes the folder, locks it and writes the plan; refuses one where a run stands already.
  ///
  /// - Returns: what takes all that back, unless it is kept.
  package func begin(_ plan: TrainingPlan) throws -> FolderClaim {
    try begin(YAMLText.of(plan), in: config, kind: "run")
  }

  /// The same of whatever kind, with its plan as text in `file`.
  func begin(_ plan: String, in file: String, kind: String) throws -> FolderClaim {
    // Looked at first too: what is refused does not even put its number into the lock.
    try checkThatNoneIsThere()
    let claim = try FolderClaim(path, kind: kind)
    try checkThatNoneIsThere()
    try claim.write(plan, to: file)
    return claim
  }

  /// Locks the run that stands here; throws a `UsageError` where there is none.
  func takeUp() throws -> FolderClaim {
    try checkThatOneIsThere()
    return try FolderClaim(path)
  }

  private func checkThatOneIsThere() throws {
    guard Folder.kind(of: config) == .file else {
      throw UsageError("\(path) holds no run", remedy: "Name a folder that tiddu train made, with its config.yaml.")
    }
  }

  /// The plan of the run that stands here.
  ///
  /// - Throws: `UsageError` where there is none, `DataError` where config.yaml is no plan, `SystemError`.
  package func plan() throws -> TrainingPlan {
    try checkThatOneIsThere()
    return try YAMLText.read(
      TrainingPlan.self, contentsOf: config, what: "a training plan",
      remedy: "Restore the file as tiddu train wrote it, or start a new run.")
  }

  /// The plan, changed where that is asked for; the file too.
  func change(by change: PlanChange) throws -> TrainingPlan {
    let old = try plan()
    var plan = old
    change.apply(to: &plan)
    guard plan != old else { return plan }
    try plan.validate()
    try WholeFile.write(YAMLText.of(plan), to: config)
    return plan
  }

  /// Removes what a kill in the middle of writing has left.
  func removeLeftovers() throws {
    let ours = [config, historyCSV, best, last, optimizer]
    for name in try Folder.names(in: path) {
      let file = "\(path)/\(name)"
      if ours.contains(where: { file.hasPrefix($0 + WholeFile.temporaryMark) }) { unlink(file.systemBytes) }
    }
  }

  func timings() -> [Int: EpochTiming] {
    guard let bytes = try? Folder.read(historyCSV) else { return [:] }
    return History.timings(inCSV: String(decoding: bytes, as: UTF8.self))
  }

  func write(_ history: History, of plan: TrainingPlan, timings: [Int: EpochTiming]) throws {
    try WholeFile.write(history.csv(accuracy: plan.loss.accuracyName, timings: timings), to: historyCSV)
  }
}

/// What of a plan may be changed when its run goes on: how long it trains.
package struct PlanChange: Sendable {
  package var epochs: Int?
  /// Nil leaves it as it is; `.some(nil)` never ends early.
  package var patience: Int??

  package init(epochs: Int? = nil, patience: Int?? = nil) {
    self.epochs = epochs
    self.patience = patience
  }

  func apply(to plan: inout TrainingPlan) {
    if let epochs { plan.epochs = epochs }
    if let patience { plan.patience = patience }
  }
}
