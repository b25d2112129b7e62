import Distortions
import ImageSets
import NeuralNetworks
import Restoration
import Support
import Testing

/// Presets follow the data: every size, channel count and number of classes.
@Suite struct AnyImageTests {
  /// Initial weights of every preset for 28×28×1 and ten labels.
  @Test(arguments: [
    ("report-final", 0xee42_07b0_ac7d_f578 as UInt64),
    ("report-dense-3-64-mse", 0xee42_07b0_ac7d_f578),
    ("report-dense-5-16-bce", 0x1b49_b397_f197_1b8e),
    ("report-conv-2-32-mse", 0x96b2_c066_a926_3343),
    ("report-conv-3-16-bce", 0x3d5d_bbac_1535_6ecd),
    ("tiddu-small-orientation", 0xf95e_293e_47cf_8d7f),
    ("tiddu-small-restoration", 0x6bab_84a0_0dae_b790),
    ("tiddu-best-orientation", 0x5a3b_c7b7_1741_cb08),
    ("report-classifier", 0x14d7_f9aa_2307_c253),
    ("tiddu-best-restoration", 0xbd01_1a68_a655_f06a),
  ])
  func initialWeightsArePinned(preset: String, checksum: UInt64) throws {
    let network = try Network(Presets.plan(named: preset).architecture, batchSize: 32, seed: 1)
    let tensors = network.parameters.tensors()
    let sums = tensors.keys.sorted().map { name in
      tensors[name]!.values.withUnsafeBytes(Checksum.of).littleEndian
    }
    let found = sums.withUnsafeBytes(Checksum.of)
    #expect(found == checksum, "\(preset) 0x\(String(found, radix: 16))")
  }

  private static let shapes = [(33, 27, 3), (64, 64, 1), (9, 14, 3), (5, 4, 1)]

  @Test(arguments: Presets.modelNames + ["report-final", "report-conv-2-4-bce", "denoiser"], shapes)
  func everySize(preset: String, shape: (Int, Int, Int)) throws {
    let shape = ImageSet.Shape(height: shape.0, width: shape.1, channels: shape.2)
    let data = DataDescription(shape: shape, classes: ["a", "b", "c"])
    let plans =
      try Presets.modelPlan(named: preset, for: data).map { [$0.orientation, $0.restoration] }
      ?? [try Presets.plan(named: preset, for: data)]
    for plan in plans {
      try plan.validate()
      #expect(plan.architecture.input == shape.extents)
      let output = try plan.architecture.outputShape()
      if plan.task == .orientation {
        #expect(output == [Orientation.all(for: shape).count * 3 * Damage.allCases.count])
        #expect(plan.classes == ["a", "b", "c"] && plan.syntheticImages == 0)
      } else {
        #expect(output == shape.extents)
      }
    }
  }

  /// Odd sizes, three channels and named classes are trained and used for real.
  @Test func oddColouredAndNamed() throws {
    let shape = ImageSet.Shape(height: 13, width: 11, channels: 3)
    var set = try SyntheticNumbers(shape: shape, classes: 4).imageSet(firstWriter: 0, count: 24, name: "numbers")
    set.labelNames = [0: "nought", 1: "one", 2: "two", 3: "three"]
    let data = DataDescription(shape: shape, classes: try #require(set.classNames))
    var model = try #require(try Presets.modelPlan(named: "tiddu-small", for: data))
    model.forEachPart { ($0.epochs, $0.threads) = (1, 1) }
    func train(_ plan: TrainingPlan) throws -> Checkpoint {
      let trainer = try Trainer(plan, training: set)
      try trainer.run()
      return Checkpoint(of: trainer.network, plan: trainer.plan, epoch: 1)
    }
    let both = try Model(
      name: "small", orientation: train(model.orientation), restoration: train(model.restoration))
    let restored = try Restorer(both).restoration(of: set)
    #expect(restored.images.shape == shape && restored.images.labels == set.labels)
    let kept = Set(Orientation.all(for: shape))
    #expect(kept.count == 4 && restored.findings?.allSatisfy { kept.contains($0.orientation) } == true)
  }

  /// A set that numbers its classes otherwise is read by their names; one of an unknown class is refused.
  @Test func classesGoByName() throws {
    let data = DataDescription(shape: Small.digits.shape, classes: ["ant", "bee"])
    let architecture = Architecture(
      name: "two", input: [8, 8, 1], layers: [Flatten(), Dense(units: 2, activation: .softmax)])
    var plan = TrainingPlan(architecture: architecture, loss: .categoricalCrossEntropy, recipe: .identity, threads: 1)
    plan.setClasses(data.classes)
    #expect(plan.classes == ["ant", "bee"])
    let network = try Network(architecture, batchSize: 4, seed: 1)
    let classifier = try Classifier(Checkpoint(of: network, plan: plan, epoch: 1))
    #expect(classifier.classNames == ["ant", "bee"])
    var set = Small.digits.selecting([0, 1, 2])
    set = ImageSet(shape: set.shape, pixels: set.pixels, labels: [7, 3, 7], name: "s", source: "s")
    set.labelNames = [7: "ant", 3: "bee"]
    #expect(try set.relabeled(by: classifier.classNames).labels == [0, 1, 0])
    set.labelNames = [7: "ant", 3: "cow"]
    let error = #expect(throws: DataError.self) { try set.relabeled(by: classifier.classNames) }
    #expect(error?.place == "image 1" && error?.found == "cow")
    #expect(throws: UsageError.self) {
      plan.setClasses(["ant", "ant"])
      try plan.validate()
    }
  }

  @Test func whatPresetsRefuse() {
    for (preset, shape, classes, words) in [
      ("tiddu-small", (1, 1, 1), 10, "too small"), ("report-final", (3, 40, 1), 10, "too small"),
      ("tiddu-small-orientation", (28, 28, 1), 1001, "1001 classes"), ("report-classifier", (28, 28, 1), 0, "labels"),
      ("report-classifier", (28, 28, 1), 1, "one class"),
    ] {
      let data = DataDescription(
        shape: .init(height: shape.0, width: shape.1, channels: shape.2), classes: (0..<classes).map { "c\($0)" })
      let error = #expect(throws: UsageError.self) {
        _ = try Presets.modelPlan(named: preset, for: data)
        _ = try Presets.plan(named: preset, for: data)
      }
      #expect(error?.description.contains(words) == true, "\(preset): \(error?.description ?? "")")
    }
    // What a preset's layers cannot take names the layer.
    let small = DataDescription(shape: .init(height: 6, width: 6, channels: 1), classes: ["a", "b"])
    let error = #expect(throws: UsageError.self) { try Presets.plan(named: "report-classifier", for: small).validate() }
    #expect(error?.problem.contains("layer conv2d_") == true)
  }
}
