import Distortions
import ImageSets
import NeuralNetworks
import Restoration
import Support
import TestSupport
import Testing

@Suite struct TrainerTests {
  @Test func learns() throws {
    let digits = SyntheticDigits().imageSet(writers: 0..<64, perWriter: 10, name: "digits")
    var plan = TrainingPlan(
      architecture: Presets.dense(name: "tiny", input: SyntheticDigits.shape, layers: 2, bottleneck: 32),
      loss: .binaryCrossEntropy,
      recipe: .reportSingle, threads: 2)
    (plan.epochs, plan.validation) = (6, .share(0.1))
    let records = try Trainer(plan, training: digits).run().records
    #expect(records[0].loss > 0.35)
    #expect(records[5].loss < 0.27)
    #expect((records[5].validationLoss ?? 1) < 0.3)
    #expect(records[5].accuracy > 0.75)
    #expect(zip(records, records.dropFirst()).allSatisfy { $0.loss > $1.loss })
  }

  @Test(arguments: [1, 2]) func sameBytesTwice(threads: Int) throws {
    let plan = Small.plan { $0.threads = threads }
    try withTemporaryFolder { folder in
      let runs = ["a", "b"].map { RunFolder("\(folder)/\($0)") }
      for run in runs { try Trainer(plan, training: Small.digits, into: run).run() }
      #expect(try runs[0].lastingBytes() == runs[1].lastingBytes())
    }
  }

  @Test func seedsMakeADifference() throws {
    func loss(_ change: (inout TrainingPlan) -> Void) throws -> Double? {
      try Trainer(Small.plan(change), training: Small.digits).run().records.last?.loss
    }
    let losses = try [loss { _ in }, loss { $0.seed = 2 }, loss { $0.distorting = .eachEpoch }]
    #expect(Set(losses).count == 3)
  }

  /// One step an epoch: the first has a loss yet, the second starts from weights thrown far away.
  @Test func divergence() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder("\(folder)/run")
      let plan = Small.plan {
        $0.learningRate = 1e30
        $0.batchSize = 70
      }
      let trainer = try Trainer(plan, training: Small.digits, into: run)
      var before: [String: [UInt8]] = [:]
      let error = #expect(throws: UsageError.self) {
        try trainer.run { if case .epoch = $0 { before = try run.lastingBytes() } }
      }
      #expect(error?.problem == "training diverged in epoch 2, step 1 of 1: the output of layer dense_1 is not finite")
      #expect(error?.remedy.contains("--learning-rate") == true)
      #expect(error?.remedy.contains("\(run.last) holds epoch 1") == true)
      #expect(before.count == 5)
      #expect(try run.lastingBytes() == before)
      #expect(try Checkpoint.open(run.path).epoch == 1)
    }
  }

  /// Weights beyond what a float holds are no result, even where the epoch's loss was measured before.
  @Test(arguments: [Validation.none, .share(0.5)]) func divergenceAtOnce(validation: Validation) throws {
    try withTemporaryFolder { (folder) throws in
      let run = RunFolder("\(folder)/run")
      let plan = Small.plan {
        $0.learningRate = 1e300
        $0.batchSize = 70
        $0.validation = validation
      }
      #expect(throws: UsageError.self) { try Trainer(plan, training: Small.digits, into: run).run() }
      #expect(Folder.kind(of: run.path) == .absent)
    }
  }

  @Test func imagesThatDoNotFit() throws {
    let large = TinyImages.ramp(count: 4, height: 9, width: 8)
    let error = #expect(throws: UsageError.self) { try Trainer(Small.plan(), training: large) }
    #expect(error?.problem == "small takes images of 8×8×1, and those of ramp are 9×8×1")
    #expect(throws: UsageError.self) { try Trainer(Small.plan(), training: Small.digits.prefix(0)) }
    let share = Small.plan { $0.validation = .share(0.01) }  // of 70: none
    #expect(throws: UsageError.self) { try Trainer(share, training: Small.digits) }
    let set = Small.plan { $0.validation = .set("dig") }
    let missing = #expect(throws: UsageError.self) { try Trainer(set, training: Small.digits) }
    #expect(missing?.problem.contains("dig") == true)
  }

  /// What the network sees is what `tiddu distort` would make of the same images.
  @Test(arguments: [TrainingPlan.Distorting.once, .eachEpoch], [1, 2])
  func pairs(distorting: TrainingPlan.Distorting, threads: Int) throws {
    var plan = Small.plan()
    plan.threads = threads
    let source = try ExampleSource(Small.digits, of: plan, distorting: distorting, seed: 5)
    let network = try Network(Small.architecture(), batchSize: 3, seed: 1)
    let program = try network.program(batch: 3, mode: .training, loss: .meanSquaredError)
    let distorter = try Recipe.reportMultiple.compiled(for: Small.digits.shape)
    for epoch in [1, 2] {
      let numbers = [69, 0, 31]
      source.fill(program, with: numbers[...], epoch: epoch)
      let distorted = distorter.apply(to: Small.digits, seed: 5, epoch: distorting == .once ? 0 : epoch)
      #expect(Array(program.targets) == numbers.flatMap(Small.digits.numbers))
      #expect(Array(program.input) == numbers.flatMap(distorted.numbers))
    }
  }
}
