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
    var descriptor = dnnl_memory_desc_t()
    try check(
      dnnl_memory_desc_init_by_tag(
        &descriptor, Int32(extents.count), extents.map(Int64.init), dnnl_f32, dnnl_format_tag_any),
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
}
