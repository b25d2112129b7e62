import CAllocationCounter
import NeuralNetworks
import Support
import Testing

/// Everything that a step needs is made when the network is compiled.
@Suite struct AllocationTests {
  private func allocations(_ body: () throws -> Void) rethrows -> Int {
    allocation_counter_start()
    try body()
    return allocation_counter_stop()
  }

  private static let dense = Architecture(
    name: "dense", input: [28, 28, 1],
    layers: [
      Flatten(), Dense(units: 256, activation: .relu, regularizer: .init(kernel: .init(l2: 1e-4))),
      Dense(units: 32, activation: .softmax), Dense(units: 784, activation: .sigmoid), Reshape([28, 28, 1]),
    ])

  private static let convolutional = Architecture(name: "u-net", input: [12, 12, 1]) { net in
    let wide = net.add(Convolution2D(filters: 16, padding: .same, activation: .relu), to: net.input)
    var narrow = net.add(MaxPooling2D(), to: wide)
    narrow = net.add(Dropout(rate: 0.2), to: narrow)
    narrow = net.add(TransposedConvolution2D(filters: 16, strides: 2, padding: .same, activation: .relu), to: narrow)
    let both = net.add(Concatenate(), to: wide, net.add(BatchNormalization(), to: narrow))
    let sum = net.add(Add(), to: wide, net.add(Convolution2D(filters: 16, padding: .same), to: both))
    net.add(Convolution2D(filters: 1, padding: .same, activation: .sigmoid), to: sum)
  }

  private static let classifier = Architecture(
    name: "classifier", input: [12, 12, 1],
    layers: [Convolution2D(filters: 20, activation: .relu), Flatten(), Dense(units: 10, activation: .softmax)])

  @Test(
    arguments: [
      (dense, Loss.binaryCrossEntropy), (dense, .meanSquaredError), (convolutional, .binaryCrossEntropy),
      (classifier, .categoricalCrossEntropy),
    ], [1, 2])
  func aTrainingStepAllocatesNothing(what: (architecture: Architecture, loss: Loss), threads: Int) throws {
    Threads.use(threads)
    let network = try Network(what.architecture, batchSize: 32, seed: 1)
    let adam = try Adam(for: network.parameters)
    let program = try network.program(batch: 32, mode: .training, loss: what.loss)
    func step() throws {
      _ = try program.step(drawing: Randomness(seed: 1, step: adam.step))
      adam.update(network.parameters, learningRate: 1e-3)
    }
    for _ in 0..<3 { try step() }
    #expect(try allocations { for _ in 0..<5 { try step() } } == 0)
  }

  @Test(.enabled(if: allocation_counter_works() != 0)) func theCounterCounts() {
    var kept: [Int] = []
    #expect(allocations { kept = Array(0..<100) } >= 1)
    #expect(kept.count == 100)
  }
}
