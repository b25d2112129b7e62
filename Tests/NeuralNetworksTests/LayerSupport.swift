import NeuralNetworks
import Support
import TestSupport
import Testing

/// One layer between two without effect: what is inside a network may lie in blocks, what these two hold is row-major.
struct LayerInTheMiddle {
  let network: Network

  /// - Parameter shape: without the batch.
  init(
    _ layer: any Layer, input shape: Shape, batch: Int, convolution: ConvolutionAlgorithm = .fastest
  ) throws {
    let architecture = Architecture(
      name: "middle", input: shape, layers: [ActivationLayer(.linear), layer, ActivationLayer(.linear)])
    network = try Network(architecture, batchSize: batch, seed: 1, convolution: convolution)
  }

  /// y of x
  func forward(_ program: Program, _ x: [Float]) throws -> [Float] {
    program.input.fill(x)
    try program.forward()
    return Array(program.layers[2].output.values)
  }

  /// dx of dy, after `forward`
  func backward(_ program: Program, _ dy: [Float]) throws -> [Float] {
    try #require(program.layers[2].output.gradients).fill(dy)
    try program.backward()
    return Array(try #require(program.layers[0].output.gradients))
  }
}

/// y, dx and the gradients of `parameters` of a layer called `name` are those in the golden file.
///
/// - Parameter relative: of the largest value.
func expectAgreement(
  of layer: any Layer, named name: String, parameters: [String] = [], with golden: Golden, part: String,
  convolution: ConvolutionAlgorithm = .fastest, relative: Float = 1e-5
) throws {
  func expected(_ key: String) throws -> [Float] { try golden["\(part)/\(key)"] }
  let shape = try golden.tensor("\(part)/x").shape
  let middle = try LayerInTheMiddle(
    layer, input: Array(shape.dropFirst()), batch: shape[0], convolution: convolution)
  for parameter in parameters { try middle.network.set("\(name)/\(parameter)", expected(parameter)) }
  let program = try middle.network.program(batch: shape[0], mode: .training)
  // Twice: the second pass finds the gradients of the first, to which nothing may be added.
  for pass in 1...2 {
    expectClose(
      try middle.forward(program, expected("x")), try expected("y"), relative: relative, "\(part) y, pass \(pass)")
    expectClose(
      try middle.backward(program, expected("dy")), try expected("dx"), relative: relative,
      "\(part) dx, pass \(pass)")
    for parameter in parameters {
      expectClose(
        try middle.network.gradient("\(name)/\(parameter)"), try expected("d\(parameter)"), relative: relative,
        "\(part) d\(parameter), pass \(pass)")
    }
  }
  let inference = try middle.network.program(batch: shape[0], mode: .inference)
  expectClose(
    try middle.forward(inference, expected("x")), try expected("y"), relative: relative, "\(part) y in inference")
}

/// A network of this one layer is refused, and the message names the layer.
func expectRefusal(of layer: any Layer, named name: String, input: Shape = [6, 5, 3]) {
  let architecture = Architecture(name: "refused", input: input, layers: [layer])
  let error = #expect(throws: UsageError.self, "\(layer) on \(input)") { try architecture.shapes() }
  #expect(error?.problem.contains("layer \(name) ") == true, "\(error?.problem ?? "")")
  #expect(throws: UsageError.self, "\(layer) on \(input)") { try Network(architecture, batchSize: 2, seed: 1) }
}

/// The loss' slope along each trained parameter, measured by small steps, is what backward says.
func expectSlopes(
  of network: Network, _ program: Program, step: Float, relative: Float, absolute: Float
) throws {
  _ = try program.step()
  let trained = network.parameters.all.filter { !$0.name.contains("/moving_") }
  for (parameter, gradient) in try trained.map({ ($0, try network.gradient($0.name)) }) {
    let values = try network.values(parameter.name)
    let measured = try values.indices.map { index -> Float in
      func loss(at change: Float) throws -> Double {
        var moved = values
        moved[index] += change
        try network.set(parameter.name, moved)
        return try program.evaluate().meanLoss
      }
      return Float(try (loss(at: step) - loss(at: -step)) / Double(2 * step))
    }
    try network.set(parameter.name, values)
    expectClose(gradient, measured, relative: relative, absolute: absolute, parameter.name)
  }
}
