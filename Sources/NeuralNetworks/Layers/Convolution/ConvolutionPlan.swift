import OneDNN

/// The fastest way to compute a convolution's forward product and its kernel's gradient, in layouts that go together.
struct ConvolutionPlan {
  let convolution: Convolution
  let method: Convolution.Method
  let forward: PrimitiveDescription

  /// - Parameter weights: the kernel's layout where it is settled.
  /// - Throws: `OneDNNError` when oneDNN has nothing for the shape.
  init(
    _ convolution: Convolution, _ settings: CompilationSettings, weights: TensorLayout? = nil, fusingReLU: Bool
  ) throws {
    for method in try convolution.methods(winograd: settings.convolution == .fastest) {
      guard
        let forward = try convolution.forward(method, weights: weights, fusingReLU: fusingReLU, on: settings.engine),
        try convolution.backwardWeights(method, weights: nil, after: forward, on: settings.engine) != nil
      else { continue }
      (self.convolution, self.method, self.forward) = (convolution, method, forward)
      return
    }
    throw OneDNNError(operation: convolution.description, reason: "no implementation for these shapes")
  }

  /// Whether our own loops for one output channel take it.
  static func isSingleOutput(_ convolution: Convolution) -> Bool {
    convolution.outputChannels == 1 && SingleChannel.suits(convolution, many: convolution.inputChannels)
  }

  /// The layout in which a convolution's kernel is kept.
  static func kernelLayout(_ convolution: Convolution, _ settings: CompilationSettings, fusingReLU: Bool) throws
    -> TensorLayout
  {
    isSingleOutput(convolution)
      ? try SingleChannel.kernelLayout(convolution)
      : try ConvolutionPlan(convolution, settings, fusingReLU: fusingReLU).forward.weights
  }

  /// The kernel's gradient, in the kernel's own layout where that is possible.
  func kernelGradient(like weights: TensorLayout) throws -> PrimitiveDescription {
    for layout in [weights, nil] {
      if let found = try convolution.backwardWeights(method, weights: layout, after: forward, on: forward.engine) {
        return found
      }
    }
    throw OneDNNError(operation: convolution.description, reason: "no gradient of the kernel for these shapes")
  }

  /// The source's gradient: its layout, the destination's and the kernel's may be others than the forward product's.
  func sourceGradient(_ algorithm: ConvolutionAlgorithm, like weights: TensorLayout) throws
    -> (Convolution.Method, PrimitiveDescription)
  {
    let all = try convolution.methods(winograd: algorithm == .fastest)
    let fitting = all.filter { $0.destination == method.destination }
    for method in [method] + fitting + all {
      for layout in [weights, nil] {
        if let found = try convolution.backwardData(method, weights: layout, after: nil, on: forward.engine) {
          return (method, found)
        }
      }
    }
    throw OneDNNError(operation: convolution.description, reason: "no gradient of the source for these shapes")
  }
}
