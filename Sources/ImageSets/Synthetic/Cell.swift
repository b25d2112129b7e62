import Groundwork

/// A cell of the sheet as the scanner sees it, at the points that the dataset's authors keep of it.
///
/// They shrank each scanned cell to 28×28 by reading it at every fourth place or so, without averaging what lies
/// between: thin lines come out ragged and broken. So only the darkness at those places is worked out here.
struct Cell {
  static let side = 28
  /// (y, x), 0 is paper, 1 the darkest ink
  private(set) var darkness = [Float](repeating: 0, count: side * side)
  /// The way from full ink to paper at a line's edge, in pixels: the scanner's own softness.
  private static let softness: Float = 0.7

  /// Lays the ink of `writing` down. The sheet is squeezed to `aspect` from side to side, and with it the pen's round
  /// mark: upright lines come out thinner than level ones.
  mutating func draw(_ writing: Writing, aspect: Float) {
    for stroke in writing.strokes {
      for (start, end) in zip(stroke, stroke.dropFirst()) { draw(from: start, to: end, aspect: aspect) }
    }
  }

  /// The sheet's printed line along one side, where the cut left some of it: a few stray pixels, or a whole bar.
  mutating func drawBorder(generator: inout Philox) {
    let side = Float(Self.side)
    let (start, end) = (generator.uniform(in: -1.2...0.7), generator.uniform(in: -1.2...0.7))
    let far = generator.chance(0.5)
    func touch(along: Float, in depth: Float, upright: Bool) -> Writing.Touch {
      let across = far ? side - depth : depth
      return Writing.Touch(
        place: upright ? SIMD2(across, along) : SIMD2(along, across), radius: 0.5, ink: 1)
    }
    let upright = generator.chance(0.3)
    draw(
      from: touch(along: 0, in: start, upright: upright), to: touch(along: side, in: end, upright: upright), aspect: 1)
  }

  private mutating func draw(from start: Writing.Touch, to end: Writing.Touch, aspect: Float) {
    let reach = max(start.radius, end.radius) + Self.softness / 2
    let low = pointwiseMin(start.place, end.place) - SIMD2(reach * aspect, reach)
    let high = pointwiseMax(start.place, end.place) + SIMD2(reach * aspect, reach)
    let columns = Self.pixels(from: low.x, to: high.x)
    let rows = Self.pixels(from: low.y, to: high.y)
    let widen = SIMD2(1 / aspect, 1)
    let along = (end.place - start.place) * widen
    let length = (along * along).sum()
    for row in rows {
      for column in columns {
        let offset = (SIMD2(Float(column) + 0.5, Float(row) + 0.5) - start.place) * widen
        let share = length > 0 ? min(1, max(0, (offset * along).sum() / length)) : 0
        let away = offset - share * along
        let distance = (away * away).sum().squareRoot()
        let radius = start.radius + share * (end.radius - start.radius)
        let cover = min(1, max(0, 0.5 + (radius - distance) / Self.softness))
        let ink = cover * (start.ink + share * (end.ink - start.ink))
        darkness[row * Self.side + column] = max(darkness[row * Self.side + column], ink)
      }
    }
  }

  /// The pixels whose middles may lie between two places, cut off at the cell's border.
  private static func pixels(from low: Float, to high: Float) -> Range<Int> {
    let first = min(Float(side), max(0, low.rounded(.down)))
    let last = min(Float(side), max(first, high.rounded(.up)))
    return Int(first)..<Int(last)
  }

  /// Paper takes ink unevenly: each inked pixel loses up to `amount` of its darkness.
  mutating func roughen(by amount: Float, generator: inout Philox) {
    for index in darkness.indices where darkness[index] > 0 { darkness[index] *= 1 - amount * generator.uniform() }
  }
}
