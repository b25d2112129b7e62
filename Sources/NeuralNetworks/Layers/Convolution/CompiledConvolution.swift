import OneDNN

/// A convolution on its buffers; ReLU is applied in the same pass, other functions are a step of their own.
final class CompiledConvolution: CompiledLayer {
  let output: Tensor
  private let activation: Activation
  private let product: Primitive
  private var backwardSteps: Backward?

  private enum SourceGradient {
    case product(inputs: [LayoutCopy], Primitive, result: LayoutCopy)
    case ofSingleChannel(SingleInputGradient)
  }

  private struct Backward {
    let kernelGradient: (product: Primitive, result: LayoutCopy)
    let sourceGradient: SourceGradient?
  }

  /// - Parameter activation: linear or ReLU.
  private init(_ convolution: Convolution, _ activation: Activation, _ site: CompilationSite) throws {
    let (kernel, bias) = (site.parameter("kernel"), site.parameter("bias"))
    let plan = try ConvolutionPlan(
      convolution, site.settings, weights: kernel.layout.stored, fusingReLU: activation == .relu)
    let input = try site.builder.converted(site.input, to: plan.method.source)
    self.activation = activation
    output = try site.output(
      [convolution.output[0], convolution.output[1], convolution.outputChannels], layout: plan.method.destination)
    let source = try site.memory(input.layout, input.values)
    let biasLayout = try TensorLayout.rowMajor([convolution.outputChannels])
    product = try Primitive(
      plan.forward,
      [
        (.source, source), (.weights, try site.memory(kernel.layout.stored, kernel.values)),
        (.bias, try site.memory(biasLayout, bias.values)),
        (.destination, try site.memory(output.layout, output.values)),
      ], scratchpad: site.scratchpad)
    guard let gradients = output.gradients else { return }

    let outputGradient = try site.memory(output.layout, gradients)
    let description = try plan.kernelGradient(like: kernel.layout.stored)
    let kernelResult = try LayoutCopy(
      of: kernel.gradients, in: kernel.layout.stored, as: description.weightsGradient, isResult: true, site)
    let kernelProduct = try Primitive(
      description,
      [
        (.source, source), (.destinationGradient, outputGradient), (.weightsGradient, kernelResult.memory),
        (.biasGradient, try site.memory(biasLayout, bias.gradients)),
      ], scratchpad: site.scratchpad)
    backwardSteps = Backward(
      kernelGradient: (kernelProduct, kernelResult),
      sourceGradient: try Self.sourceGradient(plan, kernel, from: output, to: input, site))
  }

  /// Nil where the input wants none.
  private static func sourceGradient(
    _ plan: ConvolutionPlan, _ kernel: Parameter, from output: Tensor, to input: Tensor, _ site: CompilationSite
  ) throws -> SourceGradient? {
    guard let gradients = input.gradients, let outputGradients = output.gradients else { return nil }
    if let single = try SingleInputGradient(plan.convolution, kernel, from: output, into: gradients, site) {
      return .ofSingleChannel(single)
    }
    let (method, description) = try plan.sourceGradient(site.settings.convolution, like: kernel.layout.stored)
    let weights = try LayoutCopy(of: kernel.values, in: kernel.layout.stored, as: description.weights, site)
    let outer = try LayoutCopy(of: outputGradients, in: output.layout, as: method.destination, site)
    let result = try LayoutCopy(of: gradients, in: input.layout, as: method.source, isResult: true, site)
    let product = try Primitive(
      description,
      [(.weights, weights.memory), (.destinationGradient, outer.memory), (.sourceGradient, result.memory)],
      scratchpad: site.scratchpad)
    return .product(inputs: [weights, outer], product, result: result)
  }

  /// The convolution, and behind it the activation where it cannot be fused.
  static func compile(_ convolution: Convolution, activation: Activation, _ site: CompilationSite) throws
    -> CompiledLayer
  {
    if ConvolutionPlan.isSingleOutput(convolution) {
      return try CompiledSingleOutput(convolution, activation: activation, site)
    }
    let isFused = activation.keepsZeros
    let layer = try CompiledConvolution(convolution, isFused ? activation : .linear, site)
    return isFused ? layer : try ActivationInPlace(activation, behind: layer, site)
  }

  func forward() throws { try product.run() }

  func backward() throws {
    output.deactivateGradients(activation)
    guard let backwardSteps else { return }
    switch backwardSteps.sourceGradient {
    case .product(let inputs, let product, let result):
      for input in inputs { try input.update() }
      try product.run()
      try result.update()
    case .ofSingleChannel(let gradient): try gradient.run()
    case nil: break
    }
    try backwardSteps.kernelGradient.product.run()
    try backwardSteps.kernelGradient.result.update()
  }
}

/// A function that does not keep zeros, such as a sigmoid, would spoil the padding of blocked layouts: it is applied to
/// row-major values, in their place.
final class ActivationInPlace: CompiledLayer {
  let output: Tensor
  private let activation: Activation

  init(_ activation: Activation, behind layer: CompiledLayer, _ site: CompilationSite) throws {
    site.builder.append(layer)
    output = try site.plain(layer.output)
    self.activation = activation
  }

  func forward() { output.activate(activation) }
  func backward() { output.deactivateGradients(activation) }
}
