import Foundation
import Support

/// Workers on threads of this process. Each trains with as many threads as its trials' plans say; together they
/// should not have more than there are cores.
package final class LocalWorkerPool: WorkerPool {
  package let size: Int
  private let mailbox = Mailbox()

  /// Starts the workers; they wait for work.
  ///
  /// - Throws: `SystemError` where the system gives no more threads.
  package init(_ worker: Worker, size: Int) throws {
    precondition(size >= 1, "a pool has at least one worker")
    self.size = size
    for number in 0..<size {
      let mailbox = mailbox
      let thread = Thread {
        mailbox.arrive()
        defer { mailbox.leave() }
        while let assignment = mailbox.assignment(for: number) {
          do {
            try worker.train(assignment, checkIsWanted: mailbox.checkIsOpen) { try mailbox.report($0, from: number) }
          } catch { return }
        }
      }
      thread.name = "worker \(number)"
      thread.stackSize = 16 << 20
      thread.start()
    }
    let started = mailbox.started(of: size)
    guard started == size else {
      mailbox.close()
      throw SystemError(
        operation: "start", path: "\(size) workers", reason: "only \(started) threads came to work",
        remedy: "Choose fewer --workers.")
    }
  }

  deinit { shutDown() }

  package func assign(_ assignment: Assignment, to worker: Int) { mailbox.assign(assignment, to: worker) }
  package func next() throws(StopSignal) -> (worker: Int, report: WorkerReport) { try mailbox.next() }
  /// Does not wait.
  func tryNext() -> (worker: Int, report: WorkerReport)? { mailbox.tryNext() }
  /// Ends the workers, each with a checkpoint of where it stands, and waits until nothing is written any more.
  package func shutDown() {
    mailbox.close()
    mailbox.waitForAllToLeave()
  }
}

/// Assignments one way, reports the other, between one thread and its workers.
private final class Mailbox: @unchecked Sendable {
  private let condition = NSCondition()
  private var assignments: [Int: Assignment] = [:]
  private var reports: [(worker: Int, report: WorkerReport)] = []
  private var isClosed = false
  private var arrived = 0
  private var left = 0

  private struct Closed: Error {}

  private func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
    condition.lock()
    defer { condition.unlock() }
    return try body()
  }

  func arrive() {
    locked {
      arrived += 1
      condition.broadcast()
    }
  }

  func leave() {
    locked {
      left += 1
      condition.broadcast()
    }
  }

  func waitForAllToLeave() { locked { while left < arrived { condition.wait() } } }

  func checkIsOpen() throws { try locked { if isClosed { throw Closed() } } }

  /// Waits for so many workers, but not for ever; how many came.
  func started(of size: Int) -> Int {
    locked {
      // By a clock that nobody sets.
      let deadline = ContinuousClock.now + .seconds(10)
      while arrived < size, ContinuousClock.now < deadline {
        _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1))
      }
      return arrived
    }
  }

  func assign(_ assignment: Assignment, to worker: Int) {
    locked {
      assignments[worker] = assignment
      condition.broadcast()
    }
  }

  /// Waits; nil when there will be none.
  func assignment(for worker: Int) -> Assignment? {
    locked {
      while !isClosed {
        if let assignment = assignments.removeValue(forKey: worker) { return assignment }
        condition.wait()
      }
      return nil
    }
  }

  func report(_ report: WorkerReport, from worker: Int) throws {
    try locked {
      if isClosed { throw Closed() }
      reports.append((worker, report))
      condition.broadcast()
    }
  }

  /// Waits, and looks for a signal ten times a second.
  func next() throws(StopSignal) -> (worker: Int, report: WorkerReport) {
    while true {
      try StopSignal.check()
      let report = locked {
        if reports.isEmpty { _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1)) }
        return reports.isEmpty ? nil : reports.removeFirst()
      }
      if let report { return report }
    }
  }

  func tryNext() -> (worker: Int, report: WorkerReport)? {
    locked { reports.isEmpty ? nil : reports.removeFirst() }
  }

  func close() {
    locked {
      isClosed = true
      condition.broadcast()
    }
  }
}
