import Support

/// The cells of all of a page's lattices, found by place.
struct LatticeCells: Sendable {
  struct Entry: Sendable {
    var lattice: Int
    var cell: Cell
    var frame: CellFrame
  }

  let entries: [Entry]
  private let bucket: Float
  private let buckets: [SIMD2<Int>: [Int]]

  init(_ lattices: [Lattice]) {
    self.init(
      lattices.enumerated().flatMap { number, lattice in
        lattice.rows.flatMap { row in
          lattice.columns.compactMap { column in
            lattice.frames[Cell(column, row)].map { Entry(lattice: number, cell: Cell(column, row), frame: $0) }
          }
        }
      })
  }

  init(_ entries: [Entry]) {
    self.entries = entries
    bucket = max(4, entries.map { max($0.frame.right.length, $0.frame.down.length) }.max() ?? 4)
    var buckets: [SIMD2<Int>: [Int]] = [:]
    for (number, entry) in entries.enumerated() {
      buckets[Self.key(entry.frame.center, bucket), default: []].append(number)
    }
    self.buckets = buckets
  }

  private static func key(_ place: SIMD2<Float>, _ bucket: Float) -> SIMD2<Int> {
    let limit = Float(1 << 24)
    func whole(_ value: Float) -> Int { Int(min(max((value / bucket).rounded(.down), -limit), limit)) }
    return SIMD2(whole(place.x), whole(place.y))
  }

  /// The number of the cell that a place lies in; nil outside of all.
  func containing(_ place: SIMD2<Float>) -> Int? {
    let middle = Self.key(place, bucket)
    var best: (entry: Int, distance: Float)?
    for y in -1...1 {
      for x in -1...1 {
        for number in buckets[middle &+ SIMD2(x, y)] ?? [] {
          let away = entries[number].frame.cells(to: place)
          let distance = max(abs(away.x), abs(away.y))
          if distance < best?.distance ?? Self.edge { best = (number, distance) }
        }
      }
    }
    return best?.entry
  }

  /// Half a cell, and a little for cells that do not quite meet.
  private static let edge: Float = 0.55
}
