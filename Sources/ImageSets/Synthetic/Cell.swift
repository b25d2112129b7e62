import Support

/// A cell of the sheet that was written on, at the points that the dataset's authors keep of the scan.
///
/// They shrank each scanned cell to 28×28 by reading it at every third or fourth place, without averaging what lies
/// between; that is why thin lines are ragged and broken. So only the darkness at those places is worked out here.
struct Cell {
  static let side = 28
  /// How far a line's edge takes to go from full ink to paper, in pixels: the scanner's own softness.
  private static let softness: Float = 0.7

  /// (y, x), 0 is paper, 1 full black
  private(set) var darkness = [Float](repeating: 0, count: side * side)

  /// Lays down the ink of a digit. The scan squeezed the sheet to `squeeze` of its width and the pen's round tip with
  /// it: upright lines are thinner than level ones.
  mutating func draw(_ writing: Writing, squeeze: Float) {
    for stroke in writing.strokes {
      for (start, end) in zip(stroke, stroke.dropFirst()) { draw(from: start, to: end, squeeze: squeeze) }
    }
  }

  /// Where the cell was cut out askew, the sheet's printed border shows along one side: a few stray pixels or a bar.
  mutating func drawBorder(generator: inout Philox) {
    let isUpright = generator.chance(0.3)
    let isFar = generator.chance(0.5)
    func end(at along: Int) -> Writing.Touch {
      let depth = generator.uniform(in: -1.2...0.7)
      let across = isFar ? Float(Self.side) - depth : depth
      let place = isUpright ? SIMD2(across, Float(along)) : SIMD2(Float(along), across)
      return Writing.Touch(place: place, radius: 0.5, ink: 1)
    }
    draw(from: end(at: 0), to: end(at: Self.side), squeeze: 1)
  }

  /// Paper takes ink unevenly: each inked pixel loses up to `amount` of its darkness.
  mutating func roughen(by amount: Float, generator: inout Philox) {
    for index in darkness.indices where darkness[index] > 0 { darkness[index] *= 1 - amount * generator.uniform() }
  }

  private mutating func draw(from start: Writing.Touch, to end: Writing.Touch, squeeze: Float) {
    let reach = (max(start.radius, end.radius) + Self.softness / 2) * SIMD2(squeeze, 1)
    let low = pointwiseMin(start.place, end.place) - reach
    let high = pointwiseMax(start.place, end.place) + reach
    let unsqueeze = SIMD2(1 / squeeze, 1)
    let along = (end.place - start.place) * unsqueeze
    let lengthSquared = (along * along).sum()
    for row in Self.pixels(from: low.y, to: high.y) {
      for column in Self.pixels(from: low.x, to: high.x) {
        let offset = (SIMD2(Float(column) + 0.5, Float(row) + 0.5) - start.place) * unsqueeze
        let share = lengthSquared > 0 ? min(1, max(0, (offset * along).sum() / lengthSquared)) : 0
        let away = offset - share * along
        let distance = (away * away).sum().squareRoot()
        let radius = start.radius + share * (end.radius - start.radius)
        let cover = min(1, max(0, 0.5 + (radius - distance) / Self.softness))
        let ink = cover * (start.ink + share * (end.ink - start.ink))
        darkness[row * Self.side + column] = max(darkness[row * Self.side + column], ink)
      }
    }
  }

  /// The pixels that two places span, cut off at the cell's edge.
  private static func pixels(from low: Float, to high: Float) -> Range<Int> {
    let first = min(Float(side), max(0, low.rounded(.down)))
    let last = min(Float(side), max(first, high.rounded(.up)))
    return Int(first)..<Int(last)
  }
}
