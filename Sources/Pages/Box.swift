import ImageSets

/// A rectangle of pixels; the right and lower edges are behind its last ones.
package struct Box: Sendable, Hashable, Codable {
  package var left: Int
  package var top: Int
  package var right: Int
  package var bottom: Int

  package init(left: Int, top: Int, right: Int, bottom: Int) {
    (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
  }

  package var width: Int { right - left }
  package var height: Int { bottom - top }
  var extent: Int { max(width, height) }
  var center: SIMD2<Float> { SIMD2(Float(left + right), Float(top + bottom)) / 2 }

  mutating func include(x: Int, y: Int) {
    (left, top) = (min(left, x), min(top, y))
    (right, bottom) = (max(right, x + 1), max(bottom, y + 1))
  }

  func union(_ other: Box) -> Box {
    Box(
      left: min(left, other.left), top: min(top, other.top), right: max(right, other.right),
      bottom: max(bottom, other.bottom))
  }

  /// The same place on a page of another scale.
  func scaled(by scale: Float, within size: ImageSize) -> Box {
    func place(_ value: Int, _ most: Int) -> Int { min(most, max(0, Int((Float(value) * scale).rounded()))) }
    return Box(
      left: place(left, size.width), top: place(top, size.height), right: place(right, size.width),
      bottom: place(bottom, size.height))
  }

  /// Pixels between two boxes, 0 where they meet.
  func distance(to other: Box) -> Int {
    max(0, max(other.left - right, left - other.right), max(other.top - bottom, top - other.bottom))
  }
}
