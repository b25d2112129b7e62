import Foundation
import Synchronization

/// A bounded line between the requests and the threads that work: whoever finds it full is turned away at once.
final class WaitingLine<Element: Sendable>: Sendable {
  private struct Entry {
    var element: Element
    var since: ContinuousClock.Instant
  }

  private let most: Int
  private let condition = NSCondition()
  private nonisolated(unsafe) var entries: [Entry] = []
  private nonisolated(unsafe) var isClosed = false

  init(most: Int) { self.most = most }

  var count: Int { condition.withLock { entries.count } }

  /// - Throws: `Fault` where it is full.
  func append(_ element: Element) throws {
    condition.lock()
    defer { condition.unlock() }
    guard entries.count < most, !isClosed else { throw Fault.overloaded() }
    entries.append(Entry(element: element, since: .now))
    condition.signal()
  }

  /// The first, and of the others those that fit to it, in their order; waits for one.
  ///
  /// - Parameters:
  ///   - patience: how long to wait for others to come.
  ///   - joins: whether another goes with what was taken so far.
  /// - Returns: nil once the line is closed and empty.
  func take(
    patience: Duration = .zero, joining joins: (_ taken: [Element], Element) -> Bool
  ) -> [(element: Element, waited: Duration)]? {
    condition.lock()
    defer { condition.unlock() }
    while entries.isEmpty {
      if isClosed { return nil }
      condition.wait()
    }
    let now = ContinuousClock.now
    if patience > .zero, let first = entries.first, now - first.since < patience {
      let left = (patience - (now - first.since)) / .seconds(1)
      _ = condition.wait(until: Date(timeIntervalSinceNow: left))
      if entries.isEmpty { return [] }
    }
    var (taken, rest) = ([entries[0]], [Entry]())
    for entry in entries.dropFirst() {
      if joins(taken.map(\.element), entry.element) { taken.append(entry) } else { rest.append(entry) }
    }
    entries = rest
    return taken.map { ($0.element, now - $0.since) }
  }

  func close() {
    condition.withLock { isClosed = true }
    condition.broadcast()
  }
}
