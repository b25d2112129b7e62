import Foundation
import ImageSets
import NeuralNetworks
import Restoration
import Support
import TestSupport
import Testing

/// A run that was broken off and resumed ends with the same bytes as one that was not.
@Suite struct ResumeTests {
  private static let plans: [TrainingPlan] = [
    Small.plan(epochs: 4),
    Small.plan(epochs: 4) {
      $0.distorting = .eachEpoch
      $0.schedule = .cosine
      $0.threads = 2
    },
    Small.plan(epochs: 4) {
      $0.distorting = .eachEpoch
      $0.validation = .share(0.3)
      $0.loss = .meanSquaredError
    },
    Small.plan(epochs: 4) {
      $0.schedule = .cosine
      $0.validation = .set("test")
      $0.learningRate = 0.5  // so high that the best epoch is not the last
    },
  ]

  /// Runs to the end, or until `isEnough` says of an event that the run is to be broken off.
  private func run(_ trainer: Trainer, until isEnough: (TrainingEvent) -> Bool = { _ in false }) throws {
    do { try trainer.run { event in if isEnough(event) { throw Interruption() } } } catch is Interruption {}
  }

  private func begin(_ plan: TrainingPlan, _ folder: RunFolder) throws -> Trainer {
    try Trainer(plan, training: Small.digits, validation: Small.otherDigits, into: folder)
  }

  private func resume(_ folder: RunFolder) throws -> Trainer {
    try Trainer(resuming: folder, training: Small.digits, validation: Small.otherDigits)
  }

  private func isEnd(of epoch: Int) -> (TrainingEvent) -> Bool {
    { if case .epoch(let record, _, _) = $0 { record.epoch == epoch } else { false } }
  }

  private func isMiddle(of wanted: Int) -> (TrainingEvent) -> Bool {
    { if case .progress(let epoch, let done, _, _, _, _) = $0 { epoch == wanted && done > 30 } else { false } }
  }

  private func unbroken(_ plan: TrainingPlan, in folder: String) throws -> [String: [UInt8]] {
    let run = RunFolder("\(folder)/unbroken")
    try self.run(begin(plan, run))
    return try run.lastingBytes()
  }

  @Test(arguments: plans.indices) func brokenOffAnywhere(index: Int) throws {
    let plan = Self.plans[index]
    try withTemporaryFolder { folder in
      let expected = try unbroken(plan, in: folder)
      let broken = RunFolder("\(folder)/broken")
      try run(begin(plan, broken), until: isMiddle(of: 1))
      // Where it stands within the epoch is kept, and nothing that would look like a whole one.
      #expect(Folder.kind(of: broken.optimizer) == .file)
      #expect(Folder.kind(of: broken.last) == .absent && Folder.kind(of: broken.historyCSV) == .absent)
      for stop in [isMiddle(of: 1), isEnd(of: 1), isMiddle(of: 2), isMiddle(of: 3), isEnd(of: 3)] {
        try run(resume(broken), until: stop)
      }
      #expect(try resume(broken).history.records.count == 3)
      try run(resume(broken))
      #expect(try broken.lastingBytes() == expected)
      #expect(try Folder.names(in: broken.path).count == 5)
    }
  }

  /// Where one process broke off, several go on: all with the same batch.
  @Test func severalGoOnInTheMiddle() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder("\(folder)/run")
      try self.run(begin(Small.plan(epochs: 2), run), until: isMiddle(of: 1))
      let results = Ranks.run(2) { try Trainer(resuming: run, training: Small.digits, with: $0).run() }
      let histories = try results.map { try $0.get() }
      #expect(histories.allSatisfy { $0.records.map(\.epoch) == [1, 2] } && histories[0] == histories[1])
      let whole = try Trainer(Small.plan(epochs: 2), training: Small.digits).run()
      #expect(abs(histories[0].records[0].loss - whole.records[0].loss) < 1e-4)
    }
  }

  /// Killed between two files of one epoch: only those before that are of the new epoch, in the order of writing.
  @Test(arguments: plans.indices, 0..<4) func killedBetweenTwoFiles(index: Int, written: Int) throws {
    let plan = Self.plans[index]
    try withTemporaryFolder { folder in
      let expected = try unbroken(plan, in: folder)
      let broken = RunFolder("\(folder)/broken")
      let inOrder = [broken.optimizer, broken.last, broken.best, broken.historyCSV]
      for epoch in 1...3 {
        let old = inOrder.map { try? Folder.read($0) }
        try run(epoch == 1 ? begin(plan, broken) : resume(broken), until: isEnd(of: epoch))
        for (path, bytes) in zip(inOrder, old).dropFirst(written) {
          if let bytes {
            try WholeFile.write(bytes, to: path)
          } else {
            try FileManager.default.removeItem(atPath: path)
          }
        }
        if written == 0 { try run(resume(broken), until: isEnd(of: epoch)) }
      }
      try run(resume(broken))
      #expect(try broken.lastingBytes() == expected)
    }
  }

  @Test func finishedRunStaysAsItIs() throws {
    try withTemporaryFolder { folder in
      let expected = try unbroken(Small.plan(), in: folder)
      let run = RunFolder("\(folder)/unbroken")
      let history = try resume(run).run { _ in Issue.record("nothing is left to be trained") }
      #expect(history.records.count == 3)
      #expect(try run.lastingBytes() == expected)
    }
  }

  @Test func otherDataAndOtherPlans() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder("\(folder)/run")
      let plan = Small.plan()
      try self.run(begin(plan, run), until: isEnd(of: 1))
      let before = try run.lastingBytes()
      for other in [Small.otherDigits, Small.digits.prefix(69)] {
        let error = #expect(throws: DataError.self) { try Trainer(resuming: run, training: other) }
        #expect(error?.description.contains("the 70 images and their labels that the run was begun with") == true)
      }
      let again = #expect(throws: UsageError.self) { try begin(plan, run) }
      #expect(again?.problem == "\(run.path) holds a run already")
      #expect(try run.lastingBytes() == before)

      let config = String(decoding: try Folder.read(run.config), as: UTF8.self)
      try WholeFile.write(config.replacingOccurrences(of: "batch_size: 16", with: "batch_size: 8"), to: run.config)
      let changed = #expect(throws: DataError.self) { try resume(run) }
      #expect(changed?.description.contains("expected the plan in config.yaml") == true)
      try FileManager.default.removeItem(atPath: run.config)
      let missing = #expect(throws: UsageError.self) { try resume(run) }
      #expect(missing?.problem == "\(run.path) holds no run")
      #expect(throws: UsageError.self) { try begin(plan, run) }
    }
  }

  @Test func damagedState() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder("\(folder)/run")
      try self.run(begin(Small.plan(), run), until: isEnd(of: 2))
      let bytes = try Folder.read(run.optimizer)
      for length in stride(from: 0, to: bytes.count, by: 997) {
        try WholeFile.write(Array(bytes[..<length]), to: run.optimizer)
        #expect(throws: DataError.self, "\(length) bytes") { try resume(run) }
      }
      // A checkpoint has the weights, but neither moments nor history.
      try WholeFile.write(Folder.read(run.last), to: run.optimizer)
      let error = #expect(throws: DataError.self) { try resume(run) }
      #expect(error?.file == run.optimizer)
    }
  }

  /// With a learning rate of nothing no epoch is better than the first.
  @Test func earlyStopping() throws {
    let plan = Small.plan(epochs: 9) {
      $0.learningRate = 1e-30
      $0.validation = .share(0.3)
      $0.patience = 2
    }
    try withTemporaryFolder { folder in
      let expected = try unbroken(plan, in: folder)
      #expect(try Checkpoint.read("\(folder)/unbroken/last.safetensors").epoch == 3)
      #expect(try Checkpoint.open("\(folder)/unbroken").epoch == 1)
      for epoch in 1...3 {
        let broken = RunFolder("\(folder)/\(epoch)")
        try run(begin(plan, broken), until: isEnd(of: epoch))
        var stops: [Int] = []
        try resume(broken).run { event in
          if case .stoppedEarly(let epoch, let best) = event { stops += [epoch, best.epoch] }
        }
        #expect(stops == [3, 1])
        #expect(try broken.lastingBytes() == expected)
      }
    }
  }
}
