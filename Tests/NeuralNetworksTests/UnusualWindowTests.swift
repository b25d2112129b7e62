import NeuralNetworks
import Support
import TestSupport
import Testing

/// Convolutions of windows that no preset has, against the formula as it is written, and each against its transpose.
@Suite struct UnusualWindowTests {
  struct Case: Sendable {
    var size: Int
    var strides: Int
    var padding: Padding
    var channels: Int
    var filters: Int
    var input: Shape
  }

  static let cases = [
    Case(size: 7, strides: 3, padding: .same, channels: 3, filters: 5, input: [11, 8, 3]),
    Case(size: 2, strides: 3, padding: .valid, channels: 4, filters: 17, input: [10, 9, 4]),
    Case(size: 1, strides: 4, padding: .same, channels: 16, filters: 2, input: [9, 5, 16]),
    Case(size: 5, strides: 1, padding: .valid, channels: 16, filters: 1, input: [6, 13, 16]),
    Case(size: 3, strides: 1, padding: .same, channels: 32, filters: 48, input: [5, 30, 32]),
    Case(size: 3, strides: 1, padding: .valid, channels: 16, filters: 16, input: [19, 7, 16]),
    Case(size: 4, strides: 2, padding: .same, channels: 1, filters: 33, input: [7, 7, 1]),
  ]

  private func numbers(_ count: Int, seed: UInt64) -> [Float] {
    var generator = Philox(seed: seed)
    return (0..<count).map { _ in generator.uniform(in: -1...1) }
  }

  /// Σ over k, l, c of x[s·i + k − before, s·j + l − before, c] · W[k, l, c, o], in 64 bits.
  private func expected(_ item: Case, _ x: [Float], _ kernel: [Float], output: Shape) -> [Float] {
    let (height, width, channels) = (item.input[0], item.input[1], item.channels)
    func before(_ length: Int, _ places: Int) -> Int {
      item.padding == .same ? max((places - 1) * item.strides + item.size - length, 0) / 2 : 0
    }
    let (top, left) = (before(height, output[0]), before(width, output[1]))
    var result: [Float] = []
    for place in 0..<output.reduce(1, *) {
      let (i, j, o) = (place / (output[1] * output[2]), place / output[2] % output[1], place % output[2])
      var sum = 0.0
      for tap in 0..<item.size * item.size {
        let (y, z) = (i * item.strides + tap / item.size - top, j * item.strides + tap % item.size - left)
        guard (0..<height).contains(y), (0..<width).contains(z) else { continue }
        for c in 0..<channels {
          sum += Double(x[(y * width + z) * channels + c]) * Double(kernel[(tap * channels + c) * item.filters + o])
        }
      }
      result.append(Float(sum))
    }
    return result
  }

  @Test(arguments: cases) func agreesWithTheFormula(item: Case) throws {
    let layer = Convolution2D(
      filters: item.filters, kernelSize: item.size, strides: item.strides, padding: item.padding)
    let middle = try LayerInTheMiddle(layer, input: item.input, batch: 2)
    let kernel = numbers(item.size * item.size * item.channels * item.filters, seed: 1)
    try middle.network.set("conv2d/kernel", kernel)
    let program = try middle.network.program(batch: 2, mode: .training)
    let images = (0..<2).map { numbers(item.input.reduce(1, *), seed: 2 + UInt64($0)) }
    let output = try layer.outputShape(for: item.input)
    let y = try middle.forward(program, images[0] + images[1])
    expectClose(y, images.flatMap { expected(item, $0, kernel, output: output) }, relative: 2e-5, "y")

    // ⟨A·x, dy⟩ = ⟨x, Aᵀ·dy⟩ = ⟨W, dW⟩
    let dy = numbers(y.count, seed: 5)
    let dx = try middle.backward(program, dy)
    func product(_ a: [Float], _ b: [Float]) -> Float {
      Float(zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) })
    }
    let (left, scale) = (product(y, dy), Float(y.count).squareRoot())
    #expect(abs(left - product(images[0] + images[1], dx)) < 1e-4 * scale * Float(item.size * item.channels))
    let gradient = try middle.network.gradient("conv2d/kernel")
    #expect(abs(left - product(kernel, gradient)) < 1e-4 * scale * Float(item.size * item.channels))

    // The transposed layer of the same kernel computes what the convolution's gradient is, where sizes agree.
    let back = TransposedConvolution2D(
      filters: item.channels, kernelSize: item.size, strides: item.strides, padding: item.padding)
    guard try back.outputShape(for: output) == item.input else { return }
    let transposed = try LayerInTheMiddle(back, input: output, batch: 2)
    try transposed.network.set("conv2d_transpose/kernel", kernel)
    let inference = try transposed.network.program(batch: 2, mode: .inference)
    expectClose(try transposed.forward(inference, dy), dx, relative: 2e-5, "transposed")
  }
}
