import NeuralNetworks
import Support
import TestSupport
import Testing

/// Every layer at 50 random shapes: its gradients are the slopes that small steps measure.
@Suite struct RandomShapeTests {
  /// Draws a layer's settings and the shape of its input.
  struct Kind: Sendable {
    var name: String
    /// Steps as large as 32 bits need for a smooth function; any will do for a linear one.
    var step: Float
    var draw: @Sendable (inout Philox) -> (layer: any Layer, input: Shape)
  }

  private static func image(_ draw: inout Philox, channels: Int = 5, side: Int = 7) -> Shape {
    [draw.within(1, side), draw.within(1, side), draw.within(1, channels)]
  }

  private static func convolution(_ draw: inout Philox) -> ConvolutionSettings {
    ConvolutionSettings(
      filters: draw.within(1, 18), kernelSize: draw.within(1, 4), strides: draw.within(1, 3),
      padding: draw.within(0, 1) == 0 ? .same : .valid, activation: draw.within(0, 1) == 0 ? .linear : .sigmoid)
  }

  static let kinds = [
    Kind(name: "dense", step: 0.02) { draw in
      (
        Dense(units: draw.within(1, 40), activation: [.linear, .sigmoid, .softmax][draw.within(0, 2)]),
        [draw.within(1, 40)]
      )
    },
    Kind(name: "conv2d", step: 0.02) { draw in
      let settings = convolution(&draw)
      // Channels in blocks of 16 are computed by other loops.
      let channels = draw.within(0, 1) == 0 ? draw.within(1, 5) : 16
      let side = settings.kernelSize
      return (Convolution2D(settings), [draw.within(side, 7), draw.within(side, 7), channels])
    },
    Kind(name: "conv2d_transpose", step: 0.02) { draw in
      (TransposedConvolution2D(convolution(&draw)), image(&draw, channels: 17, side: 5))
    },
    Kind(name: "activation", step: 0.01) { draw in
      (ActivationLayer(Activation.allCases[draw.within(0, 3)]), image(&draw))
    },
    Kind(name: "flatten", step: 0.5) { draw in (Flatten(), image(&draw)) },
    Kind(name: "reshape", step: 0.5) { draw in
      let (a, b, c) = (draw.within(1, 6), draw.within(1, 6), draw.within(1, 6))
      return (Reshape([c, a, b]), [a, b, c])
    },
    Kind(name: "max_pooling2d", step: 0.002) { draw in
      let size = draw.within(1, 4)
      return (
        MaxPooling2D(
          poolSize: size, strides: draw.within(0, 1) == 0 ? nil : draw.within(1, 3),
          padding: draw.within(0, 1) == 0 ? .same : .valid),
        [draw.within(size, 7), draw.within(size, 7), draw.within(1, 5)]
      )
    },
    Kind(name: "up_sampling2d", step: 0.5) { draw in (UpSampling2D(size: draw.within(1, 3)), image(&draw)) },
    Kind(name: "zero_padding2d", step: 0.5) { draw in (ZeroPadding2D(margins(&draw)), image(&draw)) },
    Kind(name: "cropping2d", step: 0.5) { draw in
      let margins = margins(&draw)
      return (
        Cropping2D(margins),
        [margins.top + margins.bottom + draw.within(1, 4), margins.left + margins.right + draw.within(1, 4), 3]
      )
    },
    // Over fewer numbers a mean and a variance leave little of them.
    Kind(name: "batch_normalization", step: 0.01) { draw in
      (BatchNormalization(), [draw.within(2, 5), draw.within(2, 5), draw.within(1, 18)])
    },
    Kind(name: "dropout", step: 0.5) { draw in (Dropout(rate: 0.9 * draw.uniform()), image(&draw)) },
    Kind(name: "add", step: 0.5) { draw in (Add(), image(&draw)) },
    Kind(name: "concatenate", step: 0.5) { draw in (Concatenate(), image(&draw)) },
  ]

  private static func margins(_ draw: inout Philox) -> Margins {
    Margins(top: draw.within(0, 3), bottom: draw.within(0, 3), left: draw.within(0, 3), right: draw.within(0, 3))
  }

  @Test(arguments: kinds) func gradientsAreSlopes(kind: Kind) throws {
    for number in 0..<50 {
      var draw = Philox(seed: 20, index: number)
      let (layer, input) = kind.draw(&draw)
      try Slopes(layer, input: input, batch: draw.within(1, 4), step: kind.step, named: "\(kind.name) \(number)")
        .check(&draw)
    }
  }
}

extension Philox {
  fileprivate mutating func within(_ least: Int, _ most: Int) -> Int { least + integer(below: most - least + 1) }
}

/// Σ w·y of a layer's output y with fixed weights w, as a function of its input and its parameters.
private struct Slopes {
  let network: Network
  let program: Program
  let step: Float
  let name: String

  init(_ layer: any Layer, input: Shape, batch: Int, step: Float, named name: String) throws {
    let architecture = Architecture(name: "slopes", input: input) { net in
      let x = net.add(ActivationLayer(.linear), to: net.input)
      guard layer is Add || layer is Concatenate else {
        net.add(ActivationLayer(.linear), to: net.add(layer, to: x))
        return
      }
      net.add(ActivationLayer(.linear), to: net.add(layer, to: x, net.add(ActivationLayer(.sigmoid), to: x)))
    }
    network = try Network(architecture, batchSize: batch, seed: 1)
    program = try network.program(batch: batch, mode: .training)
    (self.step, self.name) = (step, "\(name), \(layer) on \(batch)×\(input)")
  }

  func check(_ draw: inout Philox) throws {
    program.input.fill(Self.inputs(program.input.count, &draw))
    for parameter in network.parameters.trainable {
      try network.set(parameter.name, (0..<parameter.description.count).map { _ in draw.uniform(in: -0.5...0.5) })
    }
    let weights = program.output.map { _ in draw.uniform(in: -1...1) }
    try program.forward()
    try #require(program.layers.last?.output.gradients).fill(weights)
    try program.backward()

    let gradients = Array(try #require(program.layers[0].output.gradients))
    try expect(gradients, of: "x", &draw, weights, at: Array(program.input)) { program.input.fill($0) }
    for parameter in network.parameters.trainable {
      try expect(
        network.gradient(parameter.name), of: parameter.name, &draw, weights, at: network.values(parameter.name)
      ) { try network.set(parameter.name, $0) }
    }
  }

  /// Well apart, and away from 0: where the largest of a window or a sign changes there is no slope.
  private static func inputs(_ count: Int, _ draw: inout Philox) -> [Float] {
    draw.permutation(of: count).map {
      let u = (2 * Float($0) + 1) / Float(count) - 1
      return u + (u < 0 ? -0.03 : 0.03)
    }
  }

  /// Some 20 places of them.
  private func expect(
    _ gradients: [Float], of what: String, _ draw: inout Philox, _ weights: [Float], at start: [Float],
    put: ([Float]) throws -> Void
  ) throws {
    let places = draw.permutation(of: start.count).prefix(20)
    // Less than half of what lies between two inputs.
    let step = what == "x" ? min(step, 0.8 / Float(start.count)) : step
    let slopes = try places.map { place in
      func value(_ change: Float) throws -> (at: Float, sum: Double) {
        var moved = start
        moved[place] += change
        try put(moved)
        try program.forward()
        return (moved[place], zip(program.output, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) })
      }
      let (low, high) = try (value(-step), value(step))
      return Float((high.sum - low.sum) / (Double(high.at) - Double(low.at)))
    }
    try put(start)
    // What 32 bits leave of a difference.
    expectClose(
      places.map { gradients[$0] }, slopes, relative: 4e-3, absolute: 3e-7 / step, "\(name): \(what)")
  }
}
