import CKernels
public import Support

/// The optimizer of Kingma and Ba (2015) in Keras' form: epsilon stands outside the bias-corrected root.
///
///     α = rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ)
///     p ← p − α · m / (√v + ε)
public final class Adam {
  public static let beta1 = 0.9
  public static let beta2 = 0.999
  public static let epsilon = 1e-7

  /// m, running means of the gradients; laid out as the weights' arena.
  public let firstMoments: FloatBuffer
  /// v, running means of their squares; laid out likewise.
  public let secondMoments: FloatBuffer
  /// t, the number of updates made.
  public var step = 0

  /// Moments of zero for all of these weights; throws where there is no memory for them.
  public init(for parameters: Parameters) throws(ResourceError) {
    firstMoments = try FloatBuffer(count: parameters.values.values.count)
    secondMoments = try FloatBuffer(count: parameters.values.values.count)
  }

  /// One update of all weights from the gradients that are in the arena.
  public func update(_ parameters: Parameters, learningRate: Double) {
    step += 1
    let (beta1, beta2, epsilon) = (Self.beta1, Self.beta2, Self.epsilon)
    let alpha = learningRate * (1 - power(beta2, step)).squareRoot() / (1 - power(beta1, step))
    kernels_adam_update(
      kernels_adam(
        parameters: parameters.values.start, gradients: parameters.gradients.start,
        first_moments: firstMoments.start, second_moments: secondMoments.start, alpha: Float(alpha),
        beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon)), parameters.values.values.count)
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
