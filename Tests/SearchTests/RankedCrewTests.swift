import Foundation
import Groundwork
import Search
import TestSupport
import Testing

/// Processes played by threads that write to each other through a common heap of letters.
@Suite struct RankedCrewTests {
  private final class Heap: @unchecked Sendable {
    private let lock = NSLock()
    private var letters: [Int: [(from: Int, bytes: [UInt8])]] = [:]

    func put(_ bytes: [UInt8], from: Int, to: Int) {
      lock.lock()
      defer { lock.unlock() }
      letters[to, default: []].append((from, bytes))
    }

    func take(for rank: Int) -> (from: Int, bytes: [UInt8])? {
      lock.lock()
      defer { lock.unlock() }
      guard letters[rank]?.isEmpty == false else { return nil }
      return letters[rank]?.removeFirst()
    }
  }

  private final class HeapPost: Post {
    let rank: Int
    let size: Int
    private let heap: Heap
    var sentTo: Set<Int> = []

    init(rank: Int, of size: Int, _ heap: Heap) { (self.rank, self.size, self.heap) = (rank, size, heap) }
    func send(_ bytes: [UInt8], to rank: Int) {
      sentTo.insert(rank)
      heap.put(bytes, from: self.rank, to: rank)
    }
    func receiveIfThere() -> (from: Int, bytes: [UInt8])? { heap.take(for: rank) }
  }

  @Test(arguments: [(2, 1), (3, 1), (2, 2)]) func ranksFindWhatOneProcessFinds(ranks: Int, workers: Int) throws {
    try withTemporaryFolder { folder in
      let alone = try Small.search(Small.request(), into: "\(folder)/alone.sqlite").results()
      let heap = Heap()
      let home = DispatchGroup()
      for rank in 1..<ranks {
        home.enter()
        Thread.detachNewThread {
          try? RankedCrew.serve(LocalCrew(Small.worker, size: workers), over: HeapPost(rank: rank, of: ranks, heap))
          home.leave()
        }
      }
      let search = try SearchRun(Small.request(), training: Small.digits, into: "\(folder)/ranks.sqlite")
      let post = HeapPost(rank: 0, of: ranks, heap)
      try search.run(with: RankedCrew(local: LocalCrew(Small.worker, size: workers), post: post))
      let results = try search.study.results()
      #expect(results.map { $0.epochs.map(\.record) } == alone.map { $0.epochs.map(\.record) })
      #expect(results.allSatisfy { $0.trial.state == .finished })
      #expect(post.sentTo == Set(1..<ranks))
      #expect(home.wait(timeout: .now() + 20) == .success, "not all ranks went home")
    }
  }
}
