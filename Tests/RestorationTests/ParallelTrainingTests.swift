import Foundation
import ImageSets
import NeuralNetworks
import Restoration
import Support
import TestSupport
import Testing

/// Several ranks train as one process does.
@Suite struct ParallelTrainingTests {
  /// 70 images in batches of 16: five steps an epoch, the last of 6.
  private static func plan(epochs: Int, _ change: (inout TrainingPlan) -> Void = { _ in }) -> TrainingPlan {
    let penalty = Penalty(l1: 1e-5, l2: 1e-4)
    let regularizer = Regularizer(kernel: penalty, bias: penalty, activity: penalty)
    return Small.plan(epochs: epochs) {
      $0.architecture = Architecture(
        name: "penalised", input: [8, 8, 1],
        layers: [
          Flatten(), Dense(units: 24, activation: .relu, regularizer: regularizer), Dropout(rate: 0.2),
          Dense(units: 64, activation: .sigmoid, regularizer: regularizer), Reshape([8, 8, 1]),
        ])
      $0.distorting = .eachEpoch
      $0.schedule = .cosine
      $0.validation = .share(0.3)
      $0.patience = nil
      change(&$0)
    }
  }

  private func history(_ plan: TrainingPlan, ranks: Int) throws -> [History] {
    try Ranks.run(ranks) { try Trainer(plan, training: Small.digits, with: $0).run() }.map { try $0.get() }
  }

  private func expectSame(_ history: History, _ expected: History, _ comment: Comment) {
    func close(_ a: Double?, _ b: Double?) -> Bool {
      guard let a, let b else { return a == nil && b == nil }
      return abs(a - b) <= 1e-4 * abs(b)
    }
    #expect(history.records.count == expected.records.count, comment)
    for (record, other) in zip(history.records, expected.records) {
      #expect(close(record.loss, other.loss), comment)
      #expect(close(record.validationLoss, other.validationLoss), comment)
      #expect(abs(record.accuracy - other.accuracy) < 1e-3, comment)
      #expect(record.learningRate == other.learningRate, comment)
    }
  }

  /// 50 epochs of four steps.
  @Test(arguments: [2, 3]) func lossesOver200Steps(ranks: Int) throws {
    let plan = Self.plan(epochs: 50)
    let expected = try Trainer(plan, training: Small.digits).run()
    let histories = try history(plan, ranks: ranks)
    #expect(histories.count == ranks)
    for history in histories {
      expectSame(history, expected, "\(ranks) ranks")
      #expect(history == histories[0])
    }
  }

  /// 49 images in batches of 2, the last of 1: one of three ranks never has any.
  @Test func fewerImagesThanRanks() throws {
    let plan = Self.plan(epochs: 2) { $0.batchSize = 2 }
    let expected = try Trainer(plan, training: Small.digits).run()
    for history in try history(plan, ranks: 3) { expectSame(history, expected, "batches of 2") }
  }

  @Test func classes() throws {
    let plan = Self.plan(epochs: 4) {
      $0.architecture = Architecture(
        name: "classes", input: [8, 8, 1], layers: [Flatten(), Dense(units: 10, activation: .softmax)])
      $0.loss = .categoricalCrossEntropy
    }
    let expected = try Trainer(plan, training: Small.digits).run()
    for history in try history(plan, ranks: 3) { expectSame(history, expected, "classes") }
  }

  /// Statistics are of each rank's own part: near one process' ones, not the same, and alike on all ranks.
  @Test func batchNormalization() throws {
    let plan = Self.plan(epochs: 3) {
      $0.architecture = Architecture(
        name: "normalized", input: [8, 8, 1],
        layers: [
          Flatten(), Dense(units: 24), BatchNormalization(momentum: 0.5), Dense(units: 64, activation: .sigmoid),
          Reshape([8, 8, 1]),
        ])
    }
    let trained = try Ranks.run(3) { collective in
      let trainer = try Trainer(plan, training: Small.digits, with: collective)
      try trainer.run()
      return trainer
    }.map { try $0.get() }
    let alone = try Trainer(plan, training: Small.digits)
    let expected = try alone.run()
    for trainer in trained {
      #expect(trainer.history == trained[0].history)
      for (record, other) in zip(trainer.history.records, expected.records) {
        #expect(abs(record.loss - other.loss) < 0.03 * other.loss)
      }
      for name in ["moving_mean", "moving_variance"] {
        func values(_ trainer: Trainer) throws -> [Float] {
          let parameters = trainer.network.parameters
          return try parameters.read(#require(parameters["batch_normalization/\(name)"]))
        }
        let (own, first, others) = try (values(trainer), values(trained[0]), values(alone))
        #expect(own == first)
        #expect(zip(own, others).allSatisfy { abs($0 - $1) < 0.3 }, "\(name) \(own) \(others)")
      }
    }
  }

  /// Broken off and resumed, two ranks end with the bytes of two that were not; only rank 0 needs to see the folder.
  @Test func resumed() throws {
    let plan = Self.plan(epochs: 4)
    try withTemporaryFolder { folder in
      func place(_ name: String, _ collective: any Collective) -> RunFolder {
        RunFolder(collective.isFirst ? "\(folder)/\(name)" : "/nowhere/\(name)")
      }
      func run(_ name: String, until last: Int?, resuming: Bool = false) throws {
        let results = Ranks.run(2) { collective in
          let run = place(name, collective)
          let trainer =
            try resuming
            ? Trainer(resuming: run, training: Small.digits, with: collective)
            : Trainer(plan, training: Small.digits, into: run, with: collective)
          do {
            try trainer.run { if case .epoch(let record, _, _) = $0, record.epoch == last { throw Interruption() } }
          } catch is Interruption {}
          return trainer.history
        }
        let histories = try results.map { try $0.get() }
        #expect(histories[0] == histories[1])
        #expect(histories[0].records.count == last ?? plan.epochs)
      }
      try run("whole", until: nil)
      try run("broken", until: 1)
      try run("broken", until: 3, resuming: true)
      try run("broken", until: nil, resuming: true)
      let whole = try RunFolder("\(folder)/whole").lastingBytes()
      #expect(try RunFolder("\(folder)/broken").lastingBytes() == whole)
    }
  }
}
