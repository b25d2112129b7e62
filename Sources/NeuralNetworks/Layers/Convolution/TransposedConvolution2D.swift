/// The transposed linear map of a convolution: each input pixel is laid, weighted, over the output pixels round its
/// place. x (N, H, W, I), W (KH, KW, O, I), b (O), y (N, H′, W′, O); with stride s the output is s times as large.
///
///     y[n, s·i + k − before, s·j + l − before, o] += x[n,i,j,c] · W[k,l,o,c], then y = f(y + b)
package struct TransposedConvolution2D: ConvolutionLayer {
  package static let type = "conv2d_transpose"
  /// `same`: H′ = s·H. `valid`: H′ = s·H + max(KH − s, 0).
  package var settings: ConvolutionSettings
  package var defersActivation = false

  package init(_ settings: ConvolutionSettings) { self.settings = settings }

  package func outputShape(for input: Shape) throws(LayerError) -> Shape {
    try ConvolutionKernel.check(filters: filters)
    try window.check()
    try input.checkIsEnlargeable()
    let more = padding == .same ? 0 : max(kernelSize - strides, 0)
    return [input[0] * strides + more, input[1] * strides + more, filters]
  }

  package func multiplyAdds(for inputs: [Shape], output: Shape) -> Int {
    ConvolutionKernel.products(size: kernelSize, inputs[0][2], filters) * inputs[0][0] * inputs[0][1]
  }

  package func parameters(for input: Shape) -> [ParameterDescription] {
    ConvolutionKernel.parameters(size: kernelSize, [filters, input[2]], outputs: filters)
  }

  package func compile(_ site: CompilationSite) throws -> CompiledLayer {
    let input = site.input.shape
    let shape = ConvolutionShape(images: site.batch, large: try outputShape(for: input), small: input, window: window)
    return try CompiledConvolution(shape, isUp: true, activation: applied, site)
  }
}
