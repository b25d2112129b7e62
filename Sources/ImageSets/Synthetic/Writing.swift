import Groundwork

/// One digit on its way onto the paper: the pen's path, in pixels of the cell.
struct Writing {
  struct Touch {
    /// Pixels of the cell.
    var place: SIMD2<Float>
    /// Half the line's width at this place, in pixels.
    var radius: Float
    /// 1 is the pen's full black.
    var ink: Float
  }

  /// The strokes' polylines.
  private(set) var strokes: [[Touch]]

  /// How `writer` writes `digit` this time.
  init(digit: Int, by writer: Writer, generator: inout Philox) {
    let forms = DigitForm.all[digit]
    let form = generator.chance(0.85) ? writer.forms[digit] : generator.pick(forms)
    let habit = writer.habit(digit: digit, form: form, strokes: forms[form].strokes)
    let posture = Posture(writer: writer, generator: &generator)
    strokes = zip(forms[form].strokes, habit).map { points, habit in
      let wobble = generator.drift(count: points.count, size: writer.variation, memory: 0.6)
      var bent = points
      for index in bent.indices { bent[index].place += habit[index] + wobble[index] }
      Self.stretchEnds(of: &bent, generator: &generator)
      let hasty = generator.chance(writer.haste)
      let path = Self.curve(through: bent, roundness: writer.roundness, roundCorners: hasty)
      return Self.touches(along: path, posture: posture, writer: writer, generator: &generator)
    }
    centre(at: SIMD2(14, 14) + writer.seat + 1.3 * SIMD2(generator.bell(), generator.bell()))
  }

  /// The slants and proportions of one sample.
  private struct Posture {
    let slant: Float
    let rise: Float
    let waist: SIMD2<Float>
    /// Pixels for each unit of a form, across and down.
    let scale: SIMD2<Float>

    init(writer: Writer, generator: inout Philox) {
      slant = writer.slant + 0.05 * generator.bell()
      rise = writer.rise + 0.02 * generator.bell()
      waist = writer.waist + 0.06 * SIMD2(generator.bell(), generator.bell())
      let size = writer.size * generator.factor(0.05)
      scale = SIMD2(size * writer.aspect * generator.factor(0.06), size)
    }

    func place(_ point: SIMD2<Float>) -> SIMD2<Float> {
      let bowed = point + waist * point * (SIMD2(1.2, 1) - point)
      return SIMD2(bowed.x - slant * bowed.y, bowed.y - rise * bowed.x) * scale
    }
  }

  /// Pens land early or late, and leave early or late: loops close or stay open.
  private static func stretchEnds(of points: inout [DigitForm.Point], generator: inout Philox) {
    let last = points.count - 1
    points[0].place += generator.uniform(in: -0.3...0.3) * (points[0].place - points[1].place)
    points[last].place += generator.uniform(in: -0.25...0.25) * (points[last].place - points[last - 1].place)
  }

  private static let stepsPerSpan = 6

  /// A cardinal spline through the points; at a corner the curve comes to rest and starts anew.
  private static func curve(
    through points: [DigitForm.Point], roundness: Float, roundCorners: Bool
  ) -> [SIMD2<Float>] {
    func slope(at index: Int) -> SIMD2<Float> {
      if points[index].isCorner && !roundCorners { return .zero }
      return roundness * (points[min(index + 1, points.count - 1)].place - points[max(index - 1, 0)].place)
    }
    var path = [points[0].place]
    for index in 1..<points.count {
      let (start, end) = (points[index - 1].place, points[index].place)
      let (leaving, arriving) = (slope(at: index - 1), slope(at: index))
      for step in 1...stepsPerSpan {
        let t = Float(step) / Float(stepsPerSpan)
        let (square, cube) = (t * t, t * t * t)
        let position = (2 * cube - 3 * square + 1) * start + (3 * square - 2 * cube) * end
        path.append(position + (cube - 2 * square + t) * leaving + (cube - square) * arriving)
      }
    }
    return path
  }

  /// Tremor, pressure and ink along the path.
  private static func touches(
    along path: [SIMD2<Float>], posture: Posture, writer: Writer, generator: inout Philox
  ) -> [Touch] {
    let tremor = generator.drift(count: path.count, size: writer.tremor, memory: 0.7)
    let pressure = generator.drift(count: path.count, size: writer.unevenness, memory: 0.85)
    let flow = generator.drift(count: path.count, size: 1, memory: 0.85)
    return path.indices.map { index in
      Touch(
        place: posture.place(path[index] + tremor[index]),
        radius: writer.penRadius * max(0.4, 1 + pressure[index].x),
        ink: min(1, max(0.1, 0.95 + writer.fading * flow[index].x)))
    }
  }

  private mutating func centre(at middle: SIMD2<Float>) {
    var (low, high) = (SIMD2<Float>(repeating: .infinity), SIMD2<Float>(repeating: -.infinity))
    for touch in strokes.joined() {
      low = pointwiseMin(low, touch.place)
      high = pointwiseMax(high, touch.place)
    }
    let shift = middle - (low + high) / 2
    for stroke in strokes.indices {
      for touch in strokes[stroke].indices { strokes[stroke][touch].place += shift }
    }
  }
}
