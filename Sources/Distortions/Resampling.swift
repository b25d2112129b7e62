import ImageSets

/// Moving an image's content about by fractions of a pixel: what all distortions share that bend it.
extension Canvas {
  /// Bytes of scratch memory that `resample` uses, from its start: a copy of the image, to a whole number of floats.
  static func copySize(for shape: ImageSet.Shape) -> Int { (shape.size + 63) / 64 * 64 }

  /// Puts at each pixel (row, column) what the image has at the place that `origin` names, in rows and columns, all
  /// channels alike: between pixels the bilinear mean of four, rounded, halves up; beyond the border, paper.
  ///
  /// Places may be any numbers at all, also none (NaN), which is beyond the border.
  @inline(__always)
  func resample(_ origin: (_ row: Int, _ column: Int) -> (row: Float, column: Float)) {
    forEachSample(origin) { place, value in pixels[place] = byte(value) }
  }

  /// The same, with what lies at each place of (H, W, C) handed to `take`, not rounded.
  @inline(__always)
  func forEachSample(
    _ origin: (_ row: Int, _ column: Int) -> (row: Float, column: Float), _ take: (_ place: Int, _ value: Float) -> Void
  ) {
    let source = scratch.assumingMemoryBound(to: UInt8.self)
    source.update(from: pixels, count: shape.size)
    var place = 0
    for row in 0..<shape.height {
      for column in 0..<shape.width {
        let origin = origin(row, column)
        for channel in 0..<shape.channels {
          take(place + channel, value(of: UnsafePointer(source), at: origin.row, origin.column, channel))
        }
        place += shape.channels
      }
    }
  }

  @inline(__always)
  private func value(of source: UnsafePointer<UInt8>, at row: Float, _ column: Float, _ channel: Int) -> Float {
    guard row > -1, row < Float(shape.height), column > -1, column < Float(shape.width) else { return 0 }
    let (upper, left) = (row.rounded(.down), column.rounded(.down))
    let (down, right) = (row - upper, column - left)
    let (top, start) = (Int(upper), Int(left))
    func at(_ row: Int, _ column: Int) -> Float {
      guard row >= 0, row < shape.height, column >= 0, column < shape.width else { return 0 }
      return Float(source[row * stride + column * shape.channels + channel])
    }
    let above = at(top, start) * (1 - right) + at(top, start + 1) * right
    let below = at(top + 1, start) * (1 - right) + at(top + 1, start + 1) * right
    return above * (1 - down) + below * down
  }
}

/// Clamped to 0…255 and rounded, halves up; what is no number becomes 0.
@inline(__always)
func byte(_ value: Float) -> UInt8 {
  value > 0 ? UInt8(min(value, 255) + 0.5) : 0
}
