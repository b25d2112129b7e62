import CKernels
import Groundwork

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
    eachRow(values.count, rows: rows) { [self] offset, size in
      let row = values.baseAddress! + offset
      switch self {
      case .linear: break
      case .relu: kernels_relu(row, size)
      case .sigmoid: kernels_sigmoid(row, size)
      case .softmax: kernels_softmax(row, size)
      }
    }
  }

  /// dz = dy · f′(z) in place, from the outputs y. Both (N, size)
  func applyDerivative(
    to gradients: UnsafeMutableBufferPointer<Float>, outputs: UnsafeMutableBufferPointer<Float>, rows: Int
  ) {
    eachRow(gradients.count, rows: rows) { [self] offset, size in
      let (row, output) = (gradients.baseAddress! + offset, outputs.baseAddress! + offset)
      switch self {
      case .linear: break
      case .relu: kernels_relu_backward(row, output, size)
      case .sigmoid: kernels_sigmoid_backward(row, output, size)
      case .softmax: kernels_softmax_backward(row, output, size)
      }
    }
  }

  private func eachRow(_ count: Int, rows: Int, _ body: (Int, Int) -> Void) {
    guard self != .linear, rows > 0 else { return }
    let size = count / rows
    withoutActuallyEscaping(body) { body in
      let work = UncheckedSendable(body)
      // A thousand values take less time than waking a thread.
      Threads.forEachRange(of: rows, grain: max(1, 8192 / max(1, size))) { range in
        for row in range { work.value(row * size, size) }
      }
    }
  }
}

/// A promise that what is inside may be used from several threads at once: rows of a batch do not overlap.
struct UncheckedSendable<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
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
