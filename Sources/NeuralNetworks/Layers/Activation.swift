import CKernels

/// A function of each value, or for softmax of the values along the last axis together.
package enum Activation: String, Codable, Sendable, CaseIterable {
  /// y = z
  case linear
  /// y = max(z, 0)
  case relu
  /// y = 1 / (1 + exp(−z))
  case sigmoid
  /// yᵢ = exp(zᵢ) / Σ exp(zₖ), over the last axis
  case softmax

  /// y = f(z) in place. `values` (rows, size); softmax is over each row.
  func apply(to values: UnsafeMutableBufferPointer<Float>, rows: Int) {
    guard let kernel, rows > 0 else { return }
    kernels_activate(kernel, values.baseAddress, rows, values.count / rows)
  }

  /// dz = dy · f′(z) in place, from the outputs y. Both (rows, size)
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

extension Tensor {
  /// Rows to share out among threads: images, or for softmax its vectors.
  func rows(for activation: Activation) -> Int {
    activation == .softmax ? values.count / max(1, shape.last ?? 1) : batch
  }

  /// y = f(z) in place.
  func activate(_ activation: Activation) { activation.apply(to: values, rows: rows(for: activation)) }

  /// Turns the gradients by y into those by z.
  func deactivateGradients(_ activation: Activation) {
    guard let gradients else { return }
    activation.applyDerivative(to: gradients, outputs: values, rows: rows(for: activation))
  }
}

/// An activation as a layer of its own. Input and output (N, …), of one shape.
package struct ActivationLayer: UnaryLayer, ActivatedLayer {
  package static let type = "activation"
  package var activation: Activation
  package var defersActivation = false
  package init(_ activation: Activation) { self.activation = activation }

  private enum CodingKeys: String, CodingKey { case activation }

  package init(from decoder: any Decoder) throws {
    activation = try decoder.container(keyedBy: CodingKeys.self).choice(.activation, default: .relu)
  }

  package func outputShape(for input: Shape) -> Shape { input }

  package func compile(_ site: CompilationSite) throws -> CompiledLayer {
    CompiledActivation(
      defersActivation ? .linear : activation, input: site.input, output: try site.output(site.input.shape))
  }
}

/// A function applied to a copy of its input.
final class CompiledActivation: CompiledLayer {
  let output: Tensor
  private let activation: Activation
  private let input: Tensor

  init(_ activation: Activation, input: Tensor, output: Tensor) {
    (self.activation, self.input, self.output) = (activation, input, output)
  }

  func forward() {
    kernels_copy(output.start, input.start, output.values.count)
    output.activate(activation)
  }

  func backward() {
    guard let gradients = output.gradients, let inputGradients = input.gradients else { return }
    output.deactivateGradients(activation)
    kernels_copy(inputGradients.baseAddress, gradients.baseAddress, gradients.count)
  }
}
