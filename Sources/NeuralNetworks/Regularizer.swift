import CKernels

/// Penalties on large values, added to the loss: l1 · Σ|x| + l2 · Σx², as Keras' `L1L2`.
public struct Penalty: Codable, Equatable, Sendable {
  public var l1: Float
  public var l2: Float

  public init(l1: Float = 0, l2: Float = 0) {
    self.l1 = l1
    self.l2 = l2
  }

  public static let none = Penalty()

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
public struct Regularizer: Codable, Equatable, Sendable {
  public var kernel: Penalty
  public var bias: Penalty
  public var activity: Penalty

  public init(kernel: Penalty = .none, bias: Penalty = .none, activity: Penalty = .none) {
    self.kernel = kernel
    self.bias = bias
    self.activity = activity
  }

  public static let none = Regularizer()
}
