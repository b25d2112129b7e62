/// What lies beyond an image's border, as Keras names it.
package enum Padding: String, Codable, Sendable, CaseIterable {
  /// Nothing: the window stays inside.
  case valid
  /// As many zeros as it takes for ⌈H / stride⌉ rows of output; where the number is odd, the last side gets one more.
  case same
}

/// A square that moves over an image: of a convolution or a pooling.
package struct Window {
  package var size: Int
  package var stride: Int
  package var padding: Padding

  /// What a layer's own settings must be.
  func check() throws(LayerError) {
    guard (1...1 << 8).contains(size) else { throw LayerError("a window of \(size); wanted is a side from 1 to 256") }
    guard (1...1 << 8).contains(stride) else {
      throw LayerError("strides of \(stride); wanted is a number from 1 to 256")
    }
  }

  /// Along one axis: how many places the window has in an image of `length`, at least 1 where it fits at all.
  func output(of length: Int) -> Int {
    switch padding {
    case .valid: length < size ? 0 : (length - size) / stride + 1
    case .same: (length - 1) / stride + 1
    }
  }

  /// Along one axis: the zeros in front of an image of `length` and behind it.
  package func margins(of length: Int) -> (before: Int, after: Int) {
    guard padding == .same else { return (0, 0) }
    let all = max((output(of: length) - 1) * stride + size - length, 0)
    return (all / 2, all - all / 2)
  }

  /// (H, W, C) → (H′, W′, channels)
  func outputShape(for input: Shape, channels: Int) throws(LayerError) -> Shape {
    try check()
    try input.checkIsImages()
    guard padding == .same || min(input[0], input[1]) >= size else {
      throw LayerError("a window of \(size)×\(size) does not fit into \(input[0])×\(input[1]) without padding")
    }
    return [output(of: input[0]), output(of: input[1]), channels]
  }
}

extension Shape {
  /// Throws unless these are the extents of images, (H, W, C).
  func checkIsImages() throws(LayerError) {
    guard count == 3 else { throw LayerError("takes images (H, W, C), not \(self); put a reshape before it") }
  }

  /// Throws unless they are, and small enough to be made hundreds of times as large.
  func checkIsEnlargeable() throws(LayerError) {
    try checkIsImages()
    guard Swift.max(self[0], self[1]) <= 1 << 20 else {
      throw LayerError("images of \(self[0])×\(self[1]) are too large")
    }
  }
}
