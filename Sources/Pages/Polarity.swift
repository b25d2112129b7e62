import Support

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
