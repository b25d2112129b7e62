import CKernels

/// A convolution or its transpose on its buffers, with its activation and, in inference, the normalization behind it.
final class CompiledConvolution: DetailedLayer {
  let output: Tensor
  private let activation: Activation
  private let product: ConvolutionProduct
  private let bias: Parameter
  private let folded: FoldedNormalization?
  private let backwardSteps: Backward?
  /// In inference: the revision of the weights that the product was packed with.
  private var packed: Int?
  private let parameters: Parameters?

  private struct Backward {
    let sourceGradient: ConvolutionProduct?
    let kernelGradient: KernelGradient
    /// Room for the bias' partial sums.
    let sums: FloatBuffer
  }

  /// - Parameter isUp: from small images to large ones.
  init(_ shape: ConvolutionShape, isUp: Bool, activation: Activation, _ site: CompilationSite) throws {
    let (kernel, bias) = (site.parameter("kernel"), site.parameter("bias"))
    let (input, workspace) = (site.input, site.builder.workspace)
    self.bias = bias
    output = try site.output(isUp ? shape.large : shape.small)
    folded = try site.fusion?.normalization.map { try FoldedNormalization($0, bias: bias) }
    parameters = site.mode == .inference ? site.network : nil
    product = try ConvolutionProduct(
      shape.work(isUp: isUp, site.settings), from: input.values, kernel: kernel, to: output.values, workspace,
      sharedBy: parameters, slopes: folded?.slopes.start)
    self.activation = site.fusion?.hasReLU == true ? .relu : activation
    product.finish(bias: folded?.bias.start ?? bias.values.baseAddress, relu: self.activation == .relu)
    guard let gradients = output.gradients else {
      backwardSteps = nil
      return
    }
    let sourceGradient = try input.gradients.map {
      try ConvolutionProduct(
        shape.work(isUp: !isUp, site.settings), from: gradients, kernel: kernel, to: $0, workspace)
    }
    let (large, small) = isUp ? (gradients, input.values) : (input.values, gradients)
    backwardSteps = Backward(
      sourceGradient: sourceGradient,
      kernelGradient: KernelGradient(
        shape.work(isUp: false, site.settings), large: large, small: small, into: kernel, workspace),
      sums: try FloatBuffer(count: Int(KERNELS_SUM_PARTS) * 2 * output.shape[2]))
  }

  func forward() {
    if let revision = parameters?.revision {
      if packed != revision {
        folded?.update()
        product.pack(at: revision)
        packed = revision
      }
    } else {
      product.pack()
    }
    product.run()
    if activation != .relu { output.activate(activation) }
  }

  var method: String { product.usesWinograd ? "Winograd F(4×4, 3×3)" : "direct" }

  func backward() {
    output.deactivateGradients(activation)
    guard let backwardSteps, let gradients = output.gradients else { return }
    kernels_sum_channels(
      gradients.baseAddress, bias.gradients.baseAddress, gradients.count / output.shape[2], output.shape[2],
      backwardSteps.sums.start)
    if let product = backwardSteps.sourceGradient {
      product.pack()
      product.run()
    }
    backwardSteps.kernelGradient.run()
  }
}
