import Support

extension InkedPage {
  typealias Found = (shape: DigitShape, place: Page.Place?)

  /// In a cell, where a digit is expected, even less than elsewhere may be one.
  private static let smallestInCell: Float = 0.25

  /// A form's cells, if this is one, and the digits in them.
  mutating func filledForm() throws -> (form: SheetForm, digits: [Found])? {
    guard let form = FilledForm(on: self, ink: solids) else { return nil }
    return (form.form, digits(in: form.cells))
  }

  /// Digits in tables, row by row, then all others as they lie.
  mutating func digits() -> [Found] {
    guard likeness.extent > 0 else { return [] }
    let lattices = Lattice.found(among: marks.map(\.ink.box.center), extent: likeness.extent).filter { lattice in
      // Texture has lattices, too.
      2 * lattice.marks.values.count { isOnCleanPaper(marks[$0]) } >= lattice.marks.count
    }
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
        for (cell, part) in cut(piece, at: cells).sorted(by: { $0.key < $1.key }) { shares[cell].append(part) }
        continue
      }
      if reachesFar(box, from: cells.entries[own].frame) {
        for (cell, part) in cut(piece, at: cells).sorted(by: { $0.key < $1.key }) { shares[cell].append(part) }
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
    let strokes = share.filter { !likeness.isHair(pieces.all[$0]) }
    guard let main = strokes.max(by: { pieces.all[$0].area < pieces.all[$1].area }) else { return nil }
    var (kept, box) = ([main], pieces.all[main].box)
    for piece in strokes.sorted(by: { pieces.all[$0].area > pieces.all[$1].area }) where piece != main {
      let other = pieces.all[piece]
      let isStroke = Float(other.box.extent) >= Likeness.smallest * likeness.extent
      guard
        isStroke || Float(other.box.distance(to: box)) <= likeness.extent * 0.2 && other.box.extent * 10 > box.extent
      else {
        continue
      }
      kept.append(piece)
      box = box.union(other.box)
    }
    guard Float(box.extent) >= Self.smallestInCell * likeness.extent else { return nil }
    return DigitShape(pieces: kept, box: box, right: right / right.length, down: down / down.length)
  }

  /// A mark with clean paper around it; nil for all else.
  private func freeDigit(_ mark: Mark) -> Found? {
    guard isOnCleanPaper(mark), let shape = shape(of: mark.pieces, right: SIMD2(1, 0), down: SIMD2(0, 1)) else {
      return nil
    }
    return (shape, nil)
  }
}
