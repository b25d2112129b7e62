import Support

/// Column and row of what lies on a page like the cells of a table, counted from any origin.
typealias Cell = SIMD2<Int>

/// How cells lie on the page around one of them.
struct CellFrame: Sendable {
  /// The middle of what stands in the cell, on the page.
  var center: SIMD2<Float>
  /// To the next cell of the row, and to the next one of the column.
  var right: SIMD2<Float>
  var down: SIMD2<Float>

  /// A place on the page, in cells from this one's middle.
  func cells(to place: SIMD2<Float>) -> SIMD2<Float> {
    let way = place - center
    let determinant = right.x * down.y - right.y * down.x
    guard abs(determinant) > 1e-3 else { return SIMD2(.infinity, .infinity) }
    return SIMD2(way.x * down.y - way.y * down.x, right.x * way.y - right.y * way.x) / determinant
  }

  var pitch: Float { min(right.length, down.length) }
}

/// Marks that lie on a page like the cells of a table, at whatever angle and in whatever perspective the sheet was taken,
/// even where it is bent: where a cell lies is told by those around it.
struct Lattice: Sendable {
  /// Marks by cell.
  private(set) var marks: [Cell: Int]
  private(set) var frames: [Cell: CellFrame] = [:]

  /// How far from where it is expected a mark may lie, in cells.
  private static let tolerance: Float = 0.4
  /// Cells that tell where another one lies: so many columns and rows around it.
  private static let reach = 3
  private static let fewest = 8
  /// Of the cells between its first and last rows and columns.
  private static let leastFilled: Float = 0.4

  var columns: ClosedRange<Int> { Self.range(marks.keys.map(\.x)) }
  var rows: ClosedRange<Int> { Self.range(marks.keys.map(\.y)) }

  private static func range(_ numbers: [Int]) -> ClosedRange<Int> { (numbers.min() ?? 0)...(numbers.max() ?? 0) }

  /// The lattices among marks, the largest first: at least two rows and two columns each.
  ///
  /// - Parameter extent: the usual one of marks, in pixels.
  static func found(among centers: [SIMD2<Float>], extent: Float) -> [Lattice] {
    let neighbourhood = Neighbourhood(centers, extent: extent)
    let chains = Chains(neighbourhood)
    var isFree = [Bool](repeating: true, count: centers.count)
    var found: [Lattice] = []
    for seed in chains.seeds where isFree[seed] {
      guard let lattice = Lattice(from: chains.patch(around: seed, isFree: isFree), centers, isFree, extent: extent)
      else { continue }
      // Several marks may lie in one cell, and are no lattice of their own.
      let cells = LatticeCells([lattice])
      for mark in centers.indices where isFree[mark] { isFree[mark] = cells.containing(centers[mark]) == nil }
      found.append(lattice)
    }
    return found.sorted { $0.marks.count > $1.marks.count }
  }

  /// Grown from a few cells as long as there are marks where some are expected; nil where it stays too small.
  private init?(from patch: [Cell: Int], _ centers: [SIMD2<Float>], _ isFree: [Bool], extent: Float) {
    guard patch.count >= 3 else { return nil }
    marks = patch
    let places = Buckets(centers.indices.filter { isFree[$0] }, at: { centers[$0] }, side: 2 * extent)
    var taken = Set(patch.values)
    var waiting = Set(patch.keys.flatMap(Self.around))
    while !waiting.isEmpty {
      // What most cells around it tell the place of comes first.
      // In an order of their own, as that of a set is another in every process.
      let support = waiting.sorted { ($0.y, $0.x) < ($1.y, $1.x) }.map { cell in
        (cell, Self.around(cell).count { marks[$0] != nil })
      }
      let most = support.map(\.1).max() ?? 0
      for (cell, count) in support where count == most {
        waiting.remove(cell)
        guard marks[cell] == nil, let frame = frame(of: cell, centers, extent: extent),
          let mark = places.near(frame.center).filter({ !taken.contains($0) })
            .min(by: { (centers[$0] - frame.center).length < (centers[$1] - frame.center).length })
        else { continue }
        let away = frame.cells(to: centers[mark])
        guard abs(away.x) < Self.tolerance, abs(away.y) < Self.tolerance else { continue }
        marks[cell] = mark
        taken.insert(mark)
        waiting.formUnion(Self.around(cell).filter { marks[$0] == nil })
      }
    }
    let (columns, rows) = (columns, rows)
    guard marks.count >= Self.fewest, columns.count > 1, rows.count > 1,
      Float(marks.count) >= Self.leastFilled * Float(columns.count * rows.count)
    else { return nil }
    for row in rows.lowerBound - 1...rows.upperBound + 1 {
      for column in columns.lowerBound - 1...columns.upperBound + 1 {
        frames[Cell(column, row)] = frame(of: Cell(column, row), centers, extent: extent)
      }
    }
  }

  private static func around(_ cell: Cell) -> [Cell] {
    (-1...1).flatMap { y in (-1...1).compactMap { x in x == 0 && y == 0 ? nil : cell &+ Cell(x, y) } }
  }

  /// By least squares over the cells around; nil where these lie on one line or too far apart for digits.
  private func frame(of cell: Cell, _ centers: [SIMD2<Float>], extent: Float) -> CellFrame? {
    var fit = AffineFit()
    for y in -Self.reach...Self.reach {
      for x in -Self.reach...Self.reach {
        guard let mark = marks[cell &+ Cell(x, y)] else { continue }
        fit.add(SIMD2(Float(x), Float(y)), centers[mark], weight: 1 / (1 + Float(x * x + y * y)))
      }
    }
    guard let frame = fit.frame, frame.pitch > extent / 3,
      abs(frame.right.x * frame.down.y - frame.right.y * frame.down.x) > 0.5 * frame.right.length * frame.down.length
    else { return nil }
    return frame
  }
}

/// Least squares for a place as a linear function of a cell.
private struct AffineFit {
  private var sum: Float = 0
  private var cells = SIMD2<Float>.zero
  private var places = SIMD2<Float>.zero
  private var squares = SIMD3<Float>.zero
  private var byColumn = SIMD2<Float>.zero
  private var byRow = SIMD2<Float>.zero

  mutating func add(_ cell: SIMD2<Float>, _ place: SIMD2<Float>, weight: Float) {
    sum += weight
    cells += weight * cell
    places += weight * place
    squares += weight * SIMD3(cell.x * cell.x, cell.x * cell.y, cell.y * cell.y)
    byColumn += weight * cell.x * place
    byRow += weight * cell.y * place
  }

  var frame: CellFrame? {
    guard sum > 0 else { return nil }
    let (mean, place) = (cells / sum, places / sum)
    let (xx, xy, yy) = (
      squares.x / sum - mean.x * mean.x, squares.y / sum - mean.x * mean.y, squares.z / sum - mean.y * mean.y
    )
    let determinant = xx * yy - xy * xy
    guard determinant > 1e-3 else { return nil }
    let (px, py) = (byColumn / sum - mean.x * place, byRow / sum - mean.y * place)
    let (right, down) = ((yy * px - xy * py) / determinant, (xx * py - xy * px) / determinant)
    return CellFrame(center: place - mean.x * right - mean.y * down, right: right, down: down)
  }
}

extension SIMD2<Float> {
  var length: Float { (self * self).sum().squareRoot() }
}

/// Marks chained by links along rows and columns: where lattices begin.
private struct Chains {
  private var next: [[Int?]]
  private var previous: [[Int?]]
  /// Marks with the most and the most even links first.
  let seeds: [Int]

  init(_ neighbourhood: Neighbourhood) {
    let links = neighbourhood.links()
    let none = [Int?](repeating: nil, count: neighbourhood.centers.count)
    (next, previous) = ([none, none], [none, none])
    var lengths = [[Float]](repeating: [], count: none.count)
    for link in links {
      next[link.axis.rawValue][link.from] = link.to
      previous[link.axis.rawValue][link.to] = link.from
    }
    for axis in Link.Axis.allCases {
      var ends = [[Float]](repeating: [], count: none.count)
      for link in links where link.axis == axis {
        ends[link.from].append(link.length)
        ends[link.to].append(link.length)
      }
      for mark in none.indices where !ends[mark].isEmpty {
        lengths[mark].append((ends[mark].max() ?? 1) / max(1, ends[mark].min() ?? 1) + (ends[mark].count < 2 ? 4 : 0))
      }
    }
    seeds = none.indices.filter { lengths[$0].count == 2 }.sorted {
      (lengths[$0].reduce(0, +), $0) < (lengths[$1].reduce(0, +), $1)
    }
  }

  /// The cells next to a mark, by its links and by theirs.
  func patch(around seed: Int, isFree: [Bool]) -> [Cell: Int] {
    var patch = [Cell.zero: seed]
    for (step, mark) in steps(from: seed) where isFree[mark] { patch[step] = mark }
    for (first, mark) in steps(from: seed) where isFree[mark] {
      for (second, other) in steps(from: mark) where isFree[other] {
        let cell = first &+ second
        if abs(cell.x) <= 1, abs(cell.y) <= 1, patch[cell] == nil, !patch.values.contains(other) { patch[cell] = other }
      }
    }
    return patch
  }

  private func steps(from mark: Int) -> [(step: Cell, mark: Int)] {
    Link.Axis.allCases.flatMap { axis in
      let step = axis == .row ? Cell(1, 0) : Cell(0, 1)
      return [(step, next[axis.rawValue][mark]), (.zero &- step, previous[axis.rawValue][mark])]
        .compactMap { step, mark in mark.map { (step, $0) } }
    }
  }
}
