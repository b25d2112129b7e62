import NeuralNetworks
import Support
import TestSupport
import Testing

/// Against PyTorch and Keras: Tools/golden/losses.py.
@Suite struct LossTests {
  /// A network that passes logits through, with the final activation given, so that losses see what they expect.
  private func program(_ activation: Activation, loss: Loss) throws -> Program {
    let architecture = Architecture(
      name: "through", input: [10], layers: [ActivationLayer(.linear), ActivationLayer(activation)])
    return try Network(architecture, batchSize: 6, seed: 1).program(batch: 6, mode: .training, loss: loss)
  }

  @Test(arguments: [
    ("bce", Activation.sigmoid, Loss.binaryCrossEntropy), ("mse_linear", .linear, .meanSquaredError),
    ("mse_sigmoid", .sigmoid, .meanSquaredError),
  ])
  func agreesWithPyTorch(name: String, activation: Activation, loss: Loss) throws {
    let golden = try Golden.load("losses")
    let program = try program(activation, loss: loss)
    program.input.fill(try golden["logits"])
    program.targets.fill(try golden["targets"])
    let sums = try program.step()
    expectClose([Float(sums.meanLoss)], [try golden.scalar(name)], relative: 1e-6, "loss")
    expectClose(
      Array(try #require(program.layers[0].output.gradients)), try golden["\(name)_dlogits"], "dlogits")
    #expect(try program.evaluate() == sums)
  }

  @Test func binaryAccuracyIsKeras() throws {
    let golden = try Golden.load("losses")
    for (activation, loss) in [(Activation.sigmoid, Loss.binaryCrossEntropy), (.sigmoid, .meanSquaredError)] {
      let program = try program(activation, loss: loss)
      program.input.fill(try golden["logits"])
      program.targets.fill(try golden["targets"])
      expectClose(
        [Float(try program.evaluate().accuracy)], [try golden.scalar("binary_accuracy")], relative: 1e-6)
    }
  }

  @Test func crossEntropyStaysFiniteFarOut() throws {
    let program = try program(.sigmoid, loss: .binaryCrossEntropy)
    for magnitude: Float in [0, 1e-30, 88, 1e4, 1e30] {
      program.input.fill((0..<60).map { $0 % 2 == 0 ? magnitude : -magnitude })
      program.targets.fill((0..<60).map { $0 % 2 == 0 ? 1 : 0 })
      let sums = try program.step()
      #expect(sums.meanLoss.isFinite && sums.meanLoss >= 0 && sums.meanLoss <= 0.694)
      #expect(try #require(program.layers[0].output.gradients).allSatisfy { $0.isFinite })
    }
  }

  @Test func categoricalAgreesWithPyTorch() throws {
    let golden = try Golden.load("losses")
    let program = try program(.softmax, loss: .categoricalCrossEntropy)
    program.input.fill(try golden["class_logits"])
    program.targets.fill(try golden["classes"])
    let sums = try program.step()
    expectClose([Float(sums.meanLoss)], [try golden.scalar("cce")], relative: 1e-6, "loss")
    expectClose([Float(sums.accuracy)], [try golden.scalar("categorical_accuracy")], relative: 1e-6, "accuracy")
    expectClose(
      Array(try #require(program.layers[0].output.gradients)), try golden["cce_dlogits"], relative: 1e-6, "dlogits")
    #expect(try program.evaluate() == sums)
  }

  /// Sums of two batches are those of their images together.
  @Test func categoricalSumsAddUp() throws {
    let program = try program(.softmax, loss: .categoricalCrossEntropy)
    program.targets.fill((0..<60).map { $0 % 10 == 3 ? 1 : 0 })
    var both = LossSums()
    for right in [3, 4] {
      program.input.fill((0..<60).map { $0 % 10 == right ? 2 : 0 })
      both += try program.evaluate()
    }
    #expect(both.images == 12)
    #expect(abs(both.accuracy - 0.5) < 1e-12)
    // log(9 + e²), less the logit of the class: 2 in one batch, 0 in the other.
    #expect(abs(both.meanLoss - (2.796_613_8 - 1)) < 1e-5)
  }

  @Test func categoricalStaysFiniteFarOut() throws {
    let program = try program(.softmax, loss: .categoricalCrossEntropy)
    for magnitude: Float in [0, 1e-30, 60, 88, 1e4, 1e30] {
      for right in [true, false] {
        program.input.fill((0..<60).map { $0 % 10 == 3 ? magnitude : -magnitude })
        program.targets.fill((0..<60).map { $0 % 10 == (right ? 3 : 7) ? 1 : 0 })
        let sums = try program.step()
        #expect(sums.meanLoss.isFinite && sums.meanLoss >= 0)
        #expect(abs(sums.meanLoss - (right ? 0 : 2 * Double(magnitude))) <= 2.303 + Double(magnitude) * 1e-6)
        #expect(try #require(program.layers[0].output.gradients).allSatisfy { $0.isFinite })
      }
    }
    program.input.fill([Float](repeating: .nan, count: 60))
    #expect(try !program.evaluate().meanLoss.isFinite)
  }

  @Test func categoricalWantsASoftmax() throws {
    for activation in [Activation.sigmoid, .linear, .relu] {
      let architecture = Architecture(name: "a", input: [7], layers: [Dense(units: 4, activation: activation)])
      #expect(throws: UsageError.self) { try Loss.categoricalCrossEntropy.validate(architecture) }
    }
    try Loss.categoricalCrossEntropy.validate(
      Architecture(name: "a", input: [7], layers: [Dense(units: 4), ActivationLayer(.softmax)]))
  }

  @Test func notANumberIsNotHidden() throws {
    let program = try program(.sigmoid, loss: .binaryCrossEntropy)
    program.input.fill([Float](repeating: .nan, count: 60))
    program.targets.fill([Float](repeating: 0.5, count: 60))
    #expect(try !program.evaluate().meanLoss.isFinite)
  }
}
