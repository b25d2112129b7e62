import CKernels
import Support

/// The optimizer of Kingma and Ba (2015) in Keras' form: epsilon stands outside the bias-corrected root.
///
///     α = rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ)
///     p ← p − α · m / (√v + ε)
package final class Adam {
  package static let beta1 = 0.9
  package static let beta2 = 0.999
  package static let epsilon = 1e-7

  /// m, running means of the gradients; laid out as the weights' arena.
  package let firstMoments: FloatBuffer
  /// v, running means of their squares; laid out likewise.
  package let secondMoments: FloatBuffer
  /// t, the number of updates made.
  package var step = 0
  /// Whether an update left a weight that is not finite.
  package var hasOverflowed: Bool { overflow.pointee != 0 }
  private let overflow: UnsafeMutablePointer<Int32>

  /// Moments of zero for all of these weights; throws where there is no memory for them.
  package init(for parameters: Parameters) throws(ResourceError) {
    firstMoments = try FloatBuffer(count: parameters.values.values.count)
    secondMoments = try FloatBuffer(count: parameters.values.values.count)
    overflow = .allocate(capacity: 1)
    overflow.initialize(to: 0)
  }

  deinit { overflow.deallocate() }

  /// One update of all weights from the gradients that are in the arena.
  package func update(_ parameters: Parameters, learningRate: Double) {
    let update = begin(parameters, learningRate: learningRate)
    update.apply(to: 0..<parameters.values.values.count)
  }

  /// Counts a step, whose parts may be made one after the other.
  func begin(_ parameters: Parameters, learningRate: Double) -> AdamUpdate {
    step += 1
    parameters.touch()
    let alpha = learningRate * (1 - power(Self.beta2, step)).squareRoot() / (1 - power(Self.beta1, step))
    return AdamUpdate(
      rule: kernels_adam(
        parameters: parameters.values.start, gradients: parameters.gradients.start,
        first_moments: firstMoments.start, second_moments: secondMoments.start, alpha: Float(alpha),
        beta1: Float(Self.beta1), beta2: Float(Self.beta2), epsilon: Float(Self.epsilon), overflow: overflow))
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

/// One step of Adam, for any part of the arenas.
struct AdamUpdate {
  fileprivate let rule: kernels_adam

  /// The step for the parameters at this place of the arenas.
  func rule(at place: Int) -> kernels_adam {
    var rule = rule
    rule.parameters += place
    rule.gradients += place
    rule.first_moments += place
    rule.second_moments += place
    return rule
  }

  /// Changes the weights in `range` by the gradients in the arena.
  func apply(to range: Range<Int>) { kernels_adam_update(rule(at: range.lowerBound), range.count) }
}
