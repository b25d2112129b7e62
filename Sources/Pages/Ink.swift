import Support

/// Which pixels of a page are ink: at least half as dark as the darkest around, and fainter ones that go on from these.
enum Ink {
  private static let squares = 20
  private static let smallest = 24
  /// What is lighter than this, of 255, is no ink wherever it is.
  private static let faintest: Float = 36
  private static let share: Float = 0.5
  private static let faintShare: Float = 0.33
  /// Where the darkest is lighter than this share of what is usual on the page, it is no ink.
  private static let leastOfUsual: Float = 0.6

  static func found(in darkness: GrayPlane) throws -> BitPlane {
    let tiles = Tiles(darkness, square: max(smallest, (darkness.longestSide + squares - 1) / squares))
    let darkest = tiles.map { tile in
      let level = Float(tiles.histogram(tile, of: darkness).rank(0.985))
      return level >= faintest ? level : .nan
    }
    let known = darkest.filter(\.isFinite).sorted()
    let usual = known.isEmpty ? 255 : known[known.count / 2]
    let levels = tiles.smoothed(darkest, reach: 1).map { $0.isFinite ? max($0, leastOfUsual * usual) : usual }
    let faint = try pixels(of: darkness, tiles, levels.map { max(faintest, faintShare * $0) })
    return try pixels(of: darkness, tiles, levels.map { max(faintest, share * $0) }).filled(within: faint)
  }

  private static func pixels(of darkness: GrayPlane, _ tiles: Tiles, _ levels: [Float]) throws -> BitPlane {
    try BitPlane(width: darkness.width, height: darkness.height) { y, line in
      var thresholds = [Float](repeating: 0, count: darkness.width)
      tiles.fill(&thresholds, row: y, from: levels)
      darkness.pixels.withUnsafeBufferPointer { pixels in
        for x in 0..<darkness.width { line[x] = Float(pixels[y * darkness.width + x]) >= thresholds[x] }
      }
    }
  }
}
