import Foundation
import Synchronization

/// What a training run tells, as it happens; the run goes on beside whoever waits for the next event, and rests where a thousand
/// have not been taken.
///
/// Cancelling the task that waits ends the run within a hundredth of an epoch, and then throws `CancellationError`: its folder
/// holds where it stands, and can be gone on with at once.
public struct TrainingEvents: AsyncSequence, Sendable {
  private let relay: TrainingRelay

  init(of trainer: Trainer) { relay = TrainingRelay(trainer) }

  /// Takes event after event; throws what `Trainer.train` throws.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let relay: TrainingRelay

    /// Nil once the run has come to its end.
    public mutating func next() async throws -> TrainingEvent? { try await relay.next() }
  }

  /// Begins the run where it has not begun.
  public func makeAsyncIterator() -> Iterator {
    relay.begin()
    return Iterator(relay: relay)
  }
}

extension Trainer {
  /// Trains on a thread of its own, as `train` does: `for try await event in trainer.events() { … }`.
  ///
  /// The trainer is not to be used otherwise until the events have come to their end.
  public func events() -> TrainingEvents { TrainingEvents(of: self) }
}

/// Hands events from the training thread to the task that waits for them.
private final class TrainingRelay: Sendable {
  private struct State {
    var hasBegun = false
    var events: [TrainingEvent] = []
    var end: Result<Void, any Error>?
    var waiting: CheckedContinuation<TrainingEvent?, any Error>?
    var isCancelled = false

    /// What whoever waits is to get; nil where there is nothing yet.
    mutating func take() -> Result<TrainingEvent?, any Error>? {
      if !events.isEmpty, !isCancelled { return .success(events.removeFirst()) }
      return end.map { end in end.map { nil } }
    }
  }

  private let state = Mutex(State())
  /// Counts the events that may still be put down.
  private let room = DispatchSemaphore(value: 0)
  private static let mostEvents = 1000
  /// The thread's alone once that has begun, as `events` says.
  nonisolated(unsafe) private let trainer: Trainer

  init(_ trainer: Trainer) {
    self.trainer = trainer
    // A semaphore must not end lower than it began.
    for _ in 0..<Self.mostEvents { room.signal() }
  }

  func begin() {
    let isFirst = state.withLock { state in
      defer { state.hasBegun = true }
      return !state.hasBegun
    }
    guard isFirst else { return }
    let thread = Thread { [self] in
      do {
        try trainer.run { event in try pass(event) }
        end(.success(()))
      } catch { end(.failure(error)) }
    }
    thread.name = "tiddu training"
    thread.stackSize = 8 << 20
    thread.start()
  }

  private func pass(_ event: TrainingEvent) throws {
    room.wait()
    let waiting = try state.withLock { state throws(CancellationError) in
      guard !state.isCancelled else { throw CancellationError() }
      guard let waiting = state.waiting else {
        state.events.append(event)
        return CheckedContinuation<TrainingEvent?, any Error>?.none
      }
      state.waiting = nil
      return waiting
    }
    waiting?.resume(returning: event)
  }

  private func end(_ result: Result<Void, any Error>) {
    let waiting = state.withLock { state in
      state.end = result
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume(with: result.map { nil })
  }

  func next() async throws -> TrainingEvent? {
    defer { room.signal() }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome = state.withLock { state in
          let outcome = state.take()
          if outcome == nil { state.waiting = continuation }
          return outcome
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      state.withLock { $0.isCancelled = true }
      room.signal()
    }
  }
}
