import ImageSets
import Support

/// A page with its ink parted from paper, and its lines taken out.
struct InkedPage: Sendable {
  /// Of the page as it was taken.
  let scale: Float
  let page: EvenPage
  var pieces: Pieces
  let marks: [Mark]
  let likeness: Likeness
  /// The page's ink with its lines.
  let solids: Components

  var darkness: GrayPlane { page.darkness }

  /// Gaps in a stroke, as a share of a digit's extent.
  private static let gap: Float = 0.06
  /// How much digits may seem larger or smaller at a second look.
  private static let trusted: ClosedRange<Float> = 0.6...1.6

  init(_ image: GrayPlane, onDarkPaper: Bool) throws {
    let look = try Look(image, onDarkPaper: onDarkPaper)
    (scale, page) = (look.scale, look.page)
    var (extent, strokes) = (look.extent, look.ink)
    solids = look.components
    var groups = solids
    // What digits are like is seen better without lines, and what lines are like knowing digits.
    for _ in 0..<3 where extent > 0 {
      strokes = try RuledLines.removed(from: look.ink, height: extent)
      groups = try Components(of: strokes, darkness: page.darkness, reach: max(1, Int(extent * Self.gap)))
      let seen = groups.usualExtent ?? 0
      guard Self.trusted.contains(seen / extent) else { break }
      defer { extent = seen }
      if seen > 0.8 * extent { break }
    }
    let components = try Components(of: strokes, darkness: page.darkness)
    pieces = Pieces(components)
    let (page, likeness) = (page, Likeness(extent: extent, of: groups.all))
    let members = groups.members(components)
    (self.likeness, marks) = (
      likeness,
      Joining(extent: extent).joined(groups.all).compactMap { joined in
        let all = groups.all
        let ink = joined.dropFirst().reduce(all[joined[0]]) { $0.joined(with: all[$1]) }
        return likeness.allows(ink, on: page) ? Mark(ink: ink, pieces: joined.flatMap { members[$0] }) : nil
      }
    )
  }

  /// A page at the scale at which its digits are seen best.
  private struct Look {
    private(set) var scale: Float
    private(set) var page: EvenPage
    private(set) var ink: BitPlane
    private(set) var components: Components
    /// The usual one of what could be digits, in pixels; 0 where there is no such ink.
    private(set) var extent: Float

    /// Smaller digits are enlarged, larger ones reduced.
    private static let extents: ClosedRange<Float> = 24...140
    private static let best: Float = 48
    private static let mostEnlarged: Float = 3
    private static let longestSide: Float = 4096

    init(_ image: GrayPlane, onDarkPaper: Bool) throws {
      let most = Self.longestSide / Float(image.longestSide)
      try self.init(image, onDarkPaper, scale: min(1, most), extent: nil)
      guard extent > 0 else { return }
      // What is shadow and what is stroke is known when digits have been seen.
      let (first, seen) = (scale, extent)
      let better = Self.extents.contains(seen) ? scale : min(scale * Self.best / seen, Self.mostEnlarged, most)
      let expected = seen * better / first
      try self.init(image, onDarkPaper, scale: better, extent: expected)
      if !trusted.contains(extent / expected) { extent = expected }
    }

    private init(_ image: GrayPlane, _ onDarkPaper: Bool, scale: Float, extent: Float?) throws {
      func scaled(_ side: Int) -> Int { max(1, Int((Float(side) * scale).rounded())) }
      self.scale = scale
      let size = ImageSize(height: scaled(image.height), width: scaled(image.width))
      page = try EvenPage(image.scaled(to: size), isOnDarkPaper: onDarkPaper, extent: extent)
      ink = try Ink.found(in: page.darkness, extent: extent)
      components = try Components(of: ink, darkness: page.darkness)
      self.extent = components.usualExtent ?? 0
    }
  }
}
