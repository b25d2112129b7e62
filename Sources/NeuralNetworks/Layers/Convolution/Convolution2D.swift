import OneDNN

/// Each pixel's channels out of the pixels round it. x (N, H, W, I), W (KH, KW, I, O), b (O), y (N, H′, W′, O).
///
///     y[n,i,j,o] = f(Σ x[n, s·i + k − before, s·j + l − before, c] · W[k,l,c,o] + b[o])
///
/// Gradients: dz = dy · f′(z); dx, dW and db are sums of products over the same index pairs.
public struct Convolution2D: UnaryLayer {
  public static let type = "conv2d"
  /// O, from 1 to 2¹⁶.
  public var filters: Int
  /// KH = KW.
  public var kernelSize: Int
  public var strides: Int
  public var padding: Padding
  public var activation: Activation
  public var defersActivation = false
  var applied: Activation { defersActivation ? .linear : activation }

  public init(
    filters: Int, kernelSize: Int = 3, strides: Int = 1, padding: Padding = .valid, activation: Activation = .linear
  ) {
    self.filters = filters
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.activation = activation
  }

  private enum CodingKeys: String, CodingKey {
    case filters, strides, padding, activation
    case kernelSize = "kernel_size"
  }

  private var window: Window { Window(size: kernelSize, stride: strides, padding: padding) }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    try ConvolutionKernel.check(filters: filters)
    return try window.outputShape(for: input, channels: filters)
  }

  public func parameters(for input: Shape) -> [ParameterDescription] {
    ConvolutionKernel.parameters(size: kernelSize, [input[2], filters], outputs: filters)
  }

  public func multiplyAdds(for inputs: [Shape], output: Shape) -> Int {
    ConvolutionKernel.products(size: kernelSize, inputs[0][2], filters) * output[0] * output[1]
  }

  private func convolution(of input: Shape, batch: Int) -> Convolution {
    Convolution(batch: batch, input: input, outputChannels: filters, window: window)
  }

  public func layouts(for input: Shape, _ settings: CompilationSettings) throws -> [String: ParameterLayout] {
    let stored = try ConvolutionPlan.kernelLayout(
      convolution(of: input, batch: settings.batch), settings, fusingReLU: applied == .relu)
    let (size, channels) = (kernelSize, input[2])
    let plain = try TensorLayout.strided(
      [filters, channels, size, size], strides: [1, filters, size * channels * filters, channels * filters])
    return ["kernel": ParameterLayout(stored: stored, plain: plain)]
  }

  public func compile(_ site: CompilationSite) throws -> CompiledLayer {
    try CompiledConvolution.compile(
      convolution(of: site.input.shape, batch: site.batch), activation: applied, site)
  }
}

/// What all convolutions share.
enum ConvolutionKernel {
  static func check(filters: Int) throws(LayerError) {
    guard (1...1 << 16).contains(filters) else {
      throw LayerError("\(filters) filters; wanted is a number from 1 to 2^16")
    }
  }

  /// For each place that the kernel is laid on. Shapes have been checked, so that no product overflows.
  static func products(size: Int, _ inputs: Int, _ outputs: Int) -> Int { size * size * inputs * outputs }

  /// - Parameter channels: the last two axes of the kernel.
  static func parameters(size: Int, _ channels: [Int], outputs: Int) -> [ParameterDescription] {
    [
      ParameterDescription(name: "kernel", shape: [size, size] + channels, initial: .glorotUniform),
      ParameterDescription(name: "bias", shape: [outputs], initial: .zeros),
    ]
  }
}
