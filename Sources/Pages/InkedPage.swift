import ImageSets
import Support

/// A page with its ink parted from paper, and its lines taken out.
struct InkedPage: Sendable {
  /// Of the page as it was taken.
  let scale: Float
  let darkness: GrayPlane
  private(set) var pieces: Pieces
  let marks: [Mark]
  let likeness: Likeness

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
    // What is shadow and what is stroke, and at which scale both are seen best, is known when digits have been seen.
    var scale = min(1, Float(Self.longestSide) / Float(page.longestSide))
    var (darkness, ink) = try Self.ink(of: page, scale: scale, onDarkPaper, extent: nil)
    var extent = try Components(of: ink, darkness: darkness).usualExtent ?? 0
    if extent > 0 {
      let better = Self.scale(of: page, now: scale, extent: extent)
      (darkness, ink) = try Self.ink(of: page, scale: better, onDarkPaper, extent: extent * better / scale)
      scale = better
      extent = try Components(of: ink, darkness: darkness).usualExtent ?? 0
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
    let components = try Components(of: strokes, darkness: darkness)
    pieces = Pieces(components)
    let likeness = Likeness(extent: extent, of: groups.all)
    let members = groups.members(components)
    (self.likeness, marks) = (
      likeness,
      groups.all.indices.filter { likeness.allows(groups.all[$0], on: darkness) }
        .map { Mark(ink: groups.all[$0], pieces: members[$0]) }
    )
  }

  private static func scale(of page: GrayPlane, now scale: Float, extent: Float) -> Float {
    if extents.contains(extent) { return scale }
    return min(scale * bestExtent / extent, mostEnlarged, Float(longestSide) / Float(page.longestSide))
  }

  private static func ink(of page: GrayPlane, scale: Float, _ onDarkPaper: Bool, extent: Float?) throws -> (
    GrayPlane, BitPlane
  ) {
    func scaled(_ side: Int) -> Int { max(1, Int((Float(side) * scale).rounded())) }
    let size = ImageSize(height: scaled(page.height), width: scaled(page.width))
    let darkness = try Illumination.darkness(of: try page.scaled(to: size), onDarkPaper: onDarkPaper, extent: extent)
    return (darkness, try Ink.found(in: darkness))
  }
}

extension InkedPage {
  typealias Found = (shape: DigitShape, place: Page.Place?)

  /// Digits in tables, row by row, then all others as they lie.
  mutating func digits() -> [Found] {
    guard likeness.extent > 0 else { return [] }
    let lattices = Lattice.found(among: marks.map(\.ink.box.center), extent: likeness.extent)
    let cells = LatticeCells(lattices)
    return digits(in: cells) + marks.filter { cells.containing($0.ink.box.center) == nil }.compactMap(freeDigit)
  }

  private mutating func digits(in cells: LatticeCells) -> [Found] {
    var shares = [[Int]](repeating: [], count: cells.entries.count)
    for piece in pieces.all.indices {
      let box = pieces.all[piece].box
      guard likeness.isDarkEnough(pieces.all[piece]), let own = cells.containing(box.center) else {
        // What is larger than a cell may have its middle anywhere.
        guard Float(box.extent) > likeness.extent else { continue }
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
      let isStroke = Float(other.box.extent) >= Likeness.smallest * likeness.extent
      guard isStroke || Float(other.box.distance(to: box)) <= likeness.extent * 0.2 && other.box.extent * 10 > box.extent else {
        continue
      }
      kept.append(piece)
      box = box.union(other.box)
    }
    guard Float(box.extent) >= Likeness.smallest * likeness.extent else { return nil }
    return DigitShape(pieces: kept, box: box, right: right / right.length, down: down / down.length)
  }

  /// A mark with clean paper around it; nil for all else.
  private func freeDigit(_ mark: Mark) -> Found? {
    let box = mark.ink.box
    let margin = max(2, Int(likeness.extent * Self.margin))
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
