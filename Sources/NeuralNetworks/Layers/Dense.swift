import CKernels
import OneDNN

/// y = f(x·W + b): every output a weighted sum of all inputs. x (N, I), W (I, O), b (O), y (N, O).
///
/// Gradients: dz = dy · f′(z), dx = dz·Wᵀ, dW = xᵀ·dz, db = Σ dz over the batch.
public struct Dense: UnaryLayer {
  public static let type = "dense"
  /// O, from 1 to 2²⁰.
  public var units: Int
  public var activation: Activation
  /// Penalties on W, b and y.
  public var regularizer: Regularizer
  public var defersActivation = false
  var applied: Activation { defersActivation ? .linear : activation }

  public init(units: Int, activation: Activation = .linear, regularizer: Regularizer = .none) {
    self.units = units
    self.activation = activation
    self.regularizer = regularizer
  }

  private enum CodingKeys: String, CodingKey { case units, activation, regularizer }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    units = try container.decode(Int.self, forKey: .units)
    activation = try container.choice(.activation, default: .linear)
    regularizer = try container.decodeIfPresent(Regularizer.self, forKey: .regularizer) ?? .none
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(units, forKey: .units)
    try container.encode(activation, forKey: .activation)
    if regularizer != .none { try container.encode(regularizer, forKey: .regularizer) }
  }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard (1...1 << 20).contains(units) else { throw LayerError("\(units) units; wanted is a number from 1 to 2^20") }
    guard input.count == 1 else {
      throw LayerError("takes a vector of features, not \(input); put a flatten layer before it")
    }
    guard [regularizer.kernel, regularizer.bias, regularizer.activity].allSatisfy(\.isValid) else {
      throw LayerError("its penalties must be finite and not negative")
    }
    return [units]
  }

  public func multiplyAdds(for inputs: [Shape], output: Shape) -> Int { inputs[0].reduce(1, *) * units }

  public func parameters(for input: Shape) -> [ParameterDescription] {
    [
      ParameterDescription(name: "kernel", shape: [input[0], units], initial: .glorotUniform),
      ParameterDescription(name: "bias", shape: [units], initial: .zeros),
    ]
  }

  /// oneDNN multiplies fastest from a blocked kernel; it picks the same blocks for all three of a step's products.
  public func layouts(for input: Shape, _ settings: CompilationSettings) throws -> [String: ParameterLayout] {
    let shape = InnerProduct.Shape(batch: settings.batch, inputs: input[0], outputs: units)
    let forward = try InnerProduct.forward(shape, fusingReLU: applied == .relu, training: true, on: settings.engine)
    return [
      "kernel": ParameterLayout(
        stored: forward.weights, plain: try .strided([units, input[0]], strides: [1, units]))
    ]
  }

  public func compile(_ site: CompilationSite) throws -> CompiledLayer { try CompiledDense(self, site) }
}

private final class CompiledDense: CompiledLayer {
  let output: Tensor
  private let layer: Dense
  private let kernel: Parameter
  private let bias: Parameter
  private let forwardProduct: Primitive
  private var inputGradient: Primitive?
  private var kernelGradient: Primitive?
  private let activity: ActivityPenalty?
  private let step: ProgramBuilder.Step

  init(_ layer: Dense, _ site: CompilationSite) throws {
    let (kernel, bias, input) = (site.parameter("kernel"), site.parameter("bias"), try site.plainInput())
    (self.layer, self.kernel, self.bias, step) = (layer, kernel, bias, site.builder.step)
    output = try site.output([layer.units])
    activity = try ActivityPenalty(
      layer.regularizer.activity, on: output, deferred: layer.defersActivation ? layer.activation : .linear)
    let engine = site.engine
    let shape = InnerProduct.Shape(
      batch: site.batch, inputs: input.size, outputs: layer.units, weights: kernel.layout.stored)
    let source = try site.memory(shape.source(), input.values)
    let weights = try site.memory(kernel.layout.stored, kernel.values)
    let description = try InnerProduct.forward(
      shape, fusingReLU: layer.applied == .relu, training: site.mode == .training, on: engine)
    forwardProduct = try Primitive(
      description,
      [
        (.source, source), (.weights, weights), (.bias, try site.memory(shape.bias(), bias.values)),
        (.destination, try site.memory(shape.destination(), output.values)),
      ], scratchpad: site.scratchpad)
    guard let gradients = output.gradients else { return }

    let outputGradient = try site.memory(shape.destination(), gradients)
    kernelGradient = try Primitive(
      InnerProduct.backwardWeights(shape, after: description),
      [
        (.source, source), (.destinationGradient, outputGradient),
        (.weightsGradient, try site.memory(kernel.layout.stored, kernel.gradients)),
        (.biasGradient, try site.memory(shape.bias(), bias.gradients)),
      ], scratchpad: site.scratchpad)
    guard let inputGradients = input.gradients else { return }
    inputGradient = try Primitive(
      InnerProduct.backwardData(shape, after: description),
      [
        (.weights, weights), (.destinationGradient, outputGradient),
        (.sourceGradient, try site.memory(shape.source(), inputGradients)),
      ], scratchpad: site.scratchpad)
  }

  func forward() throws {
    try forwardProduct.run()
    if layer.applied != .relu { output.activate(layer.applied) }
  }

  func backward() throws {
    activity?.addGradient(share: step.share)
    output.deactivateGradients(layer.applied)
    try inputGradient?.run()
    try kernelGradient?.run()
    _ = layer.regularizer.kernel.of(kernel.values, addingTo: kernel.gradients, scale: step.share)
    _ = layer.regularizer.bias.of(bias.values, addingTo: bias.gradients, scale: step.share)
  }

  func penalty() -> Float {
    layer.regularizer.kernel.of(kernel.values) + layer.regularizer.bias.of(bias.values)
      + (activity?.value() ?? 0)
  }
}
