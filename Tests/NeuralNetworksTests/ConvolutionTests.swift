import NeuralNetworks
import TestSupport
import Testing

/// Against Keras and PyTorch: Tools/golden/convolution.py.
@Suite struct ConvolutionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var part: String
    var kernelSize: Int
    var strides: Int
    var padding: Padding
    var activation: Activation
    var testDescription: String { part }

    init(_ part: String, _ kernelSize: Int, _ strides: Int, _ padding: Padding, _ activation: Activation) {
      (self.part, self.kernelSize, self.strides) = (part, kernelSize, strides)
      (self.padding, self.activation) = (padding, activation)
    }
  }

  static let plain = [
    Case("same-relu", 3, 1, .same, .relu), Case("same-relu-blocked", 3, 1, .same, .relu),
    Case("valid", 3, 1, .valid, .linear), Case("valid-strided", 3, 2, .valid, .linear),
    Case("five-strided", 5, 2, .same, .relu), Case("three-strided-odd", 3, 2, .same, .linear),
    Case("three-strided-even", 3, 2, .same, .linear), Case("one", 1, 1, .valid, .relu),
    Case("one-strided", 1, 2, .same, .linear), Case("even", 2, 1, .same, .relu),
    Case("sigmoid", 3, 1, .same, .sigmoid), Case("to-one", 3, 1, .same, .sigmoid),
    Case("to-one-five", 5, 1, .valid, .relu), Case("from-one", 3, 1, .same, .relu),
    Case("from-one-even", 2, 1, .same, .linear),
  ]

  static let transposed = [
    Case("same-relu", 3, 1, .same, .relu), Case("same-relu-blocked", 3, 1, .same, .relu),
    Case("valid", 3, 1, .valid, .linear), Case("strided", 3, 2, .same, .relu),
    Case("strided-valid", 3, 2, .valid, .sigmoid), Case("strided-five", 5, 2, .same, .linear),
    Case("two", 2, 2, .same, .relu), Case("two-strided-by-three", 2, 3, .valid, .linear),
    Case("from-one", 3, 1, .valid, .relu), Case("to-one", 3, 1, .same, .linear),
  ]

  /// Winograd's way of multiplying rounds more than the plain sum does.
  private func tolerance(of algorithm: ConvolutionAlgorithm) -> Float { algorithm == .direct ? 1e-5 : 5e-5 }

  @Test(arguments: plain, [ConvolutionAlgorithm.direct, .fastest])
  func plainAgreesWithKeras(example: Case, algorithm: ConvolutionAlgorithm) throws {
    let golden = try Golden.load("convolution")
    let layer = Convolution2D(
      filters: try golden["\(example.part)/bias"].count, kernelSize: example.kernelSize, strides: example.strides,
      padding: example.padding, activation: example.activation)
    try expectAgreement(
      of: layer, named: "conv2d", parameters: ["kernel", "bias"], with: golden, part: example.part,
      convolution: algorithm, relative: tolerance(of: algorithm))
  }

  @Test(arguments: transposed, [ConvolutionAlgorithm.direct, .fastest])
  func transposedAgreesWithKeras(example: Case, algorithm: ConvolutionAlgorithm) throws {
    let golden = try Golden.load("transposed-convolution")
    let layer = TransposedConvolution2D(
      filters: try golden["\(example.part)/bias"].count, kernelSize: example.kernelSize, strides: example.strides,
      padding: example.padding, activation: example.activation)
    try expectAgreement(
      of: layer, named: "conv2d_transpose", parameters: ["kernel", "bias"], with: golden, part: example.part,
      convolution: algorithm, relative: tolerance(of: algorithm))
  }

  @Test func shapesAreKeras() throws {
    let architecture = Architecture(
      name: "shapes", input: [9, 8, 2],
      layers: [
        Convolution2D(filters: 3), Convolution2D(filters: 5, kernelSize: 4, strides: 2, padding: .same),
        TransposedConvolution2D(filters: 7, kernelSize: 5, strides: 3),
        TransposedConvolution2D(filters: 1, strides: 2, padding: .same),
      ])
    let summary = try Summary(of: architecture)
    #expect(
      summary.rows.map(\.layer) == ["input", "conv2d", "conv2d_1", "conv2d_transpose", "conv2d_transpose_1"])
    #expect(summary.rows.map(\.outputShape) == [[9, 8, 2], [7, 6, 3], [4, 3, 5], [14, 11, 7], [28, 22, 1]])
    #expect(
      summary.rows.map(\.parameters)
        == [0, 9 * 2 * 3 + 3, 16 * 3 * 5 + 5, 25 * 5 * 7 + 7, 9 * 7 * 1 + 1])
    let network = try Network(architecture, batchSize: 2, seed: 1)
    #expect(network.parameters["conv2d_1/kernel"]?.description.shape == [4, 4, 3, 5])
    #expect(network.parameters["conv2d_transpose/kernel"]?.description.shape == [5, 5, 7, 5])
  }

  /// Batches larger and smaller than the one that the weights are laid out for give the same images.
  @Test(arguments: [ConvolutionAlgorithm.direct, .fastest])
  func outputDoesNotDependOnTheBatch(algorithm: ConvolutionAlgorithm) throws {
    let architecture = Architecture(
      name: "image", input: [9, 7, 3],
      layers: [
        Convolution2D(filters: 16, padding: .same, activation: .relu), MaxPooling2D(padding: .same),
        Convolution2D(filters: 20, padding: .same, activation: .relu),
        TransposedConvolution2D(filters: 16, strides: 2, padding: .same, activation: .relu),
        Convolution2D(filters: 5, activation: .sigmoid),
      ])
    let network = try Network(architecture, batchSize: 8, seed: 4, convolution: algorithm)
    let image = (0..<189).map { Float($0 * 37 % 101) / 101 }
    var first: [Float]?
    for batch in [1, 2, 7, 8, 9, 33] {
      let program = try network.program(batch: batch, mode: .inference)
      program.input.fill(Array([[Float]](repeating: image, count: batch).joined()))
      try program.forward()
      let values = Array(program.output.suffix(program.output.count / batch))
      expectClose(values, first ?? values, "batch \(batch)")
      first = first ?? values
    }
  }

  @Test func refusesWhatDoesNotFit() {
    for wrong in [0, -1, Int.min, Int.max] {
      expectRefusal(of: Convolution2D(filters: wrong), named: "conv2d")
      expectRefusal(of: Convolution2D(filters: 2, kernelSize: wrong), named: "conv2d")
      expectRefusal(of: TransposedConvolution2D(filters: wrong), named: "conv2d_transpose")
      expectRefusal(of: TransposedConvolution2D(filters: 2, kernelSize: wrong), named: "conv2d_transpose")
      expectRefusal(of: TransposedConvolution2D(filters: 2, strides: wrong), named: "conv2d_transpose")
    }
    for wrong in [0, -1, Int.min] { expectRefusal(of: Convolution2D(filters: 2, strides: wrong), named: "conv2d") }
    expectRefusal(of: Convolution2D(filters: 2, kernelSize: 6), named: "conv2d")
    expectRefusal(of: Convolution2D(filters: 2), named: "conv2d", input: [90])
    expectRefusal(of: TransposedConvolution2D(filters: 2), named: "conv2d_transpose", input: [90])
  }
}
