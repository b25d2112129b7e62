import Foundation
import NeuralNetworks
import TestSupport
import Testing

/// Losses where they are most likely to be wrong: all 0, all 1, one pixel, one image; against the formulas in 64 bits.
@Suite struct LossEdgesTests {
  /// Logits, targets and how many there are of them in each of so many images.
  struct Case: Sendable, CustomTestStringConvertible {
    var logit: Float
    var target: Float
    var images: Int
    var size: Int
    var testDescription: String { "\(images)×\(size) of \(logit), wanted \(target)" }
  }

  static let cases = [Float](arrayLiteral: -90, -1, 0, 1, 90).flatMap { logit in
    [Float](arrayLiteral: 0, 1, 0.5).flatMap { target in
      [(1, 1), (1, 784), (3, 1), (2, 17)].map { Case(logit: logit, target: target, images: $0.0, size: $0.1) }
    }
  }

  private func step(_ loss: Loss, _ activation: Activation, _ item: Case, targets: [Float]? = nil) throws
    -> (sums: LossSums, gradients: [Float])
  {
    let architecture = Architecture(
      name: "through", input: [item.size], layers: [ActivationLayer(.linear), ActivationLayer(activation)])
    let program = try Network(architecture, batchSize: item.images, seed: 1)
      .program(batch: item.images, mode: .training, loss: loss)
    let count = item.images * item.size
    program.input.fill([Float](repeating: item.logit, count: count))
    program.targets.fill(targets ?? [Float](repeating: item.target, count: count))
    let sums = try program.step()
    return (sums, Array(try #require(program.layers[0].output.gradients)))
  }

  private func expect(
    _ result: (sums: LossSums, gradients: [Float]), loss: Double, gradient: Double, isCorrect: Bool, _ item: Case
  ) {
    let count = item.images * item.size
    // An image's sum is one of 32 bits, on some processors of one number after the other.
    #expect(abs(result.sums.meanLoss - loss) <= 2e-5 * max(loss, 1e-3), "\(result.sums.meanLoss), not \(loss)")
    expectClose(
      result.gradients, [Float](repeating: Float(gradient / Double(count)), count: count), relative: 2e-6,
      absolute: 1e-9 / Float(count))
    #expect(result.sums.correct == (isCorrect ? count : 0))
    #expect(result.sums.values == count && result.sums.images == item.images)
  }

  @Test(arguments: cases) func binaryCrossEntropy(item: Case) throws {
    let (z, t) = (Double(item.logit), Double(item.target))
    try expect(
      step(.binaryCrossEntropy, .sigmoid, item), loss: max(z, 0) - z * t + log1p(exp(-abs(z))),
      gradient: 1 / (1 + exp(-z)) - t, isCorrect: t == (z > 0 ? 1 : 0), item)
  }

  @Test(arguments: cases) func squaredError(item: Case) throws {
    let (y, t) = (Double(item.logit), Double(item.target))
    try expect(
      step(.meanSquaredError, .linear, item), loss: (y - t) * (y - t), gradient: 2 * (y - t),
      isCorrect: t == (y > 0.5 ? 1 : 0), item)
  }

  /// Equal logits: log n, of one class alone 0; nothing is wanted where all targets are 0.
  @Test(arguments: cases.filter { $0.target == 0 }) func categorical(item: Case) throws {
    let (sums, gradients) = try step(
      .categoricalCrossEntropy, .softmax, item,
      targets: (0..<item.images * item.size).map { $0 % item.size == 0 ? 1 : 0 })
    #expect(abs(sums.meanLoss - log(Double(item.size))) < 1e-6)
    #expect(sums.correct == item.images && sums.values == item.images)
    let share = 1 / Double(item.size)
    expectClose(
      gradients,
      gradients.indices.map { Float((share - ($0 % item.size == 0 ? 1 : 0)) / Double(item.images)) }, relative: 2e-6,
      absolute: 1e-9)
    let nothing = try step(.categoricalCrossEntropy, .softmax, item)
    #expect(nothing.sums.meanLoss == 0 && nothing.gradients.allSatisfy { $0 == 0 })
  }
}
