import COneDNN

/// Copies a tensor from one layout into another; extents are the same.
public enum Reorder {
  /// A tensor's place in memory and how it lies there.
  public typealias Place = (layout: TensorLayout, data: UnsafeMutableRawPointer)

  /// Copies once.
  public static func copy(from source: Place, to destination: Place, on engine: Engine) throws {
    let scratchpad = Scratchpad()
    let primitive = try primitive(from: source, to: destination, on: engine, scratchpad: scratchpad)
    try scratchpad.allocate()
    try primitive.run()
  }

  /// Copies whenever it is run.
  public static func primitive(
    from source: Place, to destination: Place, on engine: Engine, scratchpad: Scratchpad
  ) throws -> Primitive {
    try Primitive(
      description(from: source.layout, to: destination.layout, on: engine),
      [
        (.from, try Memory(source.layout, at: source.data, on: engine)),
        (.to, try Memory(destination.layout, at: destination.data, on: engine)),
      ], scratchpad: scratchpad)
  }

  private static func description(from source: TensorLayout, to destination: TensorLayout, on engine: Engine) throws
    -> PrimitiveDescription
  {
    var (source, destination) = (source.descriptor, destination.descriptor)
    let attributes = try Attributes()
    return try PrimitiveDescription("change a tensor's layout", on: engine) {
      dnnl_reorder_primitive_desc_create(
        $0, &source, engine.handle, &destination, engine.handle, attributes.handle)
    }
  }
}

/// C = A·B for row-major matrices, oneDNN's general multiplication; the yardstick of the benchmarks.
///
/// A is (rows, inner), B (inner, columns), C (rows, columns).
public func multiply(
  rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
  into c: UnsafeMutablePointer<Float>
) throws {
  let letter = CChar(UInt8(ascii: "N"))
  try check(
    dnnl_sgemm(
      letter, letter, Int64(rows), Int64(columns), Int64(inner), 1, a, Int64(inner), b, Int64(columns), 0, c,
      Int64(columns)), "multiply \(rows)×\(inner) by \(inner)×\(columns)")
}
