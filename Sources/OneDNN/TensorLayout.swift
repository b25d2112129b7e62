import COneDNN

/// The extents of a tensor of 32-bit floats and where each element lies in memory.
public struct TensorLayout: Equatable, @unchecked Sendable {
  var descriptor: dnnl_memory_desc_t

  init(_ descriptor: dnnl_memory_desc_t) { self.descriptor = descriptor }

  /// The last axis is contiguous.
  public static func rowMajor(_ extents: [Int]) throws -> TensorLayout {
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in extents.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * extents[axis + 1] }
    return try strided(extents, strides: strides)
  }

  /// `strides` in elements, one an axis.
  public static func strided(_ extents: [Int], strides: [Int]) throws -> TensorLayout {
    var descriptor = dnnl_memory_desc_t()
    try check(
      dnnl_memory_desc_init_by_strides(
        &descriptor, Int32(extents.count), extents.map(Int64.init), dnnl_f32, strides.map(Int64.init)),
      "describe a tensor of \(extents)")
    return TensorLayout(descriptor)
  }

  /// A primitive made from this chooses the layout that it is fastest with.
  public static func chosenByPrimitive(_ extents: [Int]) throws -> TensorLayout {
    try tagged(extents, dnnl_format_tag_any)
  }

  /// A batch of images as everybody outside sees them: each pixel's channels side by side. Axes in oneDNN's order,
  /// (N, C, H, W).
  public static func images(batch: Int, height: Int, width: Int, channels: Int) throws -> TensorLayout {
    // With one channel any stride would do; oneDNN's primitives know the layout by this one.
    try strided(
      [batch, channels, height, width],
      strides: [height * width * channels, channels == 1 ? height * width : 1, width * channels, channels])
  }

  /// A batch of images with `block` channels of a pixel side by side, then its neighbours' pixels, then the next
  /// channels: what convolutions are fastest in. Missing channels are padding, always zero.
  public static func blockedImages(batch: Int, height: Int, width: Int, channels: Int, block: Int) throws
    -> TensorLayout
  {
    precondition(block == 8 || block == 16, "oneDNN blocks 8 or 16 channels")
    return try tagged([batch, channels, height, width], block == 16 ? dnnl_nChw16c : dnnl_nChw8c)
  }

  private static func tagged(_ extents: [Int], _ tag: dnnl_format_tag_t) throws -> TensorLayout {
    var descriptor = dnnl_memory_desc_t()
    try check(
      dnnl_memory_desc_init_by_tag(&descriptor, Int32(extents.count), extents.map(Int64.init), dnnl_f32, tag),
      "describe a tensor of \(extents)")
    return TensorLayout(descriptor)
  }

  /// Size in bytes, with the padding that blocked layouts have.
  public var byteCount: Int {
    var descriptor = descriptor
    return dnnl_memory_desc_get_size(&descriptor)
  }

  public static func == (left: TensorLayout, right: TensorLayout) -> Bool {
    var (left, right) = (left.descriptor, right.descriptor)
    return dnnl_memory_desc_equal(&left, &right) != 0
  }

  /// The axes' lengths in oneDNN's order, without padding: (N, C, H, W) or (N, features).
  public var extents: [Int] {
    withUnsafeBytes(of: descriptor.dims) { dims in
      dims.bindMemory(to: Int64.self).prefix(Int(descriptor.ndims)).map(Int.init)
    }
  }

  /// Channels side by side in a blocked layout; nil for others.
  public var channelBlock: Int? {
    guard descriptor.format_kind == dnnl_blocked, descriptor.format_desc.blocking.inner_nblks == 1,
      descriptor.format_desc.blocking.inner_idxs.0 == 1
    else { return nil }
    return Int(descriptor.format_desc.blocking.inner_blks.0)
  }
}
