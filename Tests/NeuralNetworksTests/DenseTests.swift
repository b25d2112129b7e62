import NeuralNetworks
import TestSupport
import Testing

/// Against PyTorch: Tools/golden/dense.py.
@Suite struct DenseTests {
  @Test(arguments: Activation.allCases)
  func agreesWithPyTorch(activation: Activation) throws {
    let golden = try Golden.load("dense")
    func expected(_ name: String) throws -> [Float] { try golden["\(activation.rawValue)/\(name)"] }
    // A layer without effect stands in front, so that the derivative by x has somewhere to go.
    let architecture = Architecture(
      name: "one", input: [7], layers: [ActivationLayer(.linear), Dense(units: 6, activation: activation)])
    let network = try Network(architecture, batchSize: 5, seed: 1)
    try network.set("dense/kernel", expected("kernel"))
    try network.set("dense/bias", expected("bias"))
    let program = try network.program(batch: 5, mode: .training)
    program.input.fill(try expected("x"))
    try program.forward()
    expectClose(Array(program.output), try expected("y"), "y")
    program.layers[1].output.gradients?.fill(try expected("dy"))
    try program.backward()
    expectClose(try network.gradient("dense/kernel"), try expected("dkernel"), "dkernel")
    expectClose(try network.gradient("dense/bias"), try expected("dbias"), "dbias")
    expectClose(Array(try #require(program.layers[0].output.gradients)), try expected("dx"), "dx")
  }

  @Test func chainAgreesWithPyTorch() throws {
    let golden = try Golden.load("dense")
    func expected(_ name: String) throws -> [Float] { try golden["chain/\(name)"] }
    let architecture = Architecture(
      name: "chain", input: [2, 3, 2],
      layers: [
        ActivationLayer(.linear), Flatten(), Dense(units: 7, activation: .relu), Dense(units: 24, activation: .sigmoid),
        Reshape([4, 3, 2]),
      ])
    let network = try Network(architecture, batchSize: 5, seed: 1)
    for (name, number) in [("dense", 1), ("dense_1", 2)] {
      try network.set("\(name)/kernel", expected("kernel\(number)"))
      try network.set("\(name)/bias", expected("bias\(number)"))
    }
    let program = try network.program(batch: 5, mode: .training)
    program.input.fill(try expected("x"))
    try program.forward()
    expectClose(Array(program.output), try expected("y"), "y")
    program.layers[4].output.gradients?.fill(try expected("dy"))
    try program.backward()
    for (name, number) in [("dense", 1), ("dense_1", 2)] {
      expectClose(try network.gradient("\(name)/kernel"), try expected("dkernel\(number)"), "dkernel\(number)")
      expectClose(try network.gradient("\(name)/bias"), try expected("dbias\(number)"), "dbias\(number)")
    }
    expectClose(Array(try #require(program.layers[0].output.gradients)), try expected("dx"), "dx")
  }

  /// Batches larger and smaller than the one that the weights are laid out for give the same images.
  @Test func outputDoesNotDependOnTheBatch() throws {
    let architecture = Architecture(
      name: "wide", input: [5, 7, 3], layers: [Flatten(), Dense(units: 67, activation: .relu), Dense(units: 33)])
    let network = try Network(architecture, batchSize: 32, seed: 4)
    let image = (0..<105).map { Float($0 % 11) / 11 }
    var first: [Float]?
    for batch in [1, 2, 16, 31, 32, 33, 256] {
      let program = try network.program(batch: batch, mode: .inference)
      program.input.fill(Array([[Float]](repeating: image, count: batch).joined()))
      try program.forward()
      let row = Array(program.output.suffix(33))
      expectClose(row, first ?? row, "batch \(batch)")
      first = first ?? row
    }
  }
}
