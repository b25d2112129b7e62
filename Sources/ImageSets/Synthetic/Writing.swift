import Support

/// One digit as it is written once: the pen's way over the cell.
struct Writing {
  /// The pen at one place.
  struct Touch {
    /// In pixels from the cell's top left corner.
    var place: SIMD2<Float>
    /// Half the line's width, in pixels.
    var radius: Float
    /// 1 is full black.
    var ink: Float
  }

  /// Each stroke as a chain of straight pieces.
  private(set) var strokes: [[Touch]]

  /// How `writer` writes `digit` this time.
  init(digit: Int, by writer: Writer, generator: inout Philox) {
    let forms = DigitForm.all[digit]
    let form = generator.chance(0.85) ? writer.forms[digit] : generator.pick(from: forms)
    let posture = Posture(of: digit, by: writer, generator: &generator)
    strokes = zip(forms[form].strokes, writer.habits(digit: digit, form: form)).map { points, habits in
      var points = points
      let strayings = generator.drift(count: points.count, memory: 0.6)
      for index in points.indices { points[index].place += habits[index] + writer.variation * strayings[index] }
      Self.moveEnds(of: &points, generator: &generator)
      let hasty = generator.chance(writer.haste)
      let path = Self.curve(through: points, roundness: writer.roundness, roundCorners: hasty)
      return Self.touches(along: path, writer: writer, posture: posture, generator: &generator)
    }
    centre(at: Float(Cell.side) / 2 + writer.seat + 1.3 * generator.bells())
  }

  /// The size, proportions and slants of one sample.
  private struct Posture {
    let slant: Float
    let rise: Float
    let waist: SIMD2<Float>
    /// Pixels a height, across and down.
    let scale: SIMD2<Float>

    init(of digit: Int, by writer: Writer, generator: inout Philox) {
      slant = writer.slant + 0.05 * generator.bell()
      rise = writer.rise + 0.02 * generator.bell()
      waist = writer.waist + 0.06 * generator.bells()
      let size = writer.size * generator.factor(0.05)
      scale = SIMD2(size * writer.aspect * generator.factor(0.06), size) * DigitForm.sizes[digit]
    }

    /// From heights to pixels. The waist moves the middle and leaves the corners of a box 1.2 wide and 1 high.
    func pixels(_ point: SIMD2<Float>) -> SIMD2<Float> {
      let bowed = point + waist * point * (SIMD2(1.2, 1) - point)
      return SIMD2(bowed.x - slant * bowed.y, bowed.y - rise * bowed.x) * scale
    }
  }

  /// The pen lands and leaves early or late: loops close or stay open.
  private static func moveEnds(of points: inout [DigitForm.Point], generator: inout Philox) {
    let last = points.count - 1
    points[0].place += generator.uniform(in: -0.3...0.3) * (points[0].place - points[1].place)
    points[last].place += generator.uniform(in: -0.25...0.25) * (points[last].place - points[last - 1].place)
  }

  /// A cardinal spline through the points, six pieces from each to the next; at a corner it stops and starts anew.
  private static func curve(
    through points: [DigitForm.Point], roundness: Float, roundCorners: Bool
  ) -> [SIMD2<Float>] {
    func slope(at index: Int) -> SIMD2<Float> {
      if points[index].isCorner && !roundCorners { return .zero }
      return roundness * (points[min(index + 1, points.count - 1)].place - points[max(index - 1, 0)].place)
    }
    let pieces = 6
    var path = [points[0].place]
    for index in 1..<points.count {
      let (start, end) = (points[index - 1].place, points[index].place)
      let (leaving, arriving) = (slope(at: index - 1), slope(at: index))
      for piece in 1...pieces {
        let t = Float(piece) / Float(pieces)
        let (square, cube) = (t * t, t * t * t)
        let chord = start + (3 * square - 2 * cube) * (end - start)
        path.append(chord + (cube - 2 * square + t) * leaving + (cube - square) * arriving)
      }
    }
    return path
  }

  /// Tremor, pressure and ink along the path.
  private static func touches(
    along path: [SIMD2<Float>], writer: Writer, posture: Posture, generator: inout Philox
  ) -> [Touch] {
    let tremor = generator.drift(count: path.count, memory: 0.7)
    let pressureAndInk = generator.drift(count: path.count, memory: 0.85)
    return path.indices.map { index in
      Touch(
        place: posture.pixels(path[index] + writer.tremor * tremor[index]),
        radius: writer.penRadius * max(0.4, 1 + writer.unevenness * pressureAndInk[index].x),
        ink: min(1, max(0.1, 0.95 + writer.fading * pressureAndInk[index].y)))
    }
  }

  /// Moves the middle of the digit's box to `middle`.
  private mutating func centre(at middle: SIMD2<Float>) {
    let places = strokes.joined().map(\.place)
    let low = places.reduce(places[0], pointwiseMin)
    let high = places.reduce(places[0], pointwiseMax)
    let shift = middle - (low + high) / 2
    for stroke in strokes.indices {
      for touch in strokes[stroke].indices { strokes[stroke][touch].place += shift }
    }
  }
}
