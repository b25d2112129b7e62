import Support

/// The cells of all of a page's lattices, found by place.
struct LatticeCells: Sendable {
  struct Entry: Sendable {
    var lattice: Int
    var cell: Cell
    var frame: CellFrame
  }

  let entries: [Entry]
  private let buckets: Buckets

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
    let side = max(4, entries.map { max($0.frame.right.length, $0.frame.down.length) }.max() ?? 4)
    buckets = Buckets(entries.indices, at: { entries[$0].frame.center }, side: side)
  }

  /// The number of the cell that a place lies in; nil outside of all.
  func containing(_ place: SIMD2<Float>) -> Int? {
    var best: (entry: Int, distance: Float)?
    for number in buckets.near(place) {
      let away = entries[number].frame.cells(to: place)
      let distance = max(abs(away.x), abs(away.y))
      if distance < best?.distance ?? Self.edge { best = (number, distance) }
    }
    return best?.entry
  }

  /// Half a cell, and a little for cells that do not quite meet.
  private static let edge: Float = 0.55
}
