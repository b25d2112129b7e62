import CLeptonica
import Support

/// A page with the light taken out: how dark its ink is, whatever shines or casts a shadow on it.
struct EvenPage: Sendable {
  /// 0 for paper and 255 for black, by the brightness of the paper around.
  let darkness: GrayPlane
  private let paper: PaperMap

  /// Where the paper is darker than this, it counts as being so bright, as the camera's noise is not less there.
  private static let darkestPaper: Float = 48
  /// The widest stroke, as a share of a digit's extent, and of a page's longer side.
  private static let widestStroke: Float = 0.8
  private static let widest: Float = 0.11

  /// - Parameters:
  ///   - isOnDarkPaper: whether light ink is the dark one.
  ///   - extent: of digits, in pixels, where it is known: whatever is broader is no stroke, but shadow.
  init(_ page: GrayPlane, isOnDarkPaper: Bool, extent: Float?) throws {
    let page =
      isOnDarkPaper ? GrayPlane(width: page.width, height: page.height, pixels: page.pixels.map { 255 - $0 }) : page
    let widest = extent.map { $0 * Self.widestStroke } ?? Float(page.longestSide) * Self.widest
    let paper = try PaperMap(page, widest: widest)
    self.paper = paper
    let darkness = [UInt8](unsafeUninitializedCapacity: page.pixels.count) { buffer, count in
      nonisolated(unsafe) let buffer = buffer
      Threads.forEachRange(of: page.height, grain: 16) { rows in
        page.pixels.withUnsafeBufferPointer { pixels in
          var line = [Float](repeating: 0, count: page.width)
          for y in rows {
            paper.fill(&line, row: y)
            for x in 0..<page.width {
              let share = (line[x] - Float(pixels[y * page.width + x])) / max(line[x], Self.darkestPaper)
              (buffer.baseAddress! + y * page.width + x).initialize(to: UInt8(min(255, max(0, 255 * share))))
            }
          }
        }
      }
      count = page.pixels.count
    }
    self.darkness = GrayPlane(width: page.width, height: page.height, pixels: darkness)
  }

  /// How unlike in brightness the paper is around a place: 0 where it is the same all around, up to 1.
  func unevenness(around box: Box) -> Float {
    let levels = paper.levels(in: box)
    guard let least = levels.min(), let most = levels.max() else { return 0 }
    return (most - least) / max(most, Self.darkestPaper)
  }

}

// MARK: - Dark paper

extension GrayPlane {
  /// Squares that polarity is told by, along the longer side, and the smallest of them.
  private static let squares = 14
  private static let smallest = 12
  private static let leastContrast = 40
  /// How much the brightness of paper differs from one square to the next.
  private static let mostUneven = 0.2

  /// Whether ink is lighter than paper: told by squares in which a little stands out from all the rest, where the squares
  /// around have paper of the same brightness.
  var isOnDarkPaper: Bool {
    let tiles = Tiles(self, square: max(Self.smallest, (longestSide + Self.squares - 1) / Self.squares))
    let medians = tiles.map { Float(tiles.histogram($0, of: self).rank(0.5)) }
    let votes = tiles.map { tile in
      let histogram = tiles.histogram(tile, of: self)
      let usual = histogram.rank(0.5)
      let (below, above) = (usual - histogram.rank(0.02), histogram.rank(0.98) - usual)
      let isEven = tiles.around(tile).allSatisfy {
        abs(medians[$0] - Float(usual)) <= max(16, Float(Self.mostUneven) * Float(max(usual, 255 - usual)))
      }
      guard isEven, max(below, above) >= Self.leastContrast else { return 0 }
      return below > 2 * above ? Float(-below) : above > 2 * below ? Float(above) : 0
    }
    return votes.reduce(0, +) > 0
  }
}

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

/// The paper's brightness over a page: strokes are filled up with what is around them, while the edges of sheets and shadows
/// stay where they are.
private struct PaperMap: Sendable {
  /// Squares along the longer side.
  private static let squares = 320

  private let tiles: Tiles
  private let levels: [Float]

  /// - Parameter widest: stroke, in pixels.
  init(_ page: GrayPlane, widest: Float) throws {
    let tiles = Tiles(page, square: max(1, (page.longestSide + Self.squares - 1) / Self.squares))
    self.tiles = tiles
    let bright = tiles.map { Float(tiles.histogram($0, of: page).rank(0.75)) }
    let calm = tiles.smoothed(bright, reach: 1)
    let reach = max(3, Int(widest) / tiles.square)
    levels = try GrayPlane(width: tiles.columns, height: tiles.rows, pixels: calm.map { UInt8($0) })
      .closed(side: 2 * (reach / 2) + 1).pixels.map { Float($0) }
  }

  func levels(in box: Box) -> [Float] {
    let columns = box.left / tiles.square...max(box.left, box.right - 1) / tiles.square
    let rows = box.top / tiles.square...max(box.top, box.bottom - 1) / tiles.square
    return rows.clamped(to: 0...tiles.rows - 1).flatMap { row in
      columns.clamped(to: 0...tiles.columns - 1).map { levels[row * tiles.columns + $0] }
    }
  }

  func fill(_ line: inout [Float], row: Int) { tiles.fill(&line, row: row, from: levels) }
}

extension GrayPlane {
  /// Without dark parts that are narrower than a square of so many pixels a side.
  fileprivate func closed(side: Int) throws -> GrayPlane {
    // Leptonica counts all around a picture as nothing, so that its edge is continued first.
    let margin = side
    let (wide, high) = (width + 2 * margin, height + 2 * margin)
    let padded = (0..<high).flatMap { y in
      (0..<wide).map { x in
        pixels[min(height - 1, max(0, y - margin)) * width + min(width - 1, max(0, x - margin))]
      }
    }
    guard let source = pixCreate(Int32(wide), Int32(high), 8) else { throw BitPlane.noMemory("find paper") }
    defer { destroy(source) }
    for (place, pixel) in padded.enumerated() {
      pixSetPixel(source, Int32(place % wide), Int32(place / wide), UInt32(pixel))
    }
    guard let closed = pixCloseGray(source, Int32(side), Int32(side)) else { throw BitPlane.noMemory("find paper") }
    defer { destroy(closed) }
    let result = (0..<height * width).map { place in
      var value: UInt32 = 0
      pixGetPixel(closed, Int32(place % width + margin), Int32(place / width + margin), &value)
      return UInt8(truncatingIfNeeded: value)
    }
    return GrayPlane(width: width, height: height, pixels: result)
  }

  private func destroy(_ pix: UnsafeMutablePointer<PIX>) {
    var pix: UnsafeMutablePointer<PIX>? = pix
    pixDestroy(&pix)
  }
}
