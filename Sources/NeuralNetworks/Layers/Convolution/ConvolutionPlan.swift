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

/// A buffer's content in the layout that a product wants: the buffer itself, or a copy that is renewed before each run.
final class LayoutCopy {
  let memory: Memory
  /// What the product reads or writes.
  let start: UnsafeMutablePointer<Float>?
  private let copy: FloatBuffer?
  private let refresh: Primitive?

  /// - Parameter isResult: the product writes it, so that it is copied the other way, after each run.
  init(
    of buffer: UnsafeMutableBufferPointer<Float>, in own: TensorLayout, as wanted: TensorLayout,
    isResult: Bool = false, _ site: CompilationSite
  ) throws {
    guard own != wanted, let address = buffer.baseAddress else {
      (memory, start, copy, refresh) = (try site.memory(wanted, buffer), buffer.baseAddress, nil, nil)
      return
    }
    let copy = FloatBuffer(count: wanted.byteCount / 4)
    let original = (own, UnsafeMutableRawPointer(address))
    let other = (wanted, UnsafeMutableRawPointer(copy.start))
    memory = try site.memory(wanted, copy.values)
    refresh = try Reorder.primitive(
      from: isResult ? other : original, to: isResult ? original : other, on: site.engine,
      scratchpad: site.scratchpad)
    (self.start, self.copy) = (copy.start, copy)
  }

  func update() throws { try refresh?.run() }
}
