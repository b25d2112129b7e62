import Support

/// Strokes of one digit that do not touch, joined.
struct Joining {
  private let extent: Float

  /// Strokes are so near each other, as a share of a digit's extent,
  private static let nearest: Float = 0.2
  /// and together no larger than so many digits, or this many beside each other.
  private static let largest: Float = 1.75
  private static let largestBeside: Float = 1.25
  /// What is smaller than this share of a digit is a part of one,
  private static let part: Float = 0.4
  /// and what is narrower, beside another such, the half of one.
  private static let half: Float = 0.45
  /// Smaller ink is a speck.
  private static let speck: Float = 0.12

  /// - Parameter extent: the usual one of a digit, in pixels.
  init(extent: Float) { self.extent = extent }

  /// Groups of ink, by number, that make a digit each.
  func joined(_ groups: [Component]) -> [[Int]] {
    let sizes = Self.speck * extent...Self.largest * extent
    let parts = groups.indices.filter { sizes.contains(Float(groups[$0].box.extent)) }
    var parents = Array(groups.indices)
    func root(_ group: Int) -> Int {
      var group = group
      while parents[group] != group { group = parents[group] }
      return group
    }
    var boxes = groups.map(\.box)
    // From the nearest pair on, so that a part goes to the digit that it is nearest to.
    for pair in pairs(of: parts, groups).sorted(by: { ($0.distance, $0.first) < ($1.distance, $1.first) }) {
      let (first, second) = (root(pair.first), root(pair.second))
      guard first != second, belongTogether(boxes[first], boxes[second]) else { continue }
      parents[second] = first
      boxes[first] = boxes[first].union(boxes[second])
    }
    return Dictionary(grouping: groups.indices, by: root).sorted { $0.key < $1.key }.map(\.value)
  }

  private func belongTogether(_ one: Box, _ other: Box) -> Bool {
    let all = one.union(other)
    guard Float(all.extent) <= Self.largest * extent, Float(one.distance(to: other)) <= Self.nearest * extent else {
      return false
    }
    let across = min(one.right, other.right) - max(one.left, other.left)
    let isAbove = 2 * across >= min(one.width, other.width)
    let isPart = Float(min(one.extent, other.extent)) < Self.part * extent
    if isAbove || isPart { return true }
    let areHalves = Float(max(one.width, other.width)) < Self.half * extent
    return Float(all.extent) <= Self.largestBeside * extent && (areHalves || one.distance(to: other) == 0)
  }

  private func pairs(of parts: [Int], _ groups: [Component]) -> [(first: Int, second: Int, distance: Int)] {
    let buckets = Buckets(parts, at: { groups[$0].box.center }, side: max(4, 2 * extent))
    return parts.flatMap { first in
      buckets.near(groups[first].box.center).compactMap { second in
        let distance = groups[first].box.distance(to: groups[second].box)
        return second > first && Float(distance) <= Self.nearest * extent ? (first, second, distance) : nil
      }
    }
  }
}
