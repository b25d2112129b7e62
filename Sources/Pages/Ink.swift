import Support

/// Which pixels of a page are ink: at least half as dark as the darkest around, and fainter ones that go on from these.
enum Ink {
  private static let squares = 20
  private static let smallest = 48
  /// Squares are larger than digits, that none is full of ink: so many of these.
  private static let digits: Float = 1.5
  /// What is lighter than this, of 255, is no ink wherever it is.
  private static let faintest: Float = 36
  private static let share: Float = 0.5
  private static let faintShare: Float = 0.33
  /// Where the darkest is lighter than this share of the page's fullest ink, it is no ink.
  private static let leastOfFull: Float = 0.4
  /// Paper with a texture is dark in places: ink is so many times as dark as a third of it,
  private static let coarseness: Float = 2.5
  /// and so many deviations of what varies from pixel to pixel darker still.
  private static let deviations: Float = 3
  /// Texture has at least this share of its pixels in the middle of its levels.
  private static let leastBetween: Double = 0.35
  /// How much darker than that it is on the whole.
  private static let clearlyOver: Float = 1.6

  /// - Parameter extent: of digits, in pixels, where it is known.
  static func found(in darkness: GrayPlane, extent: Float?) throws -> BitPlane {
    let usual = max(smallest, (darkness.longestSide + squares - 1) / squares)
    let tiles = Tiles(darkness, square: extent.map { max(usual, Int($0 * digits)) } ?? usual)
    let darkest = tiles.map { tile in
      let level = Float(tiles.histogram(tile, of: darkness).rank(0.985))
      return level >= faintest ? level : .nan
    }
    let known = darkest.filter(\.isFinite).sorted()
    // The very darkest may be a frame or a hole.
    let full = known.isEmpty ? 255 : known[max(0, known.count - 1 - known.count / 100)]
    let levels = tiles.smoothed(darkest, reach: 1).map { $0.isFinite ? max($0, leastOfFull * full) : full }
    // What most of a place differs by from its paper is grain, not writing.
    let grain = tiles.spread(
      tiles.map { tile in
        let histogram = tiles.histogram(tile, of: darkness)
        // Texture has all levels, ink on paper few between them.
        let full = histogram.rank(0.98)
        let isTexture = histogram.share(from: full * 3 / 10, to: full * 7 / 10) > leastBetween
        let coarse = isTexture ? coarseness * Float(histogram.rank(0.35)) : 0
        return coarse + deviations * tiles.noise(tile, of: darkness)
      })
    let clearly = grain.map { clearlyOver * $0 }
    func thresholds(_ share: Float) -> [Float] {
      zip(levels, grain).map { max(faintest, share * $0, $1) }
    }
    let faint = try pixels(of: darkness, tiles, thresholds(faintShare))
    let ink = try pixels(of: darkness, tiles, thresholds(share)).filled(within: faint)
    let isClean = zip(levels, clearly).allSatisfy { $1 < share * $0 }
    return isClean ? ink : try significant(ink, darkness, tiles, clearly)
  }

  /// Grain has peaks of its own: ink is clearly darker than it on the whole.
  private static func significant(_ ink: BitPlane, _ darkness: GrayPlane, _ tiles: Tiles, _ clearly: [Float]) throws
    -> BitPlane
  {
    let components = try Components(of: ink, darkness: darkness)
    let isInk = components.all.map { piece in
      piece.meanDarkness >= tiles.value(at: piece.box.center, of: clearly)
    }
    return try BitPlane(width: ink.width, height: ink.height) { y, line in
      for x in 0..<ink.width {
        let label = components.labels[y * ink.width + x]
        line[x] = label >= 0 && isInk[Int(label)]
      }
    }
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

extension Tiles {
  /// The standard deviation of what differs from pixel to pixel, told by half of them.
  fileprivate func noise(_ tile: Int, of plane: GrayPlane) -> Float {
    let bounds = bounds(tile)
    var counts = [Int](repeating: 0, count: 256)
    var total = 0
    plane.pixels.withUnsafeBufferPointer { pixels in
      for y in stride(from: bounds.rows.lowerBound, to: bounds.rows.upperBound, by: 2) {
        for x in bounds.columns.dropLast() {
          let (one, next) = (pixels[y * plane.width + x], pixels[y * plane.width + x + 1])
          // Darkness ends at paper, so that only what is darker tells how it varies.
          guard one > 0, next > 0 else { continue }
          counts[Int(one > next ? one - next : next - one)] += 1
          total += 1
        }
      }
    }
    // On paper without grain there are strokes alone, and how they fade is no noise.
    guard total * 5 > bounds.rows.count * bounds.columns.count else { return 0 }
    var rest = total / 2
    for level in 0..<256 {
      rest -= counts[level]
      if rest < 0 { return Float(level) / (0.6745 * 1.4142) }
    }
    return 0
  }

  /// For each square the second most of it and those around it: what one of them alone has is no texture.
  fileprivate func spread(_ values: [Float]) -> [Float] {
    values.indices.map { tile in around(tile).map { values[$0] }.sorted().dropLast().last ?? 0 }
  }
}
