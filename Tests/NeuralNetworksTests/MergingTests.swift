import NeuralNetworks
import Support
import TestSupport
import Testing

/// Against Keras and PyTorch: Tools/golden/merging.py.
@Suite struct MergingTests {
  /// a is used three times and x twice; the parts of the concatenation differ in their channels.
  private func graph(channels: Int) -> Architecture {
    Architecture(name: "graph", input: [6, 5, 3]) { net in
      let x = net.add(ActivationLayer(.linear), to: net.input)
      let a = net.add(Convolution2D(filters: channels, padding: .same, activation: .relu), to: x)
      let b = net.add(Convolution2D(filters: channels, padding: .same, activation: .sigmoid), to: a)
      let c = net.add(Add(), to: a, b)
      let together = net.add(Concatenate(), to: c, a, x)
      let y = net.add(Convolution2D(filters: 2, padding: .same), to: together)
      net.add(ActivationLayer(.linear), to: y)
    }
  }

  @Test(arguments: [5, 16], [ConvolutionAlgorithm.direct, .fastest])
  func agreesWithKeras(channels: Int, algorithm: ConvolutionAlgorithm) throws {
    let golden = try Golden.load("merging")
    func expected(_ key: String) throws -> [Float] { try golden["\(channels)/\(key)"] }
    let relative: Float = algorithm == .direct ? 1e-5 : 5e-5
    let network = try Network(graph(channels: channels), batchSize: 4, seed: 1, convolution: algorithm)
    let names = [("conv2d", 1), ("conv2d_1", 2), ("conv2d_2", 3)]
    for (name, number) in names {
      try network.set("\(name)/kernel", expected("kernel\(number)"))
      try network.set("\(name)/bias", expected("bias\(number)"))
    }
    let program = try network.program(batch: 4, mode: .training)
    program.input.fill(try expected("x"))
    // Twice: the parts of a gradient are added to each other, but not to those of the pass before.
    for pass in 1...2 {
      try program.forward()
      let last = try #require(program.layers.last).output
      expectClose(Array(last.values), try expected("y"), relative: relative, "y, pass \(pass)")
      try #require(last.gradients).fill(try expected("dy"))
      try program.backward()
      expectClose(
        Array(try #require(program.layers[0].output.gradients)), try expected("dx"), relative: relative,
        "dx, pass \(pass)")
      for (name, number) in names {
        for part in ["kernel", "bias"] {
          expectClose(
            try network.gradient("\(name)/\(part)"), try expected("d\(part)\(number)"), relative: relative,
            "d\(part)\(number), pass \(pass)")
        }
      }
    }
    let inference = try network.program(batch: 4, mode: .inference)
    inference.input.fill(try expected("x"))
    try inference.forward()
    expectClose(Array(inference.output), try expected("y"), relative: relative, "y in inference")
  }

  /// Tensors without a layer between them: the same one twice, and the input itself.
  @Test func oneTensorMayComeTwice() throws {
    let architecture = Architecture(name: "twice", input: [2, 3, 1]) { net in
      let x = net.add(ActivationLayer(.linear), to: net.input)
      let sum = net.add(Add(), to: x, x)
      let together = net.add(Concatenate(), to: sum, net.input)
      net.add(ActivationLayer(.linear), to: together)
    }
    let program = try Network(architecture, batchSize: 1, seed: 1).program(batch: 1, mode: .training)
    program.input.fill([1, 2, 3, 4, 5, 6])
    try program.forward()
    #expect(Array(program.output) == [2, 1, 4, 2, 6, 3, 8, 4, 10, 5, 12, 6])
    try #require(program.layers[3].output.gradients).fill((1...12).map(Float.init))
    try program.backward()
    #expect(Array(try #require(program.layers[0].output.gradients)) == [2, 6, 10, 14, 18, 22])
  }

  @Test func namesTheLayerThatDoesNotFit() {
    let unequal = Architecture(name: "a", input: [6, 5, 3]) { net in
      let a = net.add(Convolution2D(filters: 2, padding: .same), to: net.input)
      net.add(Add(), to: net.input, a)
    }
    let small = Architecture(name: "a", input: [6, 5, 3]) { net in
      let a = net.add(MaxPooling2D(), to: net.input)
      net.add(Concatenate(), to: net.input, a)
    }
    for (architecture, layer) in [(unequal, "add"), (small, "concatenate")] {
      let error = #expect(throws: UsageError.self) { try architecture.shapes() }
      #expect(error?.problem.contains("layer \(layer) ") == true, "\(error?.problem ?? "")")
    }
  }
}
