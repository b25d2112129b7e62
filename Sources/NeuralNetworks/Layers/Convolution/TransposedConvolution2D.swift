import CKernels
import OneDNN

/// The transposed linear map of a convolution: each input pixel is laid, weighted, over the output pixels round its
/// place. x (N, H, W, I), W (KH, KW, O, I), b (O), y (N, H′, W′, O); with stride s the output is s times as large.
///
///     y[n, s·i + k − before, s·j + l − before, o] += x[n,i,j,c] · W[k,l,o,c], then y = f(y + b)
public struct TransposedConvolution2D: ConvolutionLayer {
  public static let type = "conv2d_transpose"
  /// `same`: H′ = s·H. `valid`: H′ = s·H + max(KH − s, 0).
  public var settings: ConvolutionSettings
  public var defersActivation = false

  public init(_ settings: ConvolutionSettings) { self.settings = settings }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    try ConvolutionKernel.check(filters: filters)
    try window.check()
    try input.checkIsEnlargeable()
    let more = padding == .same ? 0 : max(kernelSize - strides, 0)
    return [input[0] * strides + more, input[1] * strides + more, filters]
  }

  public func multiplyAdds(for inputs: [Shape], output: Shape) -> Int {
    ConvolutionKernel.products(size: kernelSize, inputs[0][2], filters) * inputs[0][0] * inputs[0][1]
  }

  public func parameters(for input: Shape) -> [ParameterDescription] {
    ConvolutionKernel.parameters(size: kernelSize, [filters, input[2]], outputs: filters)
  }

  /// The convolution that this is the transpose of: from our output to our input.
  private func transpose(for input: Shape, batch: Int) throws(LayerError) -> Convolution {
    Convolution(
      batch: batch, input: try outputShape(for: input), outputChannels: input[2],
      window: window)
  }

  public func layouts(for input: Shape, _ settings: CompilationSettings) throws -> [String: ParameterLayout] {
    let transpose = try transpose(for: input, batch: settings.batch)
    let (size, channels) = (kernelSize, input[2])
    let taps = [size * channels * filters, channels * filters]
    if strides == 1 {
      let stored = try ConvolutionPlan.kernelLayout(
        transpose.transposedWithStrideOne, settings, fusingReLU: applied == .relu)
      let plain = try TensorLayout.strided([filters, channels, size, size], strides: [channels, 1] + taps)
      return ["kernel": ParameterLayout(stored: stored, plain: plain, isMirrored: true)]
    }
    let stored = try TransposedConvolutionPlan(transpose, settings).product.weights
    let plain = try TensorLayout.strided([channels, filters, size, size], strides: [1, channels] + taps)
    return ["kernel": ParameterLayout(stored: stored, plain: plain)]
  }

  public func compile(_ site: CompilationSite) throws -> CompiledLayer {
    let transpose = try transpose(for: site.input.shape, batch: site.batch)
    if strides == 1 {
      return try CompiledConvolution.compile(transpose.transposedWithStrideOne, activation: applied, site)
    }
    let isFused = applied.keepsZeros
    let layer = try CompiledTransposedConvolution(transpose, isFused ? applied : .linear, site)
    return isFused ? layer : try ActivationInPlace(applied, behind: layer, site)
  }
}

/// A convolution's three products with their parts exchanged, in one layout that suits all of them.
private struct TransposedConvolutionPlan {
  let method: Convolution.Method
  /// y from x: the convolution's gradient of its source.
  let product: PrimitiveDescription
  /// dx from dy: the convolution itself.
  let inputGradient: PrimitiveDescription
  let kernelGradient: PrimitiveDescription

  init(_ convolution: Convolution, _ settings: CompilationSettings, weights: TensorLayout? = nil) throws {
    for method in try convolution.methods(winograd: settings.convolution == .fastest) {
      guard
        let forward = try convolution.forward(
          method, weights: nil, bias: false, fusingReLU: false, on: settings.engine),
        let product = try convolution.backwardData(method, weights: weights, after: forward, on: settings.engine),
        let gradient = try convolution.backwardWeights(
          method, weights: nil, bias: false, after: forward, on: settings.engine)
      else { continue }
      (self.method, self.product, inputGradient, kernelGradient) = (method, product, forward, gradient)
      return
    }
    throw OneDNNError(operation: convolution.description, reason: "no implementation for these shapes")
  }
}

private final class CompiledTransposedConvolution: CompiledLayer {
  let output: Tensor
  private let activation: Activation
  private let bias: Parameter
  private let product: Primitive
  private var kernelGradient: (product: Primitive, result: LayoutCopy)?
  private var inputGradient: (kernel: LayoutCopy, product: Primitive)?

  init(_ convolution: Convolution, _ activation: Activation, _ site: CompilationSite) throws {
    let kernel = site.parameter("kernel")
    let plan = try TransposedConvolutionPlan(convolution, site.settings, weights: kernel.layout.stored)
    let input = try site.builder.converted(site.input, to: plan.method.destination)
    (self.activation, bias) = (activation, site.parameter("bias"))
    output = try site.output(
      [convolution.input[0], convolution.input[1], convolution.inputChannels], layout: plan.method.source)
    let values = try site.memory(input.layout, input.values)
    product = try Primitive(
      plan.product,
      [
        (.destinationGradient, values), (.weights, try site.memory(kernel.layout.stored, kernel.values)),
        (.sourceGradient, try site.memory(output.layout, output.values)),
      ], scratchpad: site.scratchpad)
    guard let gradients = output.gradients else { return }

    let outputGradient = try site.memory(output.layout, gradients)
    let result = try LayoutCopy(
      of: kernel.gradients, in: kernel.layout.stored, as: plan.kernelGradient.weightsGradient, isResult: true, site)
    kernelGradient = (
      try Primitive(
        plan.kernelGradient,
        [(.source, outputGradient), (.destinationGradient, values), (.weightsGradient, result.memory)],
        scratchpad: site.scratchpad), result
    )
    guard let inputGradients = input.gradients else { return }
    let copy = try LayoutCopy(of: kernel.values, in: kernel.layout.stored, as: plan.inputGradient.weights, site)
    inputGradient = (
      copy,
      try Primitive(
        plan.inputGradient,
        [
          (.source, outputGradient), (.weights, copy.memory),
          (.destination, try site.memory(input.layout, inputGradients)),
        ], scratchpad: site.scratchpad)
    )
  }

  func forward() throws {
    try product.run()
    kernels_add_channels(output.start, bias.values.baseAddress, output.planes)
    output.activate(activation)
  }

  func backward() throws {
    output.deactivateGradients(activation)
    kernels_sum_channels(output.gradients?.baseAddress, bias.gradients.baseAddress, output.planes)
    if let (kernel, product) = inputGradient {
      try kernel.update()
      try product.run()
    }
    try kernelGradient?.product.run()
    try kernelGradient?.result.update()
  }
}
