import Foundation

/// A bounded line between the requests and the threads that work: whoever finds it full is turned away at once.
package final class WaitingLine<Element: Sendable>: Sendable {
  private struct Entry {
    var element: Element
    var since: ContinuousClock.Instant
  }

  private let most: Int
  private let condition = NSCondition()
  // Guarded by the condition.
  private nonisolated(unsafe) var entries: [Entry] = []
  private nonisolated(unsafe) var isClosed = false
  private nonisolated(unsafe) var idle = 0
  /// When each thread that works is expected back.
  private nonisolated(unsafe) var returns: [Int: ContinuousClock.Instant] = [:]

  /// A thread that will be back so soon is waited for: waking another one for so little would cost the requests' own threads more.
  private static var soon: Duration { .milliseconds(1) }

  package init(most: Int) { self.most = most }

  package var count: Int { condition.withLock { entries.count } }

  /// - Throws: `Fault` where it is full.
  package func append(_ element: Element) throws {
    let now = ContinuousClock.now
    condition.lock()
    defer { condition.unlock() }
    guard entries.count < most, !isClosed else { throw Fault.overloaded() }
    entries.append(Entry(element: element, since: now))
    let isSomebodySoonBack = returns.values.contains { $0 > now - Self.soon && $0 < now + Self.soon }
    if idle > 0, !isSomebodySoonBack { condition.signal() }
  }

  /// The first, and of the others those that go with it, in their order; waits for one.
  ///
  /// - Parameters:
  ///   - thread: which one asks.
  ///   - patience: how long the first may wait for others.
  ///   - joins: whether another goes with what was taken so far.
  ///   - takes: how long what was taken keeps the thread.
  /// - Returns: nil once the line is closed and empty.
  package func take(
    thread: Int, patience: Duration = .zero, joining joins: (_ taken: [Element], Element) -> Bool,
    takes: ([Element]) -> Duration
  ) -> [(element: Element, waited: Duration)]? {
    condition.lock()
    defer { condition.unlock() }
    returns[thread] = nil
    waitForOne()
    waitForOthers(patience)
    guard let first = entries.first else { return isClosed ? nil : [] }
    var (taken, elements, rest) = ([first], [first.element], [Entry]())
    for entry in entries.dropFirst() {
      if joins(elements, entry.element) {
        taken.append(entry)
        elements.append(entry.element)
      } else {
        rest.append(entry)
      }
    }
    entries = rest
    let now = ContinuousClock.now
    let time = takes(elements)
    returns[thread] = now + time
    if !rest.isEmpty, idle > 0, time > Self.soon { condition.signal() }
    return taken.map { ($0.element, now - $0.since) }
  }

  private func waitForOne() {
    idle += 1
    while entries.isEmpty, !isClosed { condition.wait() }
    idle -= 1
  }

  private func waitForOthers(_ patience: Duration) {
    guard patience > .zero else { return }
    while let first = entries.first, !isClosed {
      let left = patience - (ContinuousClock.now - first.since)
      guard left > .zero, condition.wait(until: Date(timeIntervalSinceNow: left / .seconds(1))) else { return }
    }
  }

  package func close() {
    condition.withLock { isClosed = true }
    condition.broadcast()
  }
}
