import NeuralNetworks
import TestSupport
import Testing

/// Against Keras: Tools/golden/normalisation.py.
@Suite struct BatchNormalizationTests {
  private static let name = "batch_normalization"

  /// x (steps, N, …): three training passes without an update of the weights, then inference.
  @Test(arguments: ["five", "thirty-two", "vectors"])
  func agreesWithKeras(part: String) throws {
    let golden = try Golden.load("normalisation")
    func expected(_ key: String) throws -> [Float] { try golden["\(part)/\(key)"] }
    let shape = try golden.tensor("\(part)/x").shape
    let (steps, batch, x) = (shape[0], shape[1], try expected("x"))
    let size = x.count / steps
    let middle = try LayerInTheMiddle(BatchNormalization(), input: Array(shape.dropFirst(2)), batch: batch)
    let network = middle.network
    for parameter in ["gamma", "beta", "moving_mean", "moving_variance"] {
      try network.set("\(Self.name)/\(parameter)", expected(parameter))
    }
    let program = try network.program(batch: batch, mode: .training)
    for step in 0..<steps {
      let y = try middle.forward(program, Array(x[step * size..<(step + 1) * size]))
      let dx = try middle.backward(program, expected("dy"))
      if step == 0 {
        expectClose(y, try expected("y"), "y")
        expectClose(dx, try expected("dx"), "dx")
        expectClose(try network.gradient("\(Self.name)/gamma"), try expected("dgamma"), "dgamma")
        expectClose(try network.gradient("\(Self.name)/beta"), try expected("dbeta"), "dbeta")
      }
      if step == 0 || step == steps - 1 { try expectMovingStatistics(network, golden, part, after: step + 1) }
    }
    let inference = try network.program(batch: batch, mode: .inference)
    expectClose(try middle.forward(inference, Array(x.prefix(size))), try expected("y_inference"), "y in inference")
    try expectMovingStatistics(network, golden, part, after: steps)
  }

  private func expectMovingStatistics(
    _ network: Network, _ golden: Golden, _ part: String, after step: Int
  ) throws {
    for statistic in ["moving_mean", "moving_variance"] {
      // 1 − 0.99 is rounded in 32 bits, or this could be 1e-6.
      expectClose(
        try network.values("\(Self.name)/\(statistic)"), try golden["\(part)/\(statistic)_\(step)"], relative: 2e-6,
        "\(statistic) after step \(step)")
    }
  }

  @Test func startsAsKeras() throws {
    let network = try LayerInTheMiddle(BatchNormalization(), input: [4, 2, 3], batch: 5).network
    #expect(try network.values("\(Self.name)/gamma") == [1, 1, 1])
    #expect(try network.values("\(Self.name)/beta") == [0, 0, 0])
    #expect(try network.values("\(Self.name)/moving_mean") == [0, 0, 0])
    #expect(try network.values("\(Self.name)/moving_variance") == [1, 1, 1])
  }

  /// A variance of zero leaves epsilon alone under the root.
  @Test(arguments: [1, 4])
  func constantImagesGiveBeta(batch: Int) throws {
    let middle = try LayerInTheMiddle(BatchNormalization(), input: [1, 1, 3], batch: batch)
    try middle.network.set("\(Self.name)/beta", [0.5, -2, 7])
    let program = try middle.network.program(batch: batch, mode: .training)
    func each(_ image: [Float]) -> [Float] { Array([[Float]](repeating: image, count: batch).joined()) }
    expectClose(try middle.forward(program, each([3, -5, 0.25])), each([0.5, -2, 7]))
    let dx = try middle.backward(program, each([1, 2, 3]))
    expectClose(dx, each([0, 0, 0]), absolute: 1e-4, "dx")
  }

  @Test func refusesWhatDoesNotFit() {
    for wrong in [-0.5, 1.5, .nan, .infinity] as [Float] {
      expectRefusal(of: BatchNormalization(momentum: wrong), named: Self.name)
    }
    for wrong in [-1e-3, .nan, .infinity] as [Float] {
      expectRefusal(of: BatchNormalization(epsilon: wrong), named: Self.name)
    }
  }
}
