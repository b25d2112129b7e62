import Support

/// Long straight lines on a page: printed tables, ruled paper, frames, the edges of sheets.
enum RuledLines {
  enum Direction: CaseIterable { case level, upright }

  /// How lines may lie, in degrees from level and upright.
  private static let steepest = 45
  /// A line is at least so many digits long
  private static let shortest: Float = 2
  /// and ends up in pieces of at most so much of a digit's height where a stroke crosses it.
  private static let thickest: Float = 0.14

  /// The ink without them, and with strokes that cross them whole.
  ///
  /// - Parameter height: of a digit, in pixels.
  static func removed(from ink: BitPlane, height: Float) throws -> BitPlane {
    let length = max(24, Int(height * shortest))
    let solid = try ink.opened(width: max(5, Int(height / 2)), height: max(5, Int(height / 2)))
    let thin = try ink.subtracting(solid.dilated(width: 3, height: 3))
    let reduced = try thin.reducedByFour()
    var rest = ink
    for direction in Direction.allCases {
      let angles = try Self.angles(of: reduced, direction, length: length / 4)
      guard !angles.isEmpty else { continue }
      let found = try Threads.results(of: angles) { angle in
        try Self.lines(of: thin, direction, angle: angle, length: length)
      }
      let ruled = try found.dropFirst().reduce(found[0]) { try $0.or($1) }.dilated(width: 3, height: 3).and(ink)
      let strokes = try rest.subtracting(ruled)
      let gap = max(3, Int(height * thickest)) | 1
      let bridges = try strokes.closed(
        width: direction == .level ? 1 : gap, height: direction == .level ? gap : 1
      ).and(ruled)
      rest = try strokes.or(bridges)
    }
    return rest
  }

  /// A line that lies a little askew is found by its longest runs, and goes with the shorter ones at its edges.
  private static func lines(of ink: BitPlane, _ direction: Direction, angle: Float, length: Int) throws -> BitPlane {
    let level = try ink.leveled(direction, angle: angle)
    // Thin lines are ragged.
    let broad = try level.dilated(width: 3, height: 3)
    let lines = try broad.runs(direction, length: length).filled(within: broad.runs(direction, length: length / 2))
    return try lines.and(level).tilted(direction, angle: angle, size: ink)
  }

  /// Angles at which there are lines that lie at none of the others, in radians; long lines tell theirs best.
  private static func angles(of reduced: BitPlane, _ direction: Direction, length: Int) throws -> [Float] {
    let all = (-steepest...steepest).map { Float($0) * .pi / 180 }
    var (rest, chosen) = (reduced, [Float]())
    for length in [3 * length, length] {
      let ink = rest
      let counts = try Threads.results(of: all) { angle in
        try ink.leveled(direction, angle: angle).runs(direction, length: length).count
      }
      for (angle, count) in zip(all, counts).sorted(by: { $0.1 > $1.1 }) where count > 2 * length {
        let level = try rest.leveled(direction, angle: angle)
        let runs = try level.runs(direction, length: length)
        guard runs.count > 2 * length else { continue }
        chosen.append(angle)
        let lines = try runs.filled(within: level.runs(direction, length: max(2, length / 4)))
        rest = try rest.subtracting(
          lines.tilted(direction, angle: angle, size: rest).dilated(width: 3, height: 3))
      }
    }
    return Array(Set(chosen))
  }
}

extension BitPlane {
  fileprivate func runs(_ direction: RuledLines.Direction, length: Int) throws -> BitPlane {
    try opened(width: direction == .level ? length : 1, height: direction == .level ? 1 : length)
  }
}
