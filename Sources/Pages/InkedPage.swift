import ImageSets
import Support

/// A page with its ink parted from paper, and its lines taken out.
struct InkedPage: Sendable {
  private struct Mark: Sendable {
    var ink: Component
    var pieces: [Int]
  }

  /// Of the page as it was taken.
  let scale: Float
  let darkness: GrayPlane
  private(set) var pieces: Pieces
  /// Ink that belongs together but for small gaps and could be a digit.
  private let marks: [Mark]
  /// The usual extent of a digit, in pixels.
  private let extent: Float
  /// The usual mean darkness of a digit's ink.
  private let inkLevel: Float

  /// Digits are from so many to so many times as large as most.
  private static let smallest: Float = 0.35
  private static let largest: Float = 2.5
  /// Ink that is so much lighter than most is none of the writing.
  private static let lightest: Float = 0.5
  /// The paper that is looked at around a digit outside of tables, as a share of its extent,
  private static let margin: Float = 0.2
  /// and how dark it may be, as a share of the digit's ink.
  private static let dirtiest: Float = 0.2
  /// Gaps in a stroke, as a share of a digit's extent.
  private static let gap: Float = 0.06

  /// Digits of this extent are seen best: smaller ones are enlarged, larger ones reduced.
  private static let extents: ClosedRange<Float> = 24...140
  private static let bestExtent: Float = 48
  private static let mostEnlarged: Float = 3
  private static let longestSide = 4096

  init(_ page: GrayPlane, onDarkPaper: Bool) throws {
    var (scale, extent) = (min(1, Float(Self.longestSide) / Float(page.longestSide)), Float(0))
    var (darkness, ink) = try Self.ink(of: page, scale: scale, onDarkPaper)
    extent = try Components(of: ink, darkness: darkness).usualExtent ?? 0
    if extent > 0, !Self.extents.contains(extent) {
      let most = min(Self.mostEnlarged, Float(Self.longestSide) / Float(page.longestSide))
      let better = min(scale * Self.bestExtent / extent, most)
      if better < 0.8 * scale || better > 1.25 * scale {
        scale = better
        (darkness, ink) = try Self.ink(of: page, scale: scale, onDarkPaper)
        extent = try Components(of: ink, darkness: darkness).usualExtent ?? 0
      }
    }
    (self.scale, self.darkness) = (scale, darkness)
    var strokes = ink
    var groups = try Components(of: ink, darkness: darkness)
    // What digits are like is seen better without lines, and what lines are like knowing digits.
    for _ in 0..<3 where extent > 0 {
      strokes = try RuledLines.removed(from: ink, height: extent)
      groups = try Components(of: strokes, darkness: darkness, reach: max(1, Int(extent * Self.gap)))
      let seen = groups.usualExtent ?? 0
      defer { extent = seen }
      if seen > 0.8 * extent { break }
    }
    self.extent = extent
    let components = try Components(of: strokes, darkness: darkness)
    pieces = Pieces(components)
    let least = extent * Self.smallest
    let most = extent * Self.largest
    let likely = groups.all.map { (least...max(least, most)).contains(Float($0.box.extent)) }
    let levels = zip(groups.all, likely).filter(\.1).map(\.0.meanDarkness).sorted()
    let level = levels.isEmpty ? 255 : levels[levels.count / 2]
    inkLevel = level
    let members = groups.members(components)
    let size = darkness
    marks = groups.all.indices.compactMap { number in
      let ink = groups.all[number]
      guard likely[number], ink.meanDarkness >= Self.lightest * level, !Self.isEdge(ink.box, of: size) else {
        return nil
      }
      return Mark(ink: ink, pieces: members[number])
    }
  }

  private static func ink(of page: GrayPlane, scale: Float, _ onDarkPaper: Bool) throws -> (GrayPlane, BitPlane) {
    func scaled(_ side: Int) -> Int { max(1, Int((Float(side) * scale).rounded())) }
    let size = ImageSize(height: scaled(page.height), width: scaled(page.width))
    let darkness = Illumination.darkness(of: try page.scaled(to: size), onDarkPaper: onDarkPaper)
    return (darkness, try Ink.found(in: darkness))
  }

  /// Whether ink is what a scanner leaves along a page's edges.
  private static func isEdge(_ box: Box, of page: GrayPlane) -> Bool {
    let margin = max(2, page.longestSide / 200)
    let isAtEdge =
      box.left < margin || box.top < margin || box.right > page.width - margin || box.bottom > page.height - margin
    return isAtEdge && min(box.width, box.height) * 5 <= box.extent
  }
}

extension InkedPage {
  typealias Found = (shape: DigitShape, place: Page.Place?)

  /// Digits in tables, row by row, then all others as they lie.
  mutating func digits() -> [Found] {
    guard extent > 0 else { return [] }
    let lattices = Lattice.found(among: marks.map(\.ink.box.center), extent: extent)
    let cells = LatticeCells(lattices)
    return digits(in: cells) + marks.filter { cells.containing($0.ink.box.center) == nil }.compactMap(freeDigit)
  }

  private mutating func digits(in cells: LatticeCells) -> [Found] {
    var shares = [[Int]](repeating: [], count: cells.entries.count)
    for piece in pieces.all.indices {
      let box = pieces.all[piece].box
      guard pieces.all[piece].meanDarkness >= Self.lightest * inkLevel, let own = cells.containing(box.center) else {
        // What is larger than a cell may have its middle anywhere.
        guard Float(box.extent) > extent else { continue }
        for (cell, part) in cut(piece, at: cells) { shares[cell].append(part) }
        continue
      }
      if reachesFar(box, from: cells.entries[own].frame) {
        for (cell, part) in cut(piece, at: cells) { shares[cell].append(part) }
      } else {
        shares[own].append(piece)
      }
    }
    let found: [Found] = shares.enumerated().compactMap { number, share in
      let entry = cells.entries[number]
      guard let shape = shape(of: share, right: entry.frame.right, down: entry.frame.down) else { return nil }
      return (shape, Page.Place(grid: entry.lattice, row: entry.cell.y, column: entry.cell.x))
    }
    let extents = Dictionary(grouping: found) { $0.place?.grid ?? 0 }.mapValues { digits in
      let extents = digits.map(\.shape.box.extent).sorted()
      return extents[extents.count / 2]
    }
    return found.filter { $0.shape.box.extent <= 2 * extents[$0.place?.grid ?? 0, default: 0] }
  }

  /// A piece's parts by cell, but for those that are what is left of a line between cells.
  private mutating func cut(_ piece: Int, at cells: LatticeCells) -> [Int: Int] {
    pieces.cut(piece, darkness: darkness) { cells.containing($0) }.filter { cell, part in
      let box = pieces.all[part].box
      let place = cells.entries[cell].frame.cells(to: box.center)
      return min(box.width, box.height) * 4 > box.extent || max(abs(place.x), abs(place.y)) < 0.3
    }
  }

  /// Whether ink goes well into the cells next to its own.
  private func reachesFar(_ box: Box, from frame: CellFrame) -> Bool {
    let corners = [
      SIMD2(Float(box.left), Float(box.top)), SIMD2(Float(box.right), Float(box.top)),
      SIMD2(Float(box.left), Float(box.bottom)), SIMD2(Float(box.right), Float(box.bottom)),
    ].map { frame.cells(to: $0) }
    return corners.contains { max(abs($0.x), abs($0.y)) > 0.85 }
  }

  /// A cell's ink without specks that are far from the rest; nil where nothing like a digit is left.
  private func shape(of share: [Int], right: SIMD2<Float>, down: SIMD2<Float>) -> DigitShape? {
    guard let main = share.max(by: { pieces.all[$0].area < pieces.all[$1].area }) else { return nil }
    var (kept, box) = ([main], pieces.all[main].box)
    for piece in share.sorted(by: { pieces.all[$0].area > pieces.all[$1].area }) where piece != main {
      let other = pieces.all[piece]
      let isStroke = Float(other.box.extent) >= Self.smallest * extent
      guard isStroke || Float(other.box.distance(to: box)) <= extent * 0.2 && other.box.extent * 10 > box.extent else {
        continue
      }
      kept.append(piece)
      box = box.union(other.box)
    }
    guard Float(box.extent) >= Self.smallest * extent else { return nil }
    return DigitShape(pieces: kept, box: box, right: right / right.length, down: down / down.length)
  }

  /// A mark with clean paper around it; nil for all else.
  private func freeDigit(_ mark: Mark) -> Found? {
    let box = mark.ink.box
    let margin = max(2, Int(extent * Self.margin))
    let around = Box(
      left: max(0, box.left - margin), top: max(0, box.top - margin), right: min(darkness.width, box.right + margin),
      bottom: min(darkness.height, box.bottom + margin))
    var (sum, count) = (0, 0)
    for y in around.top..<around.bottom {
      for x in around.left..<around.right where !(box.top..<box.bottom ~= y && box.left..<box.right ~= x) {
        sum += Int(darkness.pixels[y * darkness.width + x])
        count += 1
      }
    }
    guard Float(sum) <= Self.dirtiest * mark.ink.meanDarkness * Float(max(1, count)) else { return nil }
    guard let shape = shape(of: mark.pieces, right: SIMD2(1, 0), down: SIMD2(0, 1)) else { return nil }
    return (shape, nil)
  }
}
