import CLeptonica
import Support

/// The paper's brightness over a page: strokes are filled up with what is around them, while the edges of sheets and shadows
/// stay where they are.
struct PaperMap: Sendable {
  /// Squares along the longer side.
  private static let squares = 320

  private let tiles: Tiles
  private let levels: [Float]

  /// - Parameter widest: stroke, in pixels.
  init(_ page: GrayPlane, widest: Float) throws {
    let tiles = Tiles(page, square: max(1, (page.longestSide + Self.squares - 1) / Self.squares))
    self.tiles = tiles
    let bright = tiles.map { Float(tiles.histogram($0, of: page).rank(0.75)) }
    let calm = tiles.smoothed(bright, reach: 1)
    let reach = max(3, Int(widest) / tiles.square)
    levels = try GrayPlane(width: tiles.columns, height: tiles.rows, pixels: calm.map { UInt8($0) })
      .closed(side: 2 * (reach / 2) + 1).pixels.map { Float($0) }
  }

  func levels(in box: Box) -> [Float] {
    let columns = box.left / tiles.square...max(box.left, box.right - 1) / tiles.square
    let rows = box.top / tiles.square...max(box.top, box.bottom - 1) / tiles.square
    return rows.clamped(to: 0...tiles.rows - 1).flatMap { row in
      columns.clamped(to: 0...tiles.columns - 1).map { levels[row * tiles.columns + $0] }
    }
  }

  func fill(_ line: inout [Float], row: Int) { tiles.fill(&line, row: row, from: levels) }
}

extension GrayPlane {
  /// Without dark parts that are narrower than a square of so many pixels a side.
  fileprivate func closed(side: Int) throws -> GrayPlane {
    // Leptonica counts all around a picture as nothing, so that its edge is continued first.
    let margin = side
    let (wide, high) = (width + 2 * margin, height + 2 * margin)
    let padded = (0..<high).flatMap { y in
      (0..<wide).map { x in
        pixels[min(height - 1, max(0, y - margin)) * width + min(width - 1, max(0, x - margin))]
      }
    }
    guard let source = pixCreate(Int32(wide), Int32(high), 8) else { throw BitPlane.noMemory("find paper") }
    defer { destroy(source) }
    for (place, pixel) in padded.enumerated() {
      pixSetPixel(source, Int32(place % wide), Int32(place / wide), UInt32(pixel))
    }
    guard let closed = pixCloseGray(source, Int32(side), Int32(side)) else { throw BitPlane.noMemory("find paper") }
    defer { destroy(closed) }
    let result = (0..<height * width).map { place in
      var value: UInt32 = 0
      pixGetPixel(closed, Int32(place % width + margin), Int32(place / width + margin), &value)
      return UInt8(truncatingIfNeeded: value)
    }
    return GrayPlane(width: width, height: height, pixels: result)
  }

  private func destroy(_ pix: UnsafeMutablePointer<PIX>) {
    var pix: UnsafeMutablePointer<PIX>? = pix
    pixDestroy(&pix)
  }
}
