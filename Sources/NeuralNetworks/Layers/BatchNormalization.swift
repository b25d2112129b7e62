import OneDNN

/// Each channel brought to mean 0 and variance 1, then to a scale and a shift that are learned (Ioffe and Szegedy 2015).
/// x, y (N, H, W, C) or (N, C); gamma, beta, moving_mean, moving_variance (C).
///
///     y = gamma · (x − mean) / √(variance + ε) + beta
///
/// In training mean and variance are the batch's own, over all its pixels (the variance divided by their number), and the
/// moving ones follow: moving ← momentum · moving + (1 − momentum) · batch, as in Keras. In inference the moving ones
/// are used.
public struct BatchNormalization: UnaryLayer {
  public static let type = "batch_normalization"
  public var momentum: Float
  public var epsilon: Float

  public init(momentum: Float = 0.99, epsilon: Float = 1e-3) {
    self.momentum = momentum
    self.epsilon = epsilon
  }

  private enum CodingKeys: String, CodingKey { case momentum, epsilon }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    momentum = try container.value(.momentum, default: 0.99)
    epsilon = try container.value(.epsilon, default: 1e-3)
  }

  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard momentum >= 0, momentum <= 1, epsilon > 0, epsilon <= 1 else {
      throw LayerError("momentum \(momentum), epsilon \(epsilon); wanted are numbers from 0 to 1, epsilon not 0")
    }
    guard input.count == 1 || input.count == 3 else {
      throw LayerError("takes images (H, W, C) or features, not \(input)")
    }
    return input
  }

  public func parameters(for input: Shape) -> [ParameterDescription] {
    let shape = [input.last ?? 0]
    return [
      ParameterDescription(name: "gamma", shape: shape, initial: .ones),
      ParameterDescription(name: "beta", shape: shape, initial: .zeros),
      ParameterDescription(name: "moving_mean", shape: shape, initial: .zeros, isTrainable: false),
      ParameterDescription(name: "moving_variance", shape: shape, initial: .ones, isTrainable: false),
    ]
  }

  public func compile(_ site: CompilationSite) throws -> CompiledLayer {
    // Where oneDNN has only plain loops for the input's layout, there may be better ones for rows.
    let description = try OneDNN.BatchNormalization.forward(
      site.input.layout, epsilon: epsilon, statistics: site.mode == .training ? .ofBatch : .given, on: site.engine)
    let input = description.isReference ? try site.plainInput() : site.input
    return try CompiledBatchNormalization(self, input: input, site)
  }
}

private final class CompiledBatchNormalization: CompiledLayer {
  let output: Tensor
  private let momentum: Float
  private let isTraining: Bool
  private let moving: (mean: Parameter, variance: Parameter)
  /// The batch's mean and variance.
  private let batch: (mean: FloatBuffer, variance: FloatBuffer)
  private let normalize: Primitive
  private var gradient: Primitive?
  /// What the primitive writes where nobody wants the input's gradient.
  private let unread: FloatBuffer?

  init(_ layer: BatchNormalization, input: Tensor, _ site: CompilationSite) throws {
    let channels = input.shape.last ?? 0
    (momentum, isTraining) = (layer.momentum, site.mode == .training)
    moving = (site.parameter("moving_mean"), site.parameter("moving_variance"))
    batch = try (FloatBuffer(count: channels), FloatBuffer(count: channels))
    output = try site.output(input.shape, layout: input.layout)
    unread = try output.gradients != nil && input.gradients == nil ? FloatBuffer(count: input.values.count) : nil
    let perChannel = try TensorLayout.rowMajor([channels])
    let (gamma, beta) = (site.parameter("gamma"), site.parameter("beta"))
    let operands = [
      (Primitive.Role.source, try site.memory(input.layout, input.values)),
      (.mean, try site.memory(perChannel, isTraining ? batch.mean.values : moving.mean.values)),
      (.variance, try site.memory(perChannel, isTraining ? batch.variance.values : moving.variance.values)),
      (.scale, try site.memory(perChannel, gamma.values)), (.shift, try site.memory(perChannel, beta.values)),
    ]
    let description = try OneDNN.BatchNormalization.forward(
      input.layout, epsilon: layer.epsilon, statistics: isTraining ? .ofBatch : .given, on: site.engine)
    normalize = try Primitive(
      description, operands + [(.destination, try site.memory(output.layout, output.values))],
      scratchpad: site.scratchpad)
    guard let gradients = output.gradients, let inputGradients = input.gradients ?? unread?.values else { return }
    gradient = try Primitive(
      OneDNN.BatchNormalization.backward(input.layout, epsilon: layer.epsilon, after: description),
      operands + [
        (.destinationGradient, try site.memory(output.layout, gradients)),
        (.sourceGradient, try site.memory(input.layout, inputGradients)),
        (.scaleGradient, try site.memory(perChannel, gamma.gradients)),
        (.shiftGradient, try site.memory(perChannel, beta.gradients)),
      ], scratchpad: site.scratchpad)
  }

  func forward() throws {
    try normalize.run()
    guard isTraining else { return }
    follow(moving.mean.values, batch.mean.values)
    follow(moving.variance.values, batch.variance.values)
  }

  private func follow(_ moving: UnsafeMutableBufferPointer<Float>, _ batch: UnsafeMutableBufferPointer<Float>) {
    for channel in batch.indices { moving[channel] = momentum * moving[channel] + (1 - momentum) * batch[channel] }
  }

  func backward() throws { try gradient?.run() }
}
