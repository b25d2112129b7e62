import CKernels

/// y = f(x·W + b): every output a weighted sum of all inputs. x (N, I), W (I, O), b (O), y (N, O).
///
/// Gradients: dz = dy · f′(z), dx = dz·Wᵀ, dW = xᵀ·dz, db = Σ dz over the batch.
package struct Dense: UnaryLayer, ActivatedLayer, MultiplyingLayer {
  package static let type = "dense"
  /// O, from 1 to 2²⁰.
  package var units: Int
  package var activation: Activation
  /// Penalties on W, b and y.
  package var regularizer: Regularizer
  package var defersActivation = false
  package var applied: Activation { defersActivation ? .linear : activation }

  package init(units: Int, activation: Activation = .linear, regularizer: Regularizer = .none) {
    self.units = units
    self.activation = activation
    self.regularizer = regularizer
  }

  private enum CodingKeys: String, CodingKey { case units, activation, regularizer }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    units = try container.decode(Int.self, forKey: .units)
    activation = try container.choice(.activation, default: .linear)
    regularizer = try container.decodeIfPresent(Regularizer.self, forKey: .regularizer) ?? .none
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(units, forKey: .units)
    try container.encode(activation, forKey: .activation)
    if regularizer != .none { try container.encode(regularizer, forKey: .regularizer) }
  }

  package func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard (1...1 << 20).contains(units) else { throw LayerError("\(units) units; wanted is a number from 1 to 2^20") }
    guard input.count == 1 else {
      throw LayerError("takes a vector of features, not \(input); put a flatten layer before it")
    }
    guard [regularizer.kernel, regularizer.bias, regularizer.activity].allSatisfy(\.isValid) else {
      throw LayerError("its penalties must be finite and not negative")
    }
    return [units]
  }

  package func multiplyAdds(for inputs: [Shape], output: Shape) -> Int { inputs[0].reduce(1, *) * units }

  package func parameters(for input: Shape) -> [ParameterDescription] {
    var kernel = ParameterDescription(name: "kernel", shape: [input[0], units], initial: .glorotUniform)
    kernel.isInPanels = true
    return [kernel, ParameterDescription(name: "bias", shape: [units], initial: .zeros)]
  }

  package func compile(_ site: CompilationSite) throws -> CompiledLayer { try CompiledDense(self, site) }
}

private final class CompiledDense: DetailedLayer {
  let output: Tensor
  private let input: Tensor
  private let layer: Dense
  private let kernel: Parameter
  private let bias: Parameter
  private var work: kernels_dense
  private let activity: ActivityPenalty?
  private let step: ProgramBuilder.Step
  private let workspace: Workspace
  private let narrow: NarrowProduct?

  init(_ layer: Dense, _ site: CompilationSite) throws {
    (kernel, bias, input) = (site.parameter("kernel"), site.parameter("bias"), site.input)
    (self.layer, step, workspace) = (layer, site.builder.step, site.builder.workspace)
    output = try site.output([layer.units])
    if layer.regularizer.activity != .none { site.keep(output) }
    activity = try ActivityPenalty(
      layer.regularizer.activity, on: output, deferred: layer.defersActivation ? layer.activation : .linear)
    work = kernels_dense()
    (work.batch, work.inputs, work.outputs) = (site.batch, input.size, layer.units)
    (work.source, work.destination) = (UnsafePointer(input.start), output.start)
    (work.weights, work.bias) = (UnsafePointer(kernel.values.baseAddress), UnsafePointer(bias.values.baseAddress))
    work.relu = layer.applied == .relu ? 1 : 0
    work.destination_gradients = UnsafePointer(output.gradients?.baseAddress)
    work.source_gradients = input.gradients?.baseAddress
    (work.weight_gradients, work.bias_gradients) = (kernel.gradients.baseAddress, bias.gradients.baseAddress)
    work.parts = site.settings.parts
    if site.mode == .training { workspace.reserve(kernels_dense_workspace(work)) }
    narrow =
      site.mode == .inference && site.settings.precision == .bfloat16 && layer.units % Int(KERNELS_PANEL) == 0
      ? try NarrowProduct(&work, of: site.network) : nil
  }

  func forward() {
    if let narrow { narrow.run(work) } else { kernels_dense_forward(work) }
    if layer.applied != .relu { output.activate(layer.applied) }
  }

  /// The input's gradient comes first: it is made with the weights that the step began with.
  func backward() {
    activity?.addGradient(share: step.share)
    output.deactivateGradients(layer.applied)
    work.workspace = workspace.start
    if let update = step.update, isUpdatedInPlace {
      var (ofKernel, ofBias) = (
        update.rule(at: kernel.range.lowerBound), update.rule(at: bias.range.lowerBound)
      )
      kernels_dense_backward(work, &ofKernel, &ofBias)
    } else {
      kernels_dense_backward(work, nil, nil)
    }
    _ = layer.regularizer.kernel.of(kernel.values, addingTo: kernel.gradients, scale: step.share)
    _ = layer.regularizer.bias.of(bias.values, addingTo: bias.gradients, scale: step.share)
  }

  /// Penalties are added to gradients, which therefore have to be written.
  private var isUpdatedInPlace: Bool { layer.regularizer.kernel == .none && layer.regularizer.bias == .none }

  var updatedInPlace: [Range<Int>] { isUpdatedInPlace ? [kernel.range, bias.range] : [] }

  var method: String { narrow == nil ? "products" : "products of bfloat16" }

  func penalty() -> Float {
    layer.regularizer.kernel.of(kernel.values) + layer.regularizer.bias.of(bias.values)
      + (activity?.value() ?? 0)
  }
}

/// A dense layer's forward product of numbers of 16 bits, with weights rounded anew when they have changed.
private final class NarrowProduct {
  /// Two numbers in each float's place.
  private let weights: FloatBuffer
  private let source: FloatBuffer
  private let parameters: Parameters
  private var revision: Int?

  init(_ work: inout kernels_dense, of parameters: Parameters) throws {
    let pairs = (work.inputs + 1) / 2
    self.parameters = parameters
    weights = try FloatBuffer(count: pairs * work.outputs)
    source = try FloatBuffer(count: pairs * work.batch)
    work.narrow_weights = UnsafePointer(UnsafeMutableRawPointer(weights.start).assumingMemoryBound(to: UInt16.self))
    work.narrow_source = UnsafeMutableRawPointer(source.start).assumingMemoryBound(to: UInt16.self)
  }

  func run(_ work: kernels_dense) {
    if revision != parameters.revision {
      kernels_narrow_panels(
        work.weights, UnsafeMutablePointer(mutating: work.narrow_weights), work.inputs, work.outputs)
      revision = parameters.revision
    }
    kernels_dense_forward_narrow(work)
  }
}
