import NeuralNetworks
import Support
import TestSupport
import Testing

/// A number that is not finite ends a step, and the error says where it came up first.
@Suite struct NotFiniteTests {
  private let network: Network
  private let program: Program
  private let adam: Adam

  init() throws {
    let architecture = Architecture(
      name: "deep", input: [6, 6, 1],
      layers: [
        Convolution2D(filters: 3, padding: .same, activation: .relu), BatchNormalization(), Flatten(),
        Dense(units: 5, activation: .relu), Dense(units: 36),
      ])
    network = try Network(architecture, batchSize: 2, seed: 1)
    program = try network.program(batch: 2, mode: .training, loss: .meanSquaredError)
    adam = try Adam(for: network.parameters)
    program.input.fill((0..<72).map { Float($0 % 7) / 7 })
    program.targets.fill((0..<72).map { Float($0 % 5) / 5 })
  }

  private func expectStop(at place: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let found = #expect(throws: NotFinite.self, sourceLocation: sourceLocation) {
      try program.step(updating: adam, learningRate: 1e-3)
    }
    #expect(found == NotFinite(place: place), sourceLocation: sourceLocation)
  }

  @Test func soundNumbersGoOn() throws {
    for _ in 0..<3 { _ = try program.step(updating: adam, learningRate: 1e-3) }
    #expect(!adam.hasOverflowed && network.parameters.notFinite == nil)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity]) func images(value: Float) {
    program.targets[3] = value
    expectStop(at: "a pixel of the clean images")
    program.input[70] = value
    expectStop(at: "a pixel of the distorted images")
  }

  @Test(arguments: [
    ("conv2d/kernel", "conv2d"), ("batch_normalization/gamma", "batch_normalization"), ("dense/kernel", "dense"),
    ("dense_1/bias", "dense_1"),
  ])
  func outputs(parameter: String, layer: String) throws {
    try network.set(parameter, network.values(parameter).map { _ in 3e38 })
    // Sums of such numbers are infinite; one of them is not, but the square of its error is.
    expectStop(at: layer == "dense_1" ? "the loss" : "the output of layer \(layer)")
  }

  /// ReLU makes 0 of NaN, and the loss is finite: the gradients are not.
  @Test func weightsOfALayerWhoseOutputLooksSound() throws {
    var kernel = try network.values("dense/kernel")
    kernel[0] = .nan
    try network.set("dense/kernel", kernel)
    let found = #expect(throws: NotFinite.self) { try program.step(updating: adam, learningRate: 1e-3) }
    #expect(found?.place.contains("dense") == true, "\(found?.place ?? "")")
  }

  @Test(arguments: ["conv2d", "dense", "dense_1"]) func updates(layer: String) throws {
    // The loss and the gradients are sound: it is the update that is lost.
    let parameter = try #require(network.parameters["\(layer)/kernel"])
    network.parameters.write(
      [Float](repeating: .nan, count: parameter.description.count), to: parameter, in: adam.firstMoments)
    expectStop(at: "the weight \(layer)/kernel")
  }
}
