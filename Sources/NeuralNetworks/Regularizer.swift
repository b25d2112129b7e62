import CKernels

/// Penalties on large values, added to the loss: l1 · Σ|x| + l2 · Σx², as Keras' `L1L2`.
package struct Penalty: Codable, Equatable, Sendable {
  package var l1: Float
  package var l2: Float

  package init(l1: Float = 0, l2: Float = 0) {
    self.l1 = l1
    self.l2 = l2
  }

  package static let none = Penalty()

  var isValid: Bool { l1.isFinite && l2.isFinite && l1 >= 0 && l2 >= 0 }

  /// The penalty of `values`, times `scale`; adds its derivative to `gradients` where they are given.
  func of(
    _ values: UnsafeMutableBufferPointer<Float>, addingTo gradients: UnsafeMutableBufferPointer<Float>? = nil,
    scale: Float = 1
  ) -> Float {
    guard self != .none else { return 0 }
    return scale * kernels_penalty(values.baseAddress, gradients?.baseAddress, values.count, l1, l2, scale)
  }
}

/// What a layer is penalised for. Of its outputs, the mean over the batch counts, as in Keras.
package struct Regularizer: Codable, Equatable, Sendable {
  package var kernel: Penalty
  package var bias: Penalty
  /// On the layer's outputs.
  package var activity: Penalty

  package init(kernel: Penalty = .none, bias: Penalty = .none, activity: Penalty = .none) {
    self.kernel = kernel
    self.bias = bias
    self.activity = activity
  }

  package static let none = Regularizer()

  /// The same penalty on kernels, biases and outputs.
  package init(everywhere penalty: Penalty) { self.init(kernel: penalty, bias: penalty, activity: penalty) }
}

/// The penalty on a layer's outputs: their mean over the batch. Where the layer leaves its activation to the loss, the
/// penalty is still on the activation's result.
final class ActivityPenalty {
  private let penalty: Penalty
  private let output: Tensor
  private let deferred: Activation
  private let activated: FloatBuffer
  private let slopes: FloatBuffer

  /// Nil without a penalty, so that nothing is kept for it; throws where there is no memory.
  init?(_ penalty: Penalty, on output: Tensor, deferred: Activation) throws {
    guard penalty != .none else { return nil }
    (self.penalty, self.output, self.deferred) = (penalty, output, deferred)
    activated = try FloatBuffer(count: output.values.count)
    slopes = try FloatBuffer(count: output.values.count)
  }

  private func activate() {
    _ = activated.values.update(fromContentsOf: output.values)
    deferred.apply(to: activated.values, rows: output.rows(for: deferred))
  }

  func value() -> Float {
    activate()
    return penalty.of(activated.values, scale: 1 / Float(output.batch))
  }

  /// - Parameter share: how much of the step's batch the output's images are.
  func addGradient(share: Float) {
    guard let gradients = output.gradients else { return }
    activate()
    slopes.values.update(repeating: 0)
    _ = penalty.of(activated.values, addingTo: slopes.values, scale: share / Float(output.batch))
    deferred.applyDerivative(to: slopes.values, outputs: activated.values, rows: output.rows(for: deferred))
    kernels_add(gradients.baseAddress, slopes.start, gradients.count)
  }
}
