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
}
