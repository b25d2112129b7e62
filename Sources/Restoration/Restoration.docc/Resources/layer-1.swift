import NeuralNetworks

/// y = scale · x, one number for each channel.
struct Scale: Layer {
  static let type = "scale"

  func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs.count == 1 else { throw LayerError("scales one input, not \(inputs.count)") }
    return inputs[0]
  }

  func parameters(for inputs: [Shape]) -> [ParameterDescription] {
    [ParameterDescription(name: "scale", shape: [inputs[0].last ?? 1], initial: .ones)]
  }

  func compile(_ site: CompilationSite) throws -> CompiledLayer {
    CompiledScale(input: site.inputs[0], output: try site.output(site.inputs[0].shape), scale: site.parameter("scale"))
  }
}

final class CompiledScale: CompiledLayer {
  let output: Tensor
  private let input: Tensor
  private let scale: Parameter

  init(input: Tensor, output: Tensor, scale: Parameter) {
    (self.input, self.output, self.scale) = (input, output, scale)
  }

  func forward() {
    let (x, y, scale) = (input.values, output.values, scale.values)
    let channels = input.shape.last ?? 1
    for place in y.indices { y[place] = x[place] * scale[place % channels] }
  }

  func backward() {}
}
