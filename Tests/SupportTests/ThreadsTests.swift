import Support
import Synchronization
import Testing

@Suite struct ThreadsTests {
  @Test(arguments: [0, 1, 2, 3, 7, 1000])
  func everyTurnOnce(count: Int) {
    for threads in 1...4 {
      let seen = Mutex([Int](repeating: 0, count: count))
      Threads.forEachRange(of: count, threads: threads) { range in
        seen.withLock { seen in for index in range { seen[index] += 1 } }
      }
      #expect(seen.withLock { $0 } == [Int](repeating: 1, count: count))
    }
  }

  /// More parts than the pool keeps bits for, and thousands of regions one behind the other: none is lost, none done twice.
  @Test(arguments: [1, 2, 31, 32, 33, 500])
  func everyPartOnce(parts: Int) throws {
    Threads.use(3)
    for _ in 0..<200 {
      let seen = Mutex([Int](repeating: 0, count: parts))
      try Threads.forEachPart(of: parts) { part in seen.withLock { $0[part] += 1 } }
      #expect(seen.withLock { $0 } == [Int](repeating: 1, count: parts))
    }
  }

  @Test func everyThreadHasItsNumber() throws {
    Threads.use(4)
    let numbers = Mutex(Set<Int>())
    try Threads.forEachPart(of: 400) { _ in
      _ = numbers.withLock { $0.insert(Threads.number) }
      // Within a divided loop nothing is divided again.
      #expect(Threads.count == 1)
      Threads.forEachRange(of: 10) { #expect($0 == 0..<10) }
    }
    #expect(numbers.withLock { $0.isSubset(of: 0..<4) })
    #expect(Threads.count == 4 && Threads.number == 0)
    #expect((1...4).contains(Threads.active))
  }

  private struct Failure: Error, Equatable { var part: Int }

  /// The others are done all the same, and the first part's error is thrown.
  @Test func errorsComeThrough() {
    Threads.use(2)
    let done = Mutex(0)
    #expect(throws: Failure(part: 3)) {
      try Threads.forEachPart(of: 10) { part in
        done.withLock { $0 += 1 }
        if part == 3 || part == 7 { throw Failure(part: part) }
      }
    }
    #expect(done.withLock { $0 } == 10)
  }

  /// A pool grows and shrinks with what its thread asks for.
  @Test func numbersChange() throws {
    for count in [1, 3, 1, 2, 5, 1] {
      try Threads.start(count)
      #expect(Threads.count == count)
      let sum = Mutex(0)
      Threads.forEachRange(of: 1000) { range in sum.withLock { $0 += range.reduce(0, +) } }
      #expect(sum.withLock { $0 } == 499_500)
    }
  }

  @Test func othersUseOfTheCoresIsKnown() throws {
    #if os(Linux)
      let use = try #require(CoreUse())
      let start = ContinuousClock.now
      while ContinuousClock.now - start < .milliseconds(80) {}
      #expect(try #require(use.byOthers) >= 0)
    #endif
  }
}
