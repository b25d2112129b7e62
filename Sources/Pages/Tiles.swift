import Support

/// A page in squares; the last ones of its rows and columns are up to half as large again, or as small.
struct Tiles: Sendable {
  let square: Int
  let columns: Int
  let rows: Int
  private let width: Int
  private let height: Int

  init(_ page: GrayPlane, square: Int) {
    self.square = square
    (width, height) = (page.width, page.height)
    columns = max(1, (page.width + square / 2) / square)
    rows = max(1, (page.height + square / 2) / square)
  }

  var count: Int { columns * rows }

  func bounds(_ tile: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let (row, column) = (tile / columns, tile % columns)
    return (
      row * square..<(row == rows - 1 ? height : (row + 1) * square),
      column * square..<(column == columns - 1 ? width : (column + 1) * square)
    )
  }

  func histogram(_ tile: Int, of page: GrayPlane) -> LevelHistogram {
    let bounds = bounds(tile)
    return LevelHistogram(page, rows: bounds.rows, columns: bounds.columns)
  }

  /// One value a square, from all squares in parallel.
  func map(_ value: @Sendable (Int) -> Float) -> [Float] {
    Threads.mapRanges(of: count, grain: 8) { $0.map(value) }.flatMap(\.self)
  }

  /// The squares next to one.
  func around(_ tile: Int) -> [Int] {
    let (row, column) = (tile / columns, tile % columns)
    return (max(0, row - 1)...min(rows - 1, row + 1)).flatMap { y in
      (max(0, column - 1)...min(columns - 1, column + 1)).map { y * columns + $0 }
    }
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

  /// Of the square that a place lies in.
  func value(at place: SIMD2<Float>, of values: [Float]) -> Float {
    let (row, column) = (Int(place.y) / square, Int(place.x) / square)
    return values[min(row, rows - 1) * columns + min(column, columns - 1)]
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

  /// Of the pixels with these levels.
  func share(from low: Int, to high: Int) -> Double {
    Double(counts[low...max(low, high)].reduce(0, +)) / Double(max(1, total))
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
