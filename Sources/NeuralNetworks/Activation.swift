import CKernels

/// A function of each value, or for softmax of each picture's values together.
public enum Activation: String, Codable, Sendable, CaseIterable {
  /// y = z
  case linear
  /// y = max(z, 0)
  case relu
  /// y = 1 / (1 + exp(−z))
  case sigmoid
  /// yᵢ = exp(zᵢ) / Σ exp(zₖ), over all values of a picture
  case softmax

  /// y = f(z) in place. `values` (N, size)
  func apply(to values: UnsafeMutableBufferPointer<Float>, rows: Int) {
    guard let kernel, rows > 0 else { return }
    kernels_activate(kernel, values.baseAddress, rows, values.count / rows)
  }

  /// dz = dy · f′(z) in place, from the outputs y. Both (N, size)
  func applyDerivative(
    to gradients: UnsafeMutableBufferPointer<Float>, outputs: UnsafeMutableBufferPointer<Float>, rows: Int
  ) {
    guard let kernel, rows > 0 else { return }
    kernels_activate_backward(kernel, gradients.baseAddress, outputs.baseAddress, rows, gradients.count / rows)
  }

  private var kernel: kernels_activation? {
    switch self {
    case .linear: nil
    case .relu: KERNELS_RELU
    case .sigmoid: KERNELS_SIGMOID
    case .softmax: KERNELS_SOFTMAX
    }
  }
}

/// An activation as a layer of its own. Input and output (N, …), of one shape.
public struct ActivationLayer: Layer {
  public static let type = "activation"
  public var activation: Activation
  public var defersActivation = false
  public init(_ activation: Activation) { self.activation = activation }

  private enum CodingKeys: String, CodingKey { case activation }

  public func outputShape(for input: Shape) -> Shape { input }

  public func compile(_ site: CompilationSite) -> CompiledLayer {
    Compiled(
      activation: defersActivation ? .linear : activation, input: site.input, output: site.output(site.input.shape))
  }

  private final class Compiled: CompiledLayer {
    let activation: Activation
    let input: Tensor
    let output: Tensor

    init(activation: Activation, input: Tensor, output: Tensor) {
      (self.activation, self.input, self.output) = (activation, input, output)
    }

    func forward() {
      _ = output.values.update(fromContentsOf: input.values)
      activation.apply(to: output.values, rows: output.batch)
    }

    func backward() {
      guard let gradients = output.gradients, let inputGradients = input.gradients else { return }
      activation.applyDerivative(to: gradients, outputs: output.values, rows: output.batch)
      _ = inputGradients.update(fromContentsOf: gradients)
    }
  }
}
