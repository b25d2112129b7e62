import Distortions
import ImageSets
import NeuralNetworks
import Restoration
import Support
import TestSupport
import Testing

/// Runs that go on to another end, find their data again, or come to nothing.
@Suite struct GoingOnTests {
  /// A finished run with more epochs is the run that had them from the start, with a constant rate.
  @Test func moreEpochs() throws {
    try withTemporaryFolder { folder in
      let (short, long) = (RunFolder("\(folder)/short"), RunFolder("\(folder)/long"))
      try Trainer(Small.plan(epochs: 2), training: Small.digits, into: short).run()
      try Trainer(Small.plan(epochs: 5), training: Small.digits, into: long).run()
      let trainer = try Trainer(
        resuming: short, training: TrainingImages(Small.digits), changing: PlanChange(epochs: 5))
      #expect(try trainer.run().records.count == 5)
      #expect(try short.lastingBytes() == long.lastingBytes())
      // Fewer than there are: nothing more is trained.
      let fewer = try Trainer(
        resuming: short, training: TrainingImages(Small.digits), changing: PlanChange(epochs: 3))
      #expect(try fewer.run().records.count == 5)
    }
  }

  @Test func patienceCanBeTakenBack() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder("\(folder)/run")
      var plan = Small.plan(epochs: 8)
      (plan.learningRate, plan.patience) = (1e-12, 1)
      let stopped = try Trainer(plan, training: Small.digits, into: run).run().records.count
      let trainer = try Trainer(
        resuming: run, training: TrainingImages(Small.digits), changing: PlanChange(patience: .some(nil)))
      #expect(try trainer.run().records.count == 8)
      #expect(stopped <= 8)
    }
  }

  @Test func findsTheDataFromElsewhere() throws {
    try withTemporaryFolder { folder in
      try Folder.create("\(folder)/data")
      try Folder.create("\(folder)/runs/a")
      let origin = DataOrigin(dataset: "data")
      #expect(try origin.found(from: "\(folder)/runs/a").dataset.hasSuffix("/data"))
      let error = #expect(throws: UsageError.self) { try DataOrigin(dataset: "nowhere").found(from: "\(folder)/runs") }
      #expect(error?.remedy.contains("--data") == true)
      #expect(try DataOrigin(dataset: "synthetic").found(from: folder).dataset == "synthetic")
    }
  }

  /// Units that never answer: all images get what the last bias says.
  @Test func collapseIsSaid() throws {
    func collapses(rate: Double) throws -> [Int] {
      var plan = Small.plan(epochs: 2)
      plan.learningRate = rate
      var epochs: [Int] = []
      try Trainer(plan, training: Small.digits).run { event in
        if case .collapsed(let epoch) = event { epochs.append(epoch) }
      }
      return epochs
    }
    #expect(try collapses(rate: 100) == [1])
    #expect(try collapses(rate: 1e-3).isEmpty)
  }
}
