/// A batch normalization with its moving statistics, which in inference is a slope and an offset for each channel: as much
/// as the convolution before it can do by itself, with other weights.
///
///     slope = gamma / √(variance + ε),  offset = beta + (bias − mean) · slope
final class FoldedNormalization {
  let slopes: FloatBuffer
  /// In the place of the convolution's own.
  let bias: FloatBuffer
  private let normalization: Normalization
  private let original: Parameter

  /// What is folded: the layer and its parameters by their own names.
  struct Normalization {
    let layer: BatchNormalization
    let parameters: [String: Parameter]
  }

  init(_ normalization: Normalization, bias: Parameter) throws {
    (self.normalization, original) = (normalization, bias)
    // Whole panels are read.
    let count = (bias.description.count + 15) / 16 * 16
    slopes = try FloatBuffer(count: count)
    self.bias = try FloatBuffer(count: count)
  }

  /// Takes the weights as they are now.
  func update() {
    func values(_ name: String) -> UnsafeMutableBufferPointer<Float>? { normalization.parameters[name]?.values }
    guard let gamma = values("gamma"), let beta = values("beta"), let mean = values("moving_mean"),
      let variance = values("moving_variance")
    else { preconditionFailure("a normalization without its parameters was folded") }
    for channel in 0..<original.description.count {
      let slope = gamma[channel] / (variance[channel] + normalization.layer.epsilon).squareRoot()
      slopes.values[channel] = slope
      bias.values[channel] = beta[channel] + (original.values[channel] - mean[channel]) * slope
    }
  }
}
