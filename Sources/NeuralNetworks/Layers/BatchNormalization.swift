import CKernels

/// Each channel brought to mean 0 and variance 1, then to a scale and a shift that are learned (Ioffe and Szegedy 2015).
/// x, y (N, H, W, C) or (N, C); gamma, beta, moving_mean, moving_variance (C).
///
///     y = gamma · (x − mean) / √(variance + ε) + beta
///
/// In training mean and variance are the batch's own, over all its pixels (the variance divided by their number), and the
/// moving ones follow: moving ← momentum · moving + (1 − momentum) · batch, as in Keras. In inference the moving ones
/// are used.
package struct BatchNormalization: UnaryLayer {
  package static let type = "batch_normalization"
  package var momentum: Float
  package var epsilon: Float

  package init(momentum: Float = 0.99, epsilon: Float = 1e-3) {
    self.momentum = momentum
    self.epsilon = epsilon
  }

  private enum CodingKeys: String, CodingKey { case momentum, epsilon }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    momentum = try container.value(.momentum, default: 0.99)
    epsilon = try container.value(.epsilon, default: 1e-3)
  }

  package func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard momentum >= 0, momentum <= 1, epsilon > 0, epsilon <= 1 else {
      throw LayerError("momentum \(momentum), epsilon \(epsilon); wanted are numbers from 0 to 1, epsilon not 0")
    }
    guard input.count == 1 || input.count == 3 else {
      throw LayerError("takes images (H, W, C) or features, not \(input)")
    }
    return input
  }

  package func parameters(for input: Shape) -> [ParameterDescription] {
    let shape = [input.last ?? 0]
    return [
      ParameterDescription(name: "gamma", shape: shape, initial: .ones),
      ParameterDescription(name: "beta", shape: shape, initial: .zeros),
      ParameterDescription(name: "moving_mean", shape: shape, initial: .zeros, isTrainable: false),
      ParameterDescription(name: "moving_variance", shape: shape, initial: .ones, isTrainable: false),
    ]
  }

  package func compile(_ site: CompilationSite) throws -> CompiledLayer {
    try CompiledBatchNormalization(self, relu: site.fusion?.hasReLU == true, site)
  }
}

private final class CompiledBatchNormalization: CompiledLayer {
  let output: Tensor
  private let input: Tensor
  private let momentum: Float
  private let isTraining: Bool
  private let moving: (mean: Parameter, variance: Parameter)
  /// The batch's mean and variance.
  private let batch: (mean: FloatBuffer, variance: FloatBuffer)
  private let parameters: [Parameter]
  private let sums: FloatBuffer
  private var work: kernels_normalization

  init(_ layer: BatchNormalization, relu: Bool, _ site: CompilationSite) throws {
    let channels = site.input.shape.last ?? 0
    (momentum, isTraining, input) = (layer.momentum, site.mode == .training, site.input)
    moving = (site.parameter("moving_mean"), site.parameter("moving_variance"))
    let (gamma, beta) = (site.parameter("gamma"), site.parameter("beta"))
    parameters = [gamma, beta, moving.mean, moving.variance]
    batch = try (FloatBuffer(count: channels), FloatBuffer(count: channels))
    output = try site.output(input.shape)
    sums = try FloatBuffer(count: Int(KERNELS_SUM_PARTS) * 2 * channels)
    work = kernels_normalization()
    (work.pixels, work.channels) = (input.values.count / max(1, channels), channels)
    (work.epsilon, work.relu) = (layer.epsilon, relu ? 1 : 0)
    (work.source, work.destination, work.sums) = (UnsafePointer(input.start), output.start, sums.start)
    (work.scale, work.shift) = (UnsafePointer(gamma.values.baseAddress), UnsafePointer(beta.values.baseAddress))
    work.mean = isTraining ? batch.mean.start : moving.mean.values.baseAddress
    work.variance = isTraining ? batch.variance.start : moving.variance.values.baseAddress
    work.destination_gradients = UnsafePointer(output.gradients?.baseAddress)
    work.source_gradients = input.gradients?.baseAddress
    (work.scale_gradients, work.shift_gradients) = (gamma.gradients.baseAddress, beta.gradients.baseAddress)
  }

  func forward() {
    if isTraining { kernels_measure_statistics(work) }
    kernels_normalize(work)
    guard isTraining else { return }
    follow(moving.mean.values, batch.mean.values)
    follow(moving.variance.values, batch.variance.values)
  }

  private func follow(_ moving: UnsafeMutableBufferPointer<Float>, _ batch: UnsafeMutableBufferPointer<Float>) {
    for channel in batch.indices { moving[channel] = momentum * moving[channel] + (1 - momentum) * batch[channel] }
  }

  func backward() { kernels_normalize_backward(work) }
}
