import OneDNN

/// A buffer's content in the layout that a product wants: the buffer itself, or a copy that is renewed before each run.
final class LayoutCopy {
  let memory: Memory
  /// What the product reads or writes.
  let start: UnsafeMutablePointer<Float>?
  private let copy: FloatBuffer?
  private let refresh: Primitive?

  /// - Parameter isResult: the product writes it, so that it is copied the other way, after each run.
  init(
    of buffer: UnsafeMutableBufferPointer<Float>, in own: TensorLayout, as wanted: TensorLayout,
    isResult: Bool = false, _ site: CompilationSite
  ) throws {
    guard own != wanted, let address = buffer.baseAddress else {
      (memory, start, copy, refresh) = (try site.memory(wanted, buffer), buffer.baseAddress, nil, nil)
      return
    }
    let copy = try FloatBuffer(count: wanted.byteCount / 4)
    let original = (own, UnsafeMutableRawPointer(address))
    let other = (wanted, UnsafeMutableRawPointer(copy.start))
    memory = try site.memory(wanted, copy.values)
    refresh = try Reorder.primitive(
      from: isResult ? other : original, to: isResult ? original : other, on: site.engine,
      scratchpad: site.scratchpad)
    (self.start, self.copy) = (copy.start, copy)
  }

  func update() throws { try refresh?.run() }
}
