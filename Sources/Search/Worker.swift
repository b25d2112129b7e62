import Foundation
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// Trains the trials that it is given, one at a time.
package struct Worker: Sendable {
  private let training: TrainingImages
  private let validation: TrainingImages?

  /// - Parameters:
  ///   - training: clean images; what a trial's validation takes as a share comes from them.
  ///   - validation: where the space's validation names a set.
  package init(training: TrainingImages, validation: TrainingImages?) {
    self.training = training
    self.validation = validation
  }

  /// Trains until the assignment's epoch, from the checkpoint where there is one, and reports as it goes.
  ///
  /// - Parameter checkIsWanted: called again and again; what it throws ends the training, which can go on later.
  /// - Throws: what `report` and `checkIsWanted` throw, and `StopSignal`; everything else is reported.
  package func train(
    _ assignment: Assignment, checkIsWanted: () throws -> Void = {}, report: (WorkerReport) throws -> Void
  ) throws {
    do {
      try report(try run(assignment, checkIsWanted, report))
    } catch let error as Interrupted {
      throw error.cause
    } catch let signal as StopSignal {
      throw signal
    } catch let error as SystemError {
      // A full disk is no fault of the trial.
      try report(.broken(.init(reason: error.description, status: EX_IOERR)))
    } catch {
      try report(.failed(trial: assignment.trial, reason: Self.reason(error)))
    }
  }

  /// What one of the two threw, which is not to be reported.
  private struct Interrupted: Error { var cause: any Error }

  private func run(
    _ assignment: Assignment, _ checkIsWanted: () throws -> Void, _ report: (WorkerReport) throws -> Void
  ) throws -> WorkerReport {
    func passing(_ body: () throws -> Void) throws {
      do { try body() } catch { throw Interrupted(cause: error) }
    }
    func send(_ epochs: [TrialEpoch]) throws { try passing { try report(.epochs(epochs)) } }
    let trainer = try trainer(assignment)
    let trial = assignment.trial
    if !trainer.history.records.isEmpty {
      // The study may lack the last one: it was killed between the checkpoint and the row.
      try send(trainer.history.records.map { TrialEpoch(trial: trial, $0, trainer.timings[$0.epoch]) })
    }
    try trainer.run(until: assignment.untilEpoch) { event in
      try passing(checkIsWanted)
      if case .epoch(let record, let timing, _) = event { try send([TrialEpoch(trial: trial, record, timing)]) }
    }
    let history = trainer.history
    return .done(
      trial: trial,
      isWhole: history.records.count >= trainer.plan.epochs || history.isExhausted(patience: trainer.plan.patience))
  }

  private func trainer(_ assignment: Assignment) throws -> Trainer {
    let folder = RunFolder(assignment.folder)
    guard Folder.kind(of: folder.config) == .file else {
      return try Trainer(assignment.plan, training: training, validation: validation, into: folder)
    }
    var plan = try folder.plan()
    (plan.data, plan.origin) = (assignment.plan.data, assignment.plan.origin)
    guard plan == assignment.plan else {
      throw UsageError(
        "\(folder.path) holds the run of another plan", remedy: "Remove it, and try the failed trials again.")
    }
    return try Trainer(resuming: folder, training: training, validation: validation)
  }

  /// In one line.
  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as any ProblemError: error.problem
    default: "\(error)".split(separator: "\n").joined(separator: ". ")
    }
  }
}
