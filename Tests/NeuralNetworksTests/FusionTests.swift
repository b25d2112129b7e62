import NeuralNetworks
import Support
import TestSupport
import Testing

/// What layers do for one another in one pass is what they would do each for itself.
@Suite struct FusionTests {
  /// A convolution, a normalization and a ReLU; `apart` puts layers without effect between them, so that none can do
  /// another's work.
  private func network(_ convolution: any Layer, input: Shape, apart: Bool) throws -> Network {
    let between: [any Layer] = apart ? [ActivationLayer(.linear)] : []
    var layers: [any Layer] = [convolution]
    layers += between + [BatchNormalization()] + between + [ActivationLayer(.relu)]
    layers += [Convolution2D(filters: 2, padding: .same)]
    let network = try Network(Architecture(name: "fused", input: input, layers: layers), batchSize: 3, seed: 5)
    var generator = Philox(seed: 6)
    for parameter in network.parameters.all where !parameter.name.hasSuffix("kernel") {
      // Variances are positive.
      network.parameters.write((0..<parameter.description.count).map { _ in generator.uniform() + 0.1 }, to: parameter)
    }
    return network
  }

  private static let convolutions: [any Layer] = [
    Convolution2D(filters: 16, padding: .same), Convolution2D(filters: 5), Convolution2D(filters: 1, kernelSize: 5),
    Convolution2D(filters: 17),
    TransposedConvolution2D(filters: 16, strides: 2, padding: .same),
  ]

  @Test(arguments: convolutions.indices, [Mode.inference, .training])
  func agreesWithLayersOnTheirOwn(number: Int, mode: Mode) throws {
    var outputs: [[Float]] = []
    var gradients: [[Float]] = []
    for apart in [false, true] {
      let network = try network(Self.convolutions[number], input: [9, 11, 16], apart: apart)
      let program = try network.program(batch: 3, mode: mode, loss: mode == .training ? .meanSquaredError : nil)
      for index in program.input.indices { program.input[index] = Float(index % 23) / 23 }
      if mode == .training { _ = try program.step() } else { try program.forward() }
      outputs.append(Array(program.output))
      if mode == .training {
        // A bias before a normalization changes nothing: what is left of its gradient is rounding.
        let trained = network.parameters.trainable.filter {
          !($0.name.hasSuffix("/bias") && $0.range.lowerBound < 16_000)
        }
        gradients.append(
          trained.filter { $0.name.hasSuffix("kernel") }.flatMap {
            network.parameters.read($0, from: network.parameters.gradients)
          })
      }
    }
    expectClose(outputs[0], outputs[1], relative: 1e-5, "output")
    if mode == .training { expectClose(gradients[0], gradients[1], relative: 2e-5, "gradients") }
  }

  /// A program for inference takes new weights, though it lays them out but once.
  @Test func weightsMayChange() throws {
    let network = try network(Convolution2D(filters: 16, padding: .same), input: [9, 11, 16], apart: false)
    let program = try network.program(batch: 3, mode: .inference)
    for index in program.input.indices { program.input[index] = Float(index % 23) / 23 }
    try program.forward()
    let before = Array(program.output)
    for name in ["conv2d/kernel", "batch_normalization/moving_mean"] {
      let values = try network.values(name)
      try network.set(name, values.map { $0 + 0.25 })
      try program.forward()
      #expect(Array(program.output) != before, "\(name)")
      try network.set(name, values)
      try program.forward()
      #expect(Array(program.output) == before, "\(name)")
    }
  }

  /// Weights changed as soon as their gradient is known are what they are when changed at the end.
  @Test func updatesInPlace() throws {
    let architecture = Architecture(
      name: "mixed", input: [8, 8, 1],
      layers: [
        Convolution2D(filters: 16, padding: .same, activation: .relu), Flatten(),
        Dense(units: 37, activation: .relu),
        Dense(units: 20, activation: .relu, regularizer: .init(kernel: .init(l2: 1e-3))),
        Dense(units: 64, activation: .sigmoid), Reshape([8, 8, 1]),
      ])
    var all: [[Float]] = []
    for inPlace in [true, false] {
      let network = try Network(architecture, batchSize: 5, seed: 2)
      let program = try network.program(batch: 5, mode: .training, loss: .binaryCrossEntropy)
      let adam = try Adam(for: network.parameters)
      for index in program.input.indices { program.input[index] = Float(index % 13) / 13 }
      for index in program.targets.indices { program.targets[index] = Float(index % 7) / 7 }
      for _ in 0..<4 {
        if inPlace {
          _ = try program.step(updating: adam, learningRate: 1e-2)
        } else {
          _ = try program.step()
          adam.update(network.parameters, learningRate: 1e-2)
        }
      }
      #expect(adam.step == 4)
      all.append(network.parameters.all.flatMap { network.parameters.read($0) })
      all[all.count - 1] += network.parameters.trainable.flatMap {
        network.parameters.read($0, from: adam.secondMoments)
      }
    }
    expectClose(all[0], all[1], relative: 1e-6, "weights and moments")
  }

  /// Every layer has a time, and the products are counted as the summary has them.
  @Test func layersAreTimed() throws {
    let network = try network(Convolution2D(filters: 16, padding: .same), input: [9, 11, 16], apart: false)
    let summary = try Summary(of: network.architecture)
    for mode in [Mode.inference, .training] {
      let times = try network.program(batch: 3, mode: mode).layerTimes(rounds: 2)
      #expect(times.map(\.layer) == network.architecture.layers.map(\.name))
      #expect(times.allSatisfy { $0.forward >= 0 && ($0.backward == nil) == (mode == .inference) })
      #expect(times[0].method == "Winograd F(4×4, 3×3)" && times[3].method == "direct")
      let passes: (first: Double, other: Double) = mode == .inference ? (1, 1) : (2, 3)
      #expect(times[0].operations == 6 * Double(summary.rows[1].multiplyAdds) * passes.first)
      #expect(times[3].operations == 6 * Double(summary.rows[4].multiplyAdds) * passes.other)
    }
    #expect(try LargeProduct.gigaflops(runs: 1) > 0)
  }
}
