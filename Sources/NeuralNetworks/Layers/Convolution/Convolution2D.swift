/// Each pixel's channels out of the pixels round it. x (N, H, W, I), W (KH, KW, I, O), b (O), y (N, H′, W′, O).
///
///     y[n,i,j,o] = f(Σ x[n, s·i + k − before, s·j + l − before, c] · W[k,l,c,o] + b[o])
///
/// Gradients: dz = dy · f′(z); dx, dW and db are sums of products over the same index pairs.
package struct Convolution2D: ConvolutionLayer {
  package static let type = "conv2d"
  package var settings: ConvolutionSettings
  package var defersActivation = false

  package init(_ settings: ConvolutionSettings) { self.settings = settings }

  package func outputShape(for input: Shape) throws(LayerError) -> Shape {
    try ConvolutionKernel.check(filters: filters)
    return try window.outputShape(for: input, channels: filters)
  }

  package func parameters(for input: Shape) -> [ParameterDescription] {
    ConvolutionKernel.parameters(size: kernelSize, [input[2], filters], outputs: filters)
  }

  package func multiplyAdds(for inputs: [Shape], output: Shape) -> Int {
    ConvolutionKernel.products(size: kernelSize, inputs[0][2], filters) * output[0] * output[1]
  }

  package func compile(_ site: CompilationSite) throws -> CompiledLayer {
    let input = site.input.shape
    let shape = ConvolutionShape(images: site.batch, large: input, small: try outputShape(for: input), window: window)
    return try CompiledConvolution(shape, isUp: false, activation: applied, site)
  }
}
