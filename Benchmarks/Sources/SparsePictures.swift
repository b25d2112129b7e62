import Support

/// (N, size) numbers, about four fifths of them paper, as in the data. An image's number modulo 10 is its class, which
/// shows: one stripe of ten has less paper.
final class SparseImages {
  let count: Int
  private let size: Int
  private let values: UnsafeMutableBufferPointer<Float>

  init(count: Int, size: Int) {
    self.count = count
    self.size = size
    values = .allocate(capacity: count * size)
    var generator = Philox(seed: 3)
    for index in values.indices {
      let stripe = index % size * 10 / size
      let paper: Float = stripe == index / size % 10 ? 6 : 8
      values.initializeElement(at: index, to: max(0, min(1, generator.uniform() * 10 - paper)))
    }
  }

  deinit { values.deallocate() }

  /// (batch, size) is what `target` holds.
  func copy(_ image: Int, to target: UnsafeMutableBufferPointer<Float>, row: Int) {
    _ = UnsafeMutableBufferPointer(rebasing: target[row * size..<(row + 1) * size])
      .update(fromContentsOf: values[image * size..<(image + 1) * size])
  }

  /// 1 at the image's class and 0 elsewhere; (batch, classes) is what `target` holds.
  func copyClass(
    of image: Int, to target: UnsafeMutableBufferPointer<Float>, row: Int, classes: Int
  ) {
    let own = UnsafeMutableBufferPointer(rebasing: target[row * classes..<(row + 1) * classes])
    own.update(repeating: 0)
    own[image % min(10, classes)] = 1
  }
}
