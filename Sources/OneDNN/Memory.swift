import COneDNN

/// A tensor in somebody else's buffer: oneDNN's handle with its layout. It owns the handle, never the data.
public final class Memory {
  public let layout: TensorLayout
  let handle: dnnl_memory_t
  private let engine: Engine

  /// `data` must hold `layout.byteCount` bytes, 64-byte aligned for speed, and outlive this; nil until `point(at:)`.
  public init(_ layout: TensorLayout, at data: UnsafeMutableRawPointer?, on engine: Engine) throws {
    var handle: dnnl_memory_t?
    var descriptor = layout.descriptor
    try check(
      dnnl_memory_create(&handle, &descriptor, engine.handle, data ?? tiddu_dnnl_memory_none), "make a tensor")
    guard let handle else { throw OneDNNError(operation: "make a tensor", reason: "no handle came back") }
    self.layout = layout
    self.handle = handle
    self.engine = engine
  }

  deinit { dnnl_memory_destroy(handle) }

  /// Moves the tensor to other data, under the same conditions.
  public func point(at data: UnsafeMutableRawPointer) throws {
    try check(dnnl_memory_set_data_handle(handle, data), "point a tensor at its data")
  }
}
