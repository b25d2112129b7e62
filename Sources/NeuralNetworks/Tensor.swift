import CKernels
import Glibc
import Support

/// 32-bit floats in memory of their own, zeroed, aligned to 64 bytes; allocated once and never moved.
package final class FloatBuffer {
  /// There as long as the buffer: whoever keeps this keeps that.
  package let values: UnsafeMutableBufferPointer<Float>

  /// Room for `count` floats, all 0; throws where there is none.
  package init(count: Int) throws(ResourceError) {
    let bytes = try ResourceError.allocate(bytes: count * 4)
    values = UnsafeMutableBufferPointer(start: bytes.bindMemory(to: Float.self, capacity: count), count: count)
    values.initialize(repeating: 0)
  }

  deinit { free(values.baseAddress) }

  package var start: UnsafeMutablePointer<Float> { values.baseAddress! }
}

/// What flows between two layers: (N, …shape), row-major, and the loss' derivative by it. It owns its numbers: pointers to
/// them are good as long as a copy of the tensor is kept.
public struct Tensor {
  package let batch: Int
  /// Without the batch.
  public let shape: Shape
  let value: FloatBuffer
  let gradient: FloatBuffer?

  init(batch: Int, shape: Shape, withGradient: Bool) throws {
    let count = batch * shape.reduce(1, *)
    try self.init(
      batch: batch, shape: shape, value: FloatBuffer(count: count),
      gradient: withGradient ? FloatBuffer(count: count) : nil)
  }

  /// In memory that may be larger.

  init(batch: Int, shape: Shape, value: FloatBuffer, gradient: FloatBuffer?) {
    (self.batch, self.shape, self.value, self.gradient) = (batch, shape, value, gradient)
  }

  /// Values of one image.
  package var size: Int { shape.reduce(1, *) }
  /// All of them.
  public var values: UnsafeMutableBufferPointer<Float> { .init(start: value.start, count: batch * size) }
  /// Laid out as the values; nil where none is needed: in inference, and for the network's input.
  public var gradients: UnsafeMutableBufferPointer<Float>? { gradient?.values }
  var start: UnsafeMutablePointer<Float> { value.start }

  /// The same memory seen with other extents.
  func viewed(as shape: Shape) -> Tensor { Tensor(batch: batch, shape: shape, value: value, gradient: gradient) }
}

/// One tensor for several readers: the values are the same memory, the gradients are added up.
final class Fork: CompiledLayer {
  let outputs: [Tensor]
  var output: Tensor { outputs[0] }

  /// The first reader fills the source's own gradient.
  init(_ source: Tensor, readers: Int) throws {
    outputs = try (0..<readers).map { reader in
      try Tensor(
        batch: source.batch, shape: source.shape, value: source.value,
        gradient: reader == 0 ? source.gradient : FloatBuffer(count: source.values.count))
    }
  }

  func forward() {}

  func backward() {
    guard let sum = outputs[0].gradients?.baseAddress else { return }
    for other in outputs.dropFirst() {
      if let gradients = other.gradients { kernels_add(sum, gradients.baseAddress, gradients.count) }
    }
  }
}
