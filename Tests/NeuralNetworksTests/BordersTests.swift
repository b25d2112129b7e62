import NeuralNetworks
import Support
import TestSupport
import Testing

/// Settings at the ends of their ranges, and what only a size of one or two tells.
@Suite struct BordersTests {
  private func isTaken(_ layer: any Layer, input: Shape) -> Bool { (try? layer.outputShape(for: [input])) != nil }

  @Test func largestSettings() {
    func convolution(_ filters: Int, _ size: Int = 3, _ strides: Int = 1) -> any Layer {
      Convolution2D(
        .init(filters: filters, kernelSize: size, strides: strides, padding: .same, activation: .linear))
    }
    for (largest, beyond) in [
      (Dense(units: 1 << 20) as any Layer, Dense(units: 1 << 20 + 1) as any Layer)
    ] { #expect(isTaken(largest, input: [1]) && !isTaken(beyond, input: [1])) }
    for (largest, beyond) in [
      (convolution(1 << 16), convolution(1 << 16 + 1)), (convolution(1, 256), convolution(1, 257)),
      (convolution(1, 3, 256), convolution(1, 3, 257)), (UpSampling2D(size: 16), UpSampling2D(size: 17)),
    ] { #expect(isTaken(largest, input: [3, 3, 1]) && !isTaken(beyond, input: [3, 3, 1]), "\(beyond)") }
    let small = Architecture(name: "small", input: [1], layers: [Dense(units: 1)])
    #expect(throws: Never.self) { try Network(small, batchSize: 1 << 16, seed: 1) }
    for batch in [0, 1 << 16 + 1] { #expect(throws: UsageError.self) { try Network(small, batchSize: batch, seed: 1) } }
  }

  @Test func onePartIsNotTwo() throws {
    let network = try Network(
      Architecture(name: "small", input: [3], layers: [Dense(units: 2)]), batchSize: 4, seed: 1)
    let programs = try [1, 2, 1].map { try network.program(batch: 4, mode: .inference, parts: $0) }
    #expect(programs[0] !== programs[1] && programs[0] === programs[2])
  }

  /// The odd zero stands behind, as Keras has it.
  @Test func margins() {
    let window = Convolution2D(filters: 1, kernelSize: 4, padding: .same).window
    #expect(window.margins(of: 5) == (1, 2))
    #expect(Convolution2D(filters: 1, kernelSize: 4).window.margins(of: 5) == (0, 0))
    #expect(
      Convolution2D(filters: 1, kernelSize: 1, strides: 3, padding: .same).window.margins(of: 5) == (0, 0),
      "pixels between windows belong to none")
  }

  /// A penalty on outputs is measured after the whole program has run: nothing may have taken their memory.
  @Test func outputsThatArePenalisedAreKept() throws {
    let layers: [any Layer] = [
      Dense(units: 12, activation: .relu, regularizer: Regularizer(activity: Penalty(l1: 0.5, l2: 0.25))),
      Dense(units: 12, activation: .relu), Dense(units: 12, activation: .relu), Dense(units: 12),
    ]
    let network = try Network(
      Architecture(name: "penalised", input: [12], layers: layers), batchSize: 4, seed: 2)
    let penalties = try [Mode.training, .inference].map { mode in
      let program = try network.program(batch: 4, mode: mode, loss: .meanSquaredError)
      program.input.fill((0..<48).map { Float($0 % 5) })
      program.targets.fill([Float](repeating: 0, count: 48))
      return try program.evaluate().penalty
    }
    #expect(penalties[0] > 0 && penalties[0] == penalties[1])
  }

  /// A normalization that two layers read does not take over the ReLU of one of them.
  @Test func twoReadersSeeWhatTheyShould() throws {
    func output(apart: Bool) throws -> [Float] {
      let architecture = Architecture(name: "forked", input: [5, 6, 3]) { net in
        let convolved = net.add(Convolution2D(filters: 4, padding: .same), to: net.input)
        let normalized = net.add(BatchNormalization(), to: convolved)
        let other = apart ? net.add(ActivationLayer(.linear), to: normalized) : normalized
        net.add(Add(), to: net.add(ActivationLayer(.relu), to: other), normalized)
      }
      let network = try Network(architecture, batchSize: 2, seed: 3)
      let program = try network.program(batch: 2, mode: .inference)
      program.input.fill((0..<180).map { Float($0 % 11) / 11 - 0.4 })
      try program.forward()
      return Array(program.output)
    }
    expectClose(try output(apart: false), try output(apart: true), relative: 1e-5)
  }

  @Test func oneReaderIsSpared() throws {
    let layers: [any Layer] = [Convolution2D(filters: 4), BatchNormalization(), ActivationLayer(.relu), Flatten()]
    let network = try Network(Architecture(name: "fused", input: [6, 6, 1], layers: layers), batchSize: 2, seed: 3)
    let program = try network.program(batch: 2, mode: .inference)
    #expect(program.layers[1].computation == "none" && program.layers[2].computation == "none")
  }

  @Test func aLargeProductsSpeed() throws {
    #expect((0.05...20_000).contains(try LargeProduct.gigaflops(runs: 1)))
  }
}
