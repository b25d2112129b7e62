import Foundation
import Restoration
import Search
import Support
import TestSupport
import Testing

/// Processes played by threads that write to each other through a common heap of messages.
@Suite struct DistributedWorkerPoolTests {
  private final class Heap: @unchecked Sendable {
    private let lock = NSLock()
    private var messages: [Int: [(from: Int, bytes: [UInt8])]] = [:]

    func put(_ bytes: [UInt8], from: Int, to: Int) {
      lock.lock()
      defer { lock.unlock() }
      messages[to, default: []].append((from, bytes))
    }

    func take(for rank: Int) -> (from: Int, bytes: [UInt8])? {
      lock.lock()
      defer { lock.unlock() }
      guard messages[rank]?.isEmpty == false else { return nil }
      return messages[rank]?.removeFirst()
    }
  }

  private final class HeapChannel: MessageChannel {
    let rank: Int
    let size: Int
    private let heap: Heap
    var sentTo: Set<Int> = []

    init(rank: Int, of size: Int, _ heap: Heap) { (self.rank, self.size, self.heap) = (rank, size, heap) }
    func send(_ bytes: [UInt8], to rank: Int) {
      sentTo.insert(rank)
      heap.put(bytes, from: self.rank, to: rank)
    }
    func tryReceive() -> (from: Int, bytes: [UInt8])? { heap.take(for: rank) }
  }

  @Test(arguments: [(2, 1), (3, 1), (2, 2)]) func ranksFindWhatOneProcessFinds(ranks: Int, workers: Int) throws {
    try withTemporaryFolder { folder in
      let alone = try Small.search(Small.request(), into: "\(folder)/alone.sqlite").results()
      let heap = Heap()
      let home = DispatchGroup()
      for rank in 1..<ranks {
        home.enter()
        Thread.detachNewThread {
          try? DistributedWorkerPool.serve(
            LocalWorkerPool(Small.worker, size: workers), over: HeapChannel(rank: rank, of: ranks, heap))
          home.leave()
        }
      }
      let search = try SearchRun(
        Small.request(), training: TrainingImages(Small.digits), into: "\(folder)/ranks.sqlite")
      let channel = HeapChannel(rank: 0, of: ranks, heap)
      try search.run(with: DistributedWorkerPool(local: LocalWorkerPool(Small.worker, size: workers), channel: channel))
      let results = try search.study.results()
      #expect(results.map { $0.epochs.map(\.record) } == alone.map { $0.epochs.map(\.record) })
      #expect(results.allSatisfy { $0.trial.state == .finished })
      #expect(channel.sentTo == Set(1..<ranks))
      #expect(home.wait(timeout: .now() + 20) == .success, "not all ranks went home")
    }
  }
}
