import NeuralNetworks
import Support
import TestSupport
import Testing

/// Convolutional layers together, without another program as the judge.
@Suite struct FiniteDifferenceTests {
  /// Sigmoid, not ReLU: at a kink a difference measures neither side.
  private static let graph = Architecture(name: "graph", input: [6, 5, 2]) { net in
    let convolved = net.add(Convolution2D(filters: 4, padding: .same, activation: .sigmoid), to: net.input)
    let pooled = net.add(MaxPooling2D(padding: .same), to: convolved)
    let normalized = net.add(BatchNormalization(), to: pooled)
    let transposed = net.add(
      TransposedConvolution2D(filters: 3, strides: 2, padding: .same, activation: .sigmoid), to: normalized)
    let upsampled = net.add(UpSampling2D(), to: normalized)
    let both = net.add(Concatenate(), to: transposed, upsampled)
    net.add(Dense(units: 5, activation: .softmax), to: net.add(Flatten(), to: both))
  }

  /// The tolerances are what 32 bits leave of the loss, 4.1 and 0.35, over a step of 0.004. With these numbers no step
  /// makes another pixel the largest of its window; the two largest are at least 0.0016 apart.
  @Test(arguments: [(Loss.categoricalCrossEntropy, Float(1.5e-4)), (.meanSquaredError, 3e-5)])
  func gradientsAgree(loss: Loss, absolute: Float) throws {
    let network = try Network(Self.graph, batchSize: 3, seed: 3, convolution: .direct)
    let program = try network.program(batch: 3, mode: .training, loss: loss)
    var generator = Philox(seed: 5)
    program.input.fill((0..<180).map { _ in generator.uniform() })
    program.targets.fill((0..<15).map { $0 % 5 == $0 / 5 * 2 ? 1 : 0 })
    let names = [
      "conv2d/kernel", "conv2d/bias", "batch_normalization/gamma", "batch_normalization/beta",
      "conv2d_transpose/kernel", "conv2d_transpose/bias", "dense/kernel", "dense/bias",
    ]
    for name in names {
      let count = try network.values(name).count
      try network.set(name, (0..<count).map { _ in generator.uniform(in: -0.5...0.5) })
    }
    try expectSlopes(of: network, program, step: 4e-3, relative: 2e-3, absolute: absolute)
  }
}
