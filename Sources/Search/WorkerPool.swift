import Restoration

/// What a worker is asked to do.
package struct Assignment: Codable, Sendable {
  package var trial: Int
  package var plan: TrainingPlan
  package var untilEpoch: Int
  /// The run folder, where a checkpoint may stand already.
  package var folder: String
}

/// What a worker has to say.
package enum WorkerReport: Codable, Sendable {
  /// These epochs are done; after a resumption, all of them from the first.
  case epochs([TrialEpoch])
  /// As far as was asked; `isWhole` when there is nothing left to train, because it is the plan's end or it stopped early.
  case done(trial: Int, isWhole: Bool)
  /// The trial's own fault: it diverged, or wants more memory than there is.
  case failed(trial: Int, reason: String)
  /// The worker cannot go on at all.
  case broken(Failure)

  /// An error as it is told to another process.
  package struct Failure: Codable, Error, Sendable {
    package var reason: String
    /// A status from sysexits.h.
    package var status: Int32

    package init(reason: String, status: Int32) {
      self.reason = reason
      self.status = status
    }
  }
}

/// Workers that train side by side, and how they are spoken to. Used by one thread.
package protocol WorkerPool: AnyObject {
  /// How many workers; they are numbered from 0.
  var size: Int { get }
  /// The number of the process that a worker belongs to: those of one share its memory.
  func process(of worker: Int) -> Int
  /// Gives an idle worker its next trial.
  func assign(_ assignment: Assignment, to worker: Int) throws
  /// Waits for the next report of any worker.
  func next() throws -> (worker: Int, report: WorkerReport)
  /// Stops all workers, also those in the middle of something.
  func shutDown()
}

extension WorkerPool {
  /// One process has them all.
  package func process(of worker: Int) -> Int { 0 }
}
