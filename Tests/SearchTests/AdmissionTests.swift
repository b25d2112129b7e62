import Restoration
import Search
import Support
import TestSupport
import Testing

/// Which trials run side by side: as many as there is memory for, and alone where the program ended with one before.
@Suite struct RoomTests {
  /// Trials end one after the other, and only when all idle workers that may begin have begun.
  private final class CountingPool: WorkerPool {
    let size: Int
    let workersOfAProcess: Int
    private(set) var busy: [Int: Assignment] = [:]
    /// The trials that ran at the same time, in each process.
    private(set) var together: [Set<Int>] = []

    init(size: Int, workersOfAProcess: Int? = nil) {
      (self.size, self.workersOfAProcess) = (size, workersOfAProcess ?? size)
    }

    func process(of worker: Int) -> Int { worker / workersOfAProcess }
    func assign(_ assignment: Assignment, to worker: Int) { busy[worker] = assignment }
    func shutDown() {}

    func next() -> (worker: Int, report: WorkerReport) {
      for (_, workers) in Dictionary(grouping: busy, by: { process(of: $0.key) }) {
        together.append(Set(workers.map(\.value.trial)))
      }
      let worker = busy.keys.min() ?? 0
      let trial = busy.removeValue(forKey: worker)?.trial ?? 0
      return (worker, .done(trial: trial, isWhole: true))
    }
  }

  private func run(in folder: String, _ pool: CountingPool, memory trials: Double) throws -> Study {
    let search = try SearchRun(
      Small.request {
        $0.architectures = [.preset("report-dense-2-8-bce")]
        $0.learningRates = .list([1e-3, 2e-3, 3e-3])
      }, training: TrainingImages(Small.digits), into: "\(folder)/study.sqlite")
    let plan = try search.study.results()[0].trial.plan
    search.admission.memory = try plan.architecture.trainingBytes(batch: plan.batchSize) * trials
    try search.run(with: pool)
    return search.study
  }

  @Test(arguments: [(100.0, 4), (3.5, 3), (2, 2), (1.5, 1), (0.1, 1)])
  func asManyAsThereIsMemoryFor(memory: Double, expected: Int) throws {
    try withTemporaryFolder { folder in
      let pool = CountingPool(size: 4)
      let study = try run(in: folder, pool, memory: memory)
      #expect(pool.together.map(\.count).max() == expected)
      #expect(try study.counts() == [.finished: 6])
    }
  }

  /// Each process has memory of its own.
  @Test func ofEachProcess() throws {
    try withTemporaryFolder { folder in
      let pool = CountingPool(size: 4, workersOfAProcess: 2)
      _ = try run(in: folder, pool, memory: 1)
      #expect(pool.together.allSatisfy { $0.count == 1 } && pool.together.count > 6)
    }
  }

  /// The program ended twice while trials 1 and 2 ran: nothing runs beside either from then on.
  @Test func suspectsRunAlone() throws {
    try withTemporaryFolder { folder in
      final class Ending: WorkerPool {
        let size = 2
        func assign(_ assignment: Assignment, to worker: Int) {}
        func next() throws -> (worker: Int, report: WorkerReport) { throw Interruption() }
        func shutDown() {}
      }
      let request = Small.request { $0.losses = [.binaryCrossEntropy] }
      for _ in 0..<2 {
        let search = try SearchRun(request, training: TrainingImages(Small.digits), into: "\(folder)/study.sqlite")
        #expect(throws: Interruption.self) { try search.run(with: Ending()) }
      }
      let search = try SearchRun(request, training: TrainingImages(Small.digits), into: "\(folder)/study.sqlite")
      let pool = CountingPool(size: 2)
      try search.run(with: pool)
      #expect(pool.together == [[1], [2]])
      #expect(try search.study.counts() == [.finished: 2])
    }
  }
}
