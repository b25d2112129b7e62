import CKernels
import Groundwork

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

  /// Moments of zero for all of these weights.
  public init(for parameters: Parameters) {
    firstMoments = FloatBuffer(count: parameters.values.values.count)
    secondMoments = FloatBuffer(count: parameters.values.values.count)
  }

  /// One update of all weights from the gradients that are in the arena.
  public func update(_ parameters: Parameters, learningRate: Double) {
    step += 1
    let (beta1, beta2, epsilon) = (Self.beta1, Self.beta2, Self.epsilon)
    let alpha = learningRate * (1 - power(beta2, step)).squareRoot() / (1 - power(beta1, step))
    let work = UncheckedSendable(
      (parameters.values.start, parameters.gradients.start, firstMoments.start, secondMoments.start))
    // Whole cache lines each, so that two threads never write to one.
    Threads.forEachRange(of: parameters.values.values.count / 16, grain: 1024) { lines in
      let (values, gradients, first, second) = work.value
      let start = lines.lowerBound * 16
      kernels_adam(
        values + start, gradients + start, first + start, second + start, lines.count * 16, Float(alpha),
        Float(beta1), Float(beta2), Float(epsilon))
    }
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
