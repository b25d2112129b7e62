import CKernels
import Glibc
import OneDNN
public import Support

/// 32-bit floats in memory of their own, zeroed, aligned to 64 bytes; allocated once and never moved.
public final class FloatBuffer {
  /// There as long as the buffer: whoever keeps this keeps that.
  public let values: UnsafeMutableBufferPointer<Float>

  /// Room for `count` floats, all 0; throws where there is none.
  public init(count: Int) throws(ResourceError) {
    let bytes = try ResourceError.allocate(bytes: count * 4)
    values = UnsafeMutableBufferPointer(start: bytes.bindMemory(to: Float.self, capacity: count), count: count)
    values.initialize(repeating: 0)
  }

  deinit { free(values.baseAddress) }

  public var start: UnsafeMutablePointer<Float> { values.baseAddress! }
}

/// What flows between two layers: (N, …shape) in some layout, and the loss' derivative by it. It owns its numbers: pointers
/// to them are good as long as a copy of the tensor is kept.
public struct Tensor {
  public let batch: Int
  /// Without the batch.
  public let shape: Shape
  /// Of images (H, W, C), oneDNN's axes are (N, C, H, W); of all others (N, …shape).
  public let layout: TensorLayout
  let value: FloatBuffer
  let gradient: FloatBuffer?
  /// How pixels and channels lie, for loops of our own.
  let planes: kernels_planes

  init(batch: Int, shape: Shape, layout: TensorLayout, withGradient: Bool) throws {
    try self.init(
      batch: batch, shape: shape, layout: layout, value: FloatBuffer(count: layout.byteCount / 4),
      gradient: withGradient ? FloatBuffer(count: layout.byteCount / 4) : nil)
  }

  init(batch: Int, shape: Shape, layout: TensorLayout, value: FloatBuffer, gradient: FloatBuffer?) {
    (self.batch, self.shape, self.layout, self.value, self.gradient) = (batch, shape, layout, value, gradient)
    planes = Self.planes(batch: batch, shape: shape, layout: layout)
  }

  /// Row-major.
  static func plainLayout(batch: Int, shape: Shape) throws -> TensorLayout {
    guard shape.count == 3 else { return try .rowMajor([batch] + shape) }
    return try .images(batch: batch, height: shape[0], width: shape[1], channels: shape[2])
  }

  /// Values of one image, padding not counted.
  public var size: Int { shape.reduce(1, *) }
  /// All of them, padding included: row-major (N, …shape) where the layout is.
  public var values: UnsafeMutableBufferPointer<Float> { value.values }
  /// Laid out as the values; nil where none is needed: in inference, and for the network's input.
  public var gradients: UnsafeMutableBufferPointer<Float>? { gradient?.values }
  var start: UnsafeMutablePointer<Float> { value.start }

  /// The same memory seen with other extents; both must be row-major.
  func viewed(as shape: Shape) throws -> Tensor {
    Tensor(
      batch: batch, shape: shape, layout: try Self.plainLayout(batch: batch, shape: shape), value: value,
      gradient: gradient)
  }

  private static func planes(batch: Int, shape: Shape, layout: TensorLayout) -> kernels_planes {
    let (height, width, channels) = shape.count == 3 ? (shape[0], shape[1], shape[2]) : (1, 1, shape.reduce(1, *))
    var planes = kernels_planes(images: batch, blocks: 1, pixels: height * width, inner: channels, channels: channels)
    if let block = layout.channelBlock {
      (planes.blocks, planes.inner) = ((channels + block - 1) / block, block)
    } else if let plain = try? plainLayout(batch: batch, shape: shape), layout != plain {
      (planes.blocks, planes.inner) = (channels, 1)
    }
    return planes
  }
}

/// One tensor for several readers: the values are the same memory, the gradients are added up.
final class Fork: CompiledLayer {
  let outputs: [Tensor]
  var output: Tensor { outputs[0] }

  /// The first reader fills the source's own gradient.
  init(_ source: Tensor, readers: Int) throws {
    outputs = try (0..<readers).map { reader in
      try Tensor(
        batch: source.batch, shape: source.shape, layout: source.layout, value: source.value,
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
