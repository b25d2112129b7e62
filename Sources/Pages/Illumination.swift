import Support

/// Light taken out of a page: how dark its ink is, whatever shines or casts a shadow on it.
enum Illumination {
  /// Squares over which the paper's brightness is told, along the longer side.
  private static let squares = 48
  /// The smallest of them, so that no stroke fills one.
  private static let smallest = 12
  /// What differs from the paper by less than so many levels is no ink, however dark it is there.
  private static let leastDifference: Float = 10

  /// 0 for paper and 255 for black, by the brightness of the paper around. On dark paper, light ink is the dark one.
  static func darkness(of page: GrayPlane, onDarkPaper: Bool) -> GrayPlane {
    let page =
      onDarkPaper ? GrayPlane(width: page.width, height: page.height, pixels: page.pixels.map { 255 - $0 }) : page
    let paper = PaperMap(page, square: max(smallest, (page.longestSide + squares - 1) / squares))
    let darkness = [UInt8](unsafeUninitializedCapacity: page.pixels.count) { buffer, count in
      nonisolated(unsafe) let buffer = buffer
      Threads.forEachRange(of: page.height, grain: 16) { rows in
        page.pixels.withUnsafeBufferPointer { pixels in
          var line = [Float](repeating: 0, count: page.width)
          for y in rows {
            paper.fill(&line, row: y)
            for x in 0..<page.width {
              let difference = line[x] - Float(pixels[y * page.width + x])
              let share = difference < leastDifference ? 0 : difference / max(line[x], 1)
              (buffer.baseAddress! + y * page.width + x).initialize(to: UInt8(min(255, 255 * share)))
            }
          }
        }
      }
      count = page.pixels.count
    }
    return GrayPlane(width: page.width, height: page.height, pixels: darkness)
  }

  /// Whether ink is lighter than paper: most squares with something on them have more and stronger deviations upwards from
  /// their usual brightness.
  static func isOnDarkPaper(_ page: GrayPlane) -> Bool {
    let tiles = Tiles(page, square: max(smallest, (page.longestSide + squares - 1) / squares))
    var (dark, light) = (0, 0)
    for tile in 0..<tiles.count {
      let histogram = tiles.histogram(tile, of: page)
      let (low, usual, high) = (histogram.rank(0.02), histogram.rank(0.5), histogram.rank(0.98))
      guard high - low >= 40 else { continue }
      if high - usual > 2 * (usual - low) { dark += 1 }
      if usual - low > 2 * (high - usual) { light += 1 }
    }
    return dark > light
  }
}

/// A page in squares.
struct Tiles: Sendable {
  let square: Int
  let columns: Int
  let rows: Int

  init(_ page: GrayPlane, square: Int) {
    self.square = square
    columns = (page.width + square - 1) / square
    rows = (page.height + square - 1) / square
  }

  var count: Int { columns * rows }

  func histogram(_ tile: Int, of page: GrayPlane) -> LevelHistogram {
    let (top, left) = (tile / columns * square, tile % columns * square)
    return LevelHistogram(
      page, rows: top..<min(page.height, top + square), columns: left..<min(page.width, left + square))
  }

  /// One value a square, from all squares in parallel.
  func map(_ value: @Sendable (Int) -> Float) -> [Float] {
    Threads.mapRanges(of: count, grain: 8) { $0.map(value) }.flatMap(\.self)
  }

  /// The middle one of each square and those around it.
  func smoothed(_ values: [Float], reach: Int) -> [Float] {
    (0..<count).map { tile in
      let (row, column) = (tile / columns, tile % columns)
      var near: [Float] = []
      for y in max(0, row - reach)...min(rows - 1, row + reach) {
        for x in max(0, column - reach)...min(columns - 1, column + reach) where values[y * columns + x].isFinite {
          near.append(values[y * columns + x])
        }
      }
      near.sort()
      return near.isEmpty ? .nan : near[near.count / 2]
    }
  }

  /// Values along a row of pixels, between the squares' centres.
  func fill(_ line: inout [Float], row y: Int, from values: [Float]) {
    let (upper, lower, down) = Self.neighbours(of: y, square: square, count: rows)
    for x in line.indices {
      let (left, right, across) = Self.neighbours(of: x, square: square, count: columns)
      let first = values[upper * columns + left] * (1 - across) + values[upper * columns + right] * across
      let second = values[lower * columns + left] * (1 - across) + values[lower * columns + right] * across
      line[x] = first * (1 - down) + second * down
    }
  }

  private static func neighbours(of place: Int, square: Int, count: Int) -> (first: Int, second: Int, share: Float) {
    let center = max(0, (Float(place) + 0.5) / Float(square) - 0.5)
    let first = min(Int(center), count - 1)
    return (first, min(first + 1, count - 1), min(1, center - Float(first)))
  }
}

/// How many pixels of a part of a page have each level.
struct LevelHistogram {
  private var counts = [Int](repeating: 0, count: 256)
  private var total = 0

  init(_ page: GrayPlane, rows: Range<Int>, columns: Range<Int>) {
    page.pixels.withUnsafeBufferPointer { pixels in
      counts.withUnsafeMutableBufferPointer { counts in
        for y in rows { for x in columns { counts[Int(pixels[y * page.width + x])] += 1 } }
      }
    }
    total = rows.count * columns.count
  }

  /// The level that this share of the pixels lies below or at.
  func rank(_ share: Double) -> Int {
    var rest = Int((Double(total) * share).rounded(.up))
    for level in 0..<256 {
      rest -= counts[level]
      if rest <= 0 { return level }
    }
    return 255
  }
}

/// The paper's brightness, smooth over the page: what most of each square is at least as bright as.
private struct PaperMap: Sendable {
  private let tiles: Tiles
  private let levels: [Float]

  init(_ page: GrayPlane, square: Int) {
    let tiles = Tiles(page, square: square)
    self.tiles = tiles
    levels = tiles.smoothed(tiles.map { Float(tiles.histogram($0, of: page).rank(0.8)) }, reach: 1)
  }

  func fill(_ line: inout [Float], row: Int) { tiles.fill(&line, row: row, from: levels) }
}
