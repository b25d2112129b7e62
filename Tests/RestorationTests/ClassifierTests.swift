import Foundation
import ImageSets
import NeuralNetworks
import Restoration
import Support
import TestSupport
import Testing

@Suite struct ClassifierTests {
  static func plan(epochs: Int = 2, _ change: (inout TrainingPlan) -> Void = { _ in }) -> TrainingPlan {
    let architecture = Architecture(
      name: "reader", input: [8, 8, 1],
      layers: [
        Convolution2D(filters: 16, padding: .same, activation: .relu), BatchNormalization(), MaxPooling2D(),
        Dropout(rate: 0.2), Flatten(), Dense(units: 10, activation: .softmax),
      ])
    var plan = TrainingPlan(architecture: architecture, loss: .categoricalCrossEntropy, recipe: .identity, threads: 1)
    (plan.epochs, plan.batchSize, plan.learningRate) = (epochs, 16, 0.01)
    change(&plan)
    return plan
  }

  @Test func learnsToRead() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder("\(folder)/run")
      let history = try Trainer(Self.plan(epochs: 30), training: Small.digits, into: run).run()
      #expect((history.records.last?.accuracy ?? 0) > 0.9)
      let classifier = try Classifier(contentsOf: run.path)
      let labels = try classifier.classify(Small.digits).map(\.label)
      #expect(zip(labels, Small.digits.labels ?? []).count { $0 == $1 } >= 60)
      #expect(classifier.classes == 10)
    }
  }

  /// The loss that training reports of a program is the mean of −log p of the true classes.
  @Test func logarithmsAgreeWithTheLoss() throws {
    let plan = Self.plan()
    let network = try Network(plan.architecture, batchSize: 16, seed: 3)
    let classifier = try Classifier(Checkpoint(of: network, plan: plan, epoch: 1))
    let logarithms = try classifier.logProbabilities(of: Small.digits)
    let labels = try #require(Small.digits.labels)
    let mean = labels.enumerated().map { -Double(logarithms[$0 * 10 + $1]) }.reduce(0, +) / Double(labels.count)
    let program = try network.program(batch: 70, mode: .inference, loss: .categoricalCrossEntropy)
    try ExampleSource(Small.digits, of: plan, distorting: .once, seed: 1)
      .fill(program, with: Array(0..<70)[...], epoch: 0)
    expectClose([Float(try program.evaluate().meanLoss)], [Float(mean)], relative: 1e-5)
    for one in try classifier.classify(Small.digits.prefix(3)) {
      #expect(abs(one.probabilities.reduce(0, +) - 1) < 1e-5 && one.confidence == one.probabilities.max())
    }
  }

  /// Running statistics and dropout are part of what resuming has to bring back.
  @Test func aBrokenRunEndsAsAnUnbrokenOne() throws {
    try withTemporaryFolder { folder in
      let (whole, broken) = (RunFolder("\(folder)/whole"), RunFolder("\(folder)/broken"))
      let plan = Self.plan(epochs: 3) { $0.validation = .share(0.2) }
      try Trainer(plan, training: Small.digits, into: whole).run()
      let trainer = try Trainer(plan, training: Small.digits, into: broken)
      #expect(throws: Interruption.self) {
        try trainer.run { event in if case .epoch(let record, _, _) = event, record.epoch == 2 { throw Interruption() }
        }
      }
      try Trainer(resuming: broken, training: Small.digits).run()
      #expect(try whole.lastingBytes() == broken.lastingBytes())
      #expect(try Checkpoint.read(whole.best).weights.keys.contains("batch_normalization/moving_variance"))
    }
  }

  @Test func wantsLabels() throws {
    let set = Small.digits
    let unlabelled = ImageSet(shape: set.shape, pixels: set.pixels, name: "bare", source: "bare.npz")
    let error = #expect(throws: DataError.self) { try Trainer(Self.plan(), training: unlabelled) }
    #expect(error?.file == "bare.npz")
    var labels = set.labels ?? []
    labels[7] = 10
    let wrong = ImageSet(shape: set.shape, pixels: set.pixels, labels: labels, name: "wrong", source: "wrong.npz")
    #expect(throws: DataError.self) { try Trainer(Self.plan(), training: wrong) }
  }

  @Test func correctorsAndReadersAreNotMixedUp() throws {
    let plan = Self.plan()
    let reader = try Checkpoint(of: Network(plan.architecture, batchSize: 4, seed: 1), plan: plan, epoch: 1)
    #expect(throws: UsageError.self) { try Restorer(reader) }
    #expect(throws: UsageError.self) { try Classifier(Small.checkpoint()) }
  }

  /// settled-facts' sizes: the report's models by their layers' parameters.
  @Test(arguments: [
    ("report-classifier", 1_940_490, 0), ("report-conv-2-32-mse", 1_249_777, 128),
    ("report-conv-3-64-bce", 953_937, 384),
    ("report-conv-4-128-bce", 0, 1024),
  ])
  func presetsHaveTheirParameters(name: String, parameters: Int, fixed: Int) throws {
    let summary = try Summary(of: Presets.architecture(named: name).0)
    if parameters > 0 { #expect(summary.parameters == parameters) }
    #expect(summary.parameters - summary.trainableParameters == fixed)
  }

  @Test func everyPointOfTheGridHasAPreset() throws {
    for layers in 2...4 {
      for neurons in [32, 64, 128] {
        for (model, loss) in [("dense", "bce"), ("dense", "mse"), ("conv", "bce"), ("conv", "mse")] {
          let plan = try Presets.plan(named: "report-\(model)-\(layers)-\(neurons)-\(loss)")
          try plan.validate()
          #expect(try plan.architecture.outputShape() == [28, 28, 1])
        }
      }
    }
    for name in [
      "report-conv-0-32-bce", "report-conv-2-32-cce", "report-conv-9999999999999999999-3-bce", "report-conv-2-32",
    ] {
      #expect(throws: UsageError.self) { try Presets.plan(named: name) }
    }
  }
}
