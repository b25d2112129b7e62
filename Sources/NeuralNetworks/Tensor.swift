import OneDNN

/// 32-bit floats in memory of their own, zeroed, aligned to 64 bytes; allocated once and never moved.
public final class FloatBuffer {
  public let values: UnsafeMutableBufferPointer<Float>

  /// Room for `count` floats, all 0.
  public init(count: Int) {
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64)
    values = UnsafeMutableBufferPointer(start: bytes.bindMemory(to: Float.self, capacity: count), count: count)
    values.initialize(repeating: 0)
  }

  deinit { UnsafeMutableRawPointer(values.baseAddress!).deallocate() }

  public var start: UnsafeMutablePointer<Float> { values.baseAddress! }
}

/// What flows between two layers: (N, …shape), row-major, and the loss' derivative by it.
public struct Tensor {
  public let batch: Int
  /// Without the batch.
  public let shape: Shape
  let value: FloatBuffer
  let gradient: FloatBuffer?

  init(batch: Int, shape: Shape, withGradient: Bool) {
    self.batch = batch
    self.shape = shape
    value = FloatBuffer(count: batch * shape.reduce(1, *))
    gradient = withGradient ? FloatBuffer(count: batch * shape.reduce(1, *)) : nil
  }

  private init(batch: Int, shape: Shape, value: FloatBuffer, gradient: FloatBuffer?) {
    (self.batch, self.shape, self.value, self.gradient) = (batch, shape, value, gradient)
  }

  /// Values of one picture.
  public var size: Int { shape.reduce(1, *) }
  /// (N, …shape)
  public var values: UnsafeMutableBufferPointer<Float> { value.values }
  /// (N, …shape); nil where none is needed: in inference, and for the network's input.
  public var gradients: UnsafeMutableBufferPointer<Float>? { gradient?.values }

  /// The same memory seen with other extents.
  func viewed(as shape: Shape) -> Tensor { Tensor(batch: batch, shape: shape, value: value, gradient: gradient) }
}
