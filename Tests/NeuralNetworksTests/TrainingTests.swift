import NeuralNetworks
import Support
import TestSupport
import Testing

@Suite struct TrainingTests {
  /// Tools/golden/adam.py: ten updates from given gradients, judged by Keras.
  @Test func adamAgreesWithKeras() throws {
    let golden = try Golden.load("adam")
    let start = try golden["start"]
    let network = try Network(
      Architecture(name: "vector", input: [1], layers: [Dense(units: start.count)]), batchSize: 1, seed: 1)
    try network.set("dense/bias", start)
    let adam = try Adam(for: network.parameters)
    let bias = try #require(network.parameters["dense/bias"])
    let (gradients, expected) = (try golden["gradients"], try golden["parameters"])
    for step in 0..<10 {
      let range = step * start.count..<(step + 1) * start.count
      network.parameters.write(Array(gradients[range]), to: bias, in: network.parameters.gradients)
      adam.update(network.parameters, learningRate: 1e-3)
      expectClose(try network.values("dense/bias"), Array(expected[range]), relative: 1e-6, "step \(step + 1)")
    }
    let change = zip(try network.values("dense/bias"), start).map { $0 - $1 }
    expectClose(change, try golden["change"], relative: 1e-4, "change")
  }

  /// Tools/golden/ten-steps.py: `report-final` from the same weights on the same images, in PyTorch.
  @Test(arguments: [1, 2])
  func tenStepsAgreeWithPyTorch(threads: Int) throws {
    Threads.use(threads)
    let golden = try Golden.load("ten-steps")
    let architecture = Architecture(
      name: "report-final", input: [784],
      layers: [512, 512, 256, 64].map { Dense(units: $0, activation: .relu) }
        + [Dense(units: 784, activation: .sigmoid)])
    let network = try Network(architecture, batchSize: 32, seed: 7)
    #expect(
      try Array(network.values("dense/kernel").prefix(10))
        == golden["uniforms"].map { (2 * $0 - 1) * (Float(6) / 1296).squareRoot() })
    let program = try network.program(batch: 32, mode: .training, loss: .binaryCrossEntropy)
    let adam = try Adam(for: network.parameters)
    var losses: [Float] = []
    for step in 0..<10 {
      for image in 0..<32 {
        var inputs = Philox(seed: 11, epoch: step, index: image)
        var targets = Philox(seed: 13, epoch: step, index: image)
        for place in image * 784..<(image + 1) * 784 {
          program.input[place] = inputs.uniform()
          let u = targets.uniform()
          program.targets[place] = u > 0.8 ? 1 : u < 0.6 ? 0 : u
        }
      }
      losses.append(Float(try program.step().meanLoss))
      adam.update(network.parameters, learningRate: 1e-3)
    }
    for (ours, theirs) in zip(losses, try golden["float64/losses"]) {
      expectClose([ours], [theirs], relative: 1e-5, absolute: 0, "loss")
    }
    let squares = network.parameters.all.map {
      network.parameters.read($0).reduce(0.0) { $0 + Double($1 * $1) }
    }
    expectClose(squares.map(Float.init), try golden["float64/squares"], relative: 1e-4, "sums of squares")
  }

  /// The loss' slope along each parameter, measured by small steps, is what backward says.
  @Test(arguments: [Loss.binaryCrossEntropy, .meanSquaredError])
  func gradientsAgreeWithFiniteDifferences(loss: Loss) throws {
    let penalty = Penalty(l1: 0.01, l2: 0.02)
    let regularizer = Regularizer(kernel: penalty, bias: penalty, activity: penalty)
    // Sigmoid, not ReLU, in the middle: at a kink a difference measures neither side.
    let architecture = Architecture(
      name: "small", input: [3, 2, 1],
      layers: [
        Flatten(), Dense(units: 5, activation: .sigmoid, regularizer: regularizer),
        Dense(units: 4, activation: .softmax),
        Dense(units: 6, activation: .sigmoid), Reshape([3, 2, 1]),
      ])
    let network = try Network(architecture, batchSize: 7, seed: 3)
    let program = try network.program(batch: 7, mode: .training, loss: loss)
    var generator = Philox(seed: 5)
    program.input.fill((0..<42).map { _ in generator.uniform() })
    program.targets.fill((0..<42).map { _ in generator.uniform() })
    for parameter in network.parameters.all {
      let values = (0..<parameter.description.count).map { _ in generator.uniform(in: 0.2...0.9) }
      network.parameters.write(values, to: parameter)
    }
    try expectSlopes(of: network, program, step: 1e-2, relative: 2e-3, absolute: 2e-5)
  }
}
