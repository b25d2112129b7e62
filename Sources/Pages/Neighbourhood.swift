import Foundation
import Support

/// Marks on a page, and who is next to whom.
struct Neighbourhood {
  let centers: [SIMD2<Float>]
  /// The nearest other marks of each, nearest first.
  let nearest: [[Int]]
  /// In which direction rows run around each mark, in radians, −π/4…π/4: the usual direction of neighbours, but for
  /// quarter turns.
  private(set) var angles: [Float]

  private static let count = 10
  private static let reach: Float = 6

  /// - Parameter extent: the usual one of marks, in pixels.
  init(_ centers: [SIMD2<Float>], extent: Float) {
    self.centers = centers
    nearest = Self.nearest(centers, within: Self.reach * extent)
    var (sums, all) = ([SIMD2<Float>](repeating: .zero, count: centers.count), nearest)
    for (mark, near) in nearest.enumerated() {
      for other in near.prefix(4) {
        let way = centers[other] - centers[mark]
        let length = (way * way).sum().squareRoot()
        let angle = 4 * atan2(way.y, way.x)
        sums[mark] += SIMD2(cos(angle), sin(angle)) / max(1, length)
      }
    }
    for mark in all.indices { all[mark].append(mark) }
    for _ in 0..<3 {
      let before = sums
      for mark in all.indices { sums[mark] = all[mark].reduce(.zero) { $0 + before[$1] } }
    }
    angles = sums.map { atan2($0.y, $0.x) / 4 }
  }

  private static func nearest(_ centers: [SIMD2<Float>], within reach: Float) -> [[Int]] {
    let buckets = Buckets(centers.indices, at: { centers[$0] }, side: reach)
    return centers.enumerated().map { mark, center in
      let near = buckets.near(center).compactMap { other -> (mark: Int, square: Float)? in
        let way = centers[other] - center
        let square = (way * way).sum()
        return other != mark && square <= reach * reach ? (other, square) : nil
      }
      return near.sorted { ($0.square, $0.mark) < ($1.square, $1.mark) }.prefix(count).map(\.mark)
    }
  }
}

/// A step from a mark to the next one along a row or a column.
struct Link: Sendable {
  enum Axis: Int, CaseIterable, Sendable { case row, column }

  var from: Int
  var to: Int
  var axis: Axis
  var length: Float
}

extension Neighbourhood {
  /// How far from the axis a neighbour may lie, as a tangent.
  private static let widest: Float = 0.5
  /// How much rows may turn from one mark to the next, in radians.
  private static let mostTurned: Float = 0.15

  /// Unit vectors along the row and down the column at a mark.
  func axes(at mark: Int) -> (row: SIMD2<Float>, column: SIMD2<Float>) {
    let (c, s) = (cos(angles[mark]), sin(angles[mark]))
    return (SIMD2(c, s), SIMD2(-s, c))
  }

  /// Links that both ends have chosen as their nearest in that direction.
  func links() -> [Link] {
    var links: [Link] = []
    for axis in Link.Axis.allCases {
      let forward = centers.indices.map { next(after: $0, axis, sign: 1) }
      let back = centers.indices.map { next(after: $0, axis, sign: -1) }
      for (from, to) in forward.enumerated() {
        guard let to, back[to] == from, isParallel(from, to) else { continue }
        let way = centers[to] - centers[from]
        links.append(Link(from: from, to: to, axis: axis, length: (way * way).sum().squareRoot()))
      }
    }
    return links
  }

  /// Whether rows run in nearly one direction at both.
  private func isParallel(_ first: Int, _ second: Int) -> Bool {
    abs(remainder(angles[first] - angles[second], .pi / 2)) < Self.mostTurned
  }

  private func next(after mark: Int, _ axis: Link.Axis, sign: Float) -> Int? {
    let axes = axes(at: mark)
    let (along, across) = axis == .row ? (axes.row, axes.column) : (axes.column, axes.row)
    var best: (mark: Int, length: Float)?
    for other in nearest[mark] {
      let way = centers[other] - centers[mark]
      let (forward, aside) = (sign * (way * along).sum(), abs((way * across).sum()))
      // Beside the next one in the row there may be a nearer one in the next row.
      let length = forward + 2 * aside
      guard forward > 0, aside < Self.widest * forward, length < best?.length ?? .infinity else { continue }
      best = (other, length)
    }
    return best?.mark
  }
}
