import NeuralNetworks
import TestSupport
import Testing

/// A few steps of Adam against Keras: Tools/golden/conv-training.py.
@Suite struct ConvolutionTrainingTests {
  static let classifier = Architecture(
    name: "classifier", input: [12, 10, 1],
    layers: [
      Convolution2D(filters: 6, activation: .relu), Convolution2D(filters: 8, activation: .relu), MaxPooling2D(),
      Flatten(), Dense(units: 16, activation: .relu), Dense(units: 10, activation: .softmax),
    ])

  static let autoencoder = Architecture(
    name: "autoencoder", input: [9, 7, 1],
    layers: [
      Convolution2D(filters: 6, padding: .same, activation: .relu), MaxPooling2D(padding: .same), Flatten(),
      Dense(units: 63, activation: .softmax), Reshape([9, 7, 1]),
      TransposedConvolution2D(filters: 5, padding: .same, activation: .relu), BatchNormalization(),
      Convolution2D(filters: 1, padding: .same, activation: .sigmoid),
    ])

  @Test(
    arguments: [(classifier, Loss.categoricalCrossEntropy), (autoencoder, .meanSquaredError)],
    [ConvolutionAlgorithm.direct, .fastest])
  func lossesAgreeWithKeras(example: (Architecture, Loss), algorithm: ConvolutionAlgorithm) throws {
    let (architecture, loss) = example
    let golden = try Golden.load("conv-training")
    func expected(_ key: String) throws -> [Float] { try golden["\(architecture.name)/\(key)"] }
    let shape = try golden.tensor("\(architecture.name)/x").shape
    let (steps, batch, x, targets) = (shape[0], shape[1], try expected("x"), try expected("targets"))
    let network = try Network(architecture, batchSize: batch, seed: 1, convolution: algorithm)
    let moving = ["batch_normalization/moving_mean", "batch_normalization/moving_variance"]
      .filter { network.parameters[$0] != nil }
    let trained = network.parameters.all.map(\.name).filter { !moving.contains($0) }
    for name in trained + moving { try network.set(name, expected(name)) }
    let program = try network.program(batch: batch, mode: .training, loss: loss)
    let adam = try Adam(for: network.parameters)
    func fill(_ step: Int) {
      let (images, wanted) = (x.count / steps, targets.count / steps)
      program.input.fill(Array(x[step * images..<(step + 1) * images]))
      program.targets.fill(Array(targets[step * wanted..<(step + 1) * wanted]))
    }
    let losses = try expected("losses")
    for step in 0..<steps {
      fill(step)
      expectClose(
        [Float(try program.step().meanLoss)], [losses[step]], relative: 1e-5, absolute: 0, "loss \(step + 1)")
      adam.update(network.parameters, learningRate: 1e-3)
    }
    for name in moving { expectClose(try network.values(name), try expected("after/\(name)"), name) }
    // The last images once more, with the weights that the steps have left.
    expectClose([Float(try program.step().meanLoss)], [losses[steps]], relative: 1e-5, absolute: 0, "loss after all")
  }
}
