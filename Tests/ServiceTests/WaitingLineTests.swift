import Foundation
import Service
import Synchronization
import Testing

/// The line between requests and the threads that work. What goes through it as a whole is tested in Tests/Web.
@Suite struct WaitingLineTests {
  private func take(_ line: WaitingLine<Int>, takes: Duration = .zero, joins: ([Int], Int) -> Bool) -> [Int]? {
    line.take(thread: 0, joining: joins, takes: { _ in takes })?.map(\.element)
  }

  @Test func takesWhatGoesTogetherInOrder() throws {
    let line = WaitingLine<Int>(most: 10)
    for number in [1, 2, 11, 3, 12, 4] { try line.append(number) }
    // Those of one decade go together, three at most.
    let joins = { (taken: [Int], next: Int) in taken[0] / 10 == next / 10 && taken.count < 3 }
    #expect(take(line, joins: joins) == [1, 2, 3])
    #expect(take(line, joins: joins) == [11, 12])
    #expect(take(line, joins: joins) == [4])
    #expect(line.count == 0)
  }

  @Test func turnsAwayWhoComesWhenItIsFull() throws {
    let line = WaitingLine<Int>(most: 2)
    try line.append(1)
    try line.append(2)
    #expect(throws: (any Error).self) { try line.append(3) }
    #expect(take(line) { _, _ in false } == [1])
    try line.append(4)
    #expect(line.count == 2)
  }

  @Test func endsOnceItIsEmpty() throws {
    let line = WaitingLine<Int>(most: 2)
    try line.append(1)
    line.close()
    #expect(throws: (any Error).self) { try line.append(2) }
    #expect(take(line) { _, _ in true } == [1])
    #expect(take(line) { _, _ in true } == nil)
  }

  /// However quickly threads say that they will be back, nothing is left lying.
  @Test func nothingIsForgotten() async throws {
    let line = WaitingLine<Int>(most: 100_000)
    let seen = Mutex<[Int]>([])
    let threads = (0..<3).map { number in
      Thread {
        while let taken = line.take(
          thread: number, joining: { taken, _ in taken.count < 5 }, takes: { _ in .microseconds(200) })
        {
          seen.withLock { $0 += taken.map(\.element) }
        }
      }
    }
    for thread in threads { thread.start() }
    for number in 0..<20_000 {
      try line.append(number)
      if number % 500 == 0 { try await Task.sleep(for: .milliseconds(2)) }
    }
    let deadline = ContinuousClock.now + .seconds(20)
    while seen.withLock({ $0.count }) < 20_000, ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(5))
    }
    line.close()
    #expect(seen.withLock { $0.sorted() } == Array(0..<20_000))
  }

  @Test func waitsForOthersAsLongAsItIsTold() throws {
    let line = WaitingLine<Int>(most: 10)
    try line.append(1)
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.02)
      try? line.append(2)
    }
    let taken = line.take(thread: 0, patience: .milliseconds(500), joining: { _, _ in true }, takes: { _ in .zero })
    #expect(taken?.map(\.element) == [1, 2])
  }
}
