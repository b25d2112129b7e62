import ImageSets
import Support

/// A form found on a page: where its cells are.
struct FilledForm: Sendable {
  let form: SheetForm
  private let place: Homography

  /// Nil where there are no four squares around a code that is one.
  init?(on page: InkedPage, ink: Components) {
    let squares = ink.all.filter { Self.isSquare($0, on: page.darkness) }
    guard let corners = Self.corners(of: squares.map(\.box.center)) else { return nil }
    for order in Self.orders {
      guard let place = Homography(taking: SheetForm.marks, to: order.map { SIMD2<Double>(corners[$0]) }) else {
        continue
      }
      let bits = SheetForm.bitPlaces.map { Self.isBlack(place($0), on: page.darkness) }
      guard let form = SheetForm(bits: bits) else { continue }
      (self.form, self.place) = (form, place)
      return
    }
    return nil
  }

  /// The marks' numbers by corner, for a page that lies in any of the eight orientations.
  private static let orders = [
    [0, 1, 2, 3], [2, 0, 3, 1], [3, 2, 1, 0], [1, 3, 0, 2], [1, 0, 3, 2], [3, 1, 2, 0], [2, 3, 0, 1], [0, 2, 1, 3],
  ]

  private static func isSquare(_ ink: Component, on page: GrayPlane) -> Bool {
    let stroke = ink.stroke
    let filled = Float(ink.area) / max(1, stroke.length * stroke.thickness)
    let share = Float(ink.box.extent) / Float(page.longestSide)
    return (0.006...0.05).contains(share) && stroke.length < 1.35 * stroke.thickness && (0.8...1.25).contains(filled)
  }

  /// Those that lie furthest out along the diagonals: upper left and right, lower left and right.
  private static func corners(of centers: [SIMD2<Float>]) -> [SIMD2<Float>]? {
    let ways: [SIMD2<Float>] = [SIMD2(-1, -1), SIMD2(1, -1), SIMD2(-1, 1), SIMD2(1, 1)]
    let corners = ways.compactMap { way in centers.max { ($0 * way).sum() < ($1 * way).sum() } }
    return Set(corners).count == 4 ? corners : nil
  }

  private static func isBlack(_ place: SIMD2<Float>, on page: GrayPlane) -> Bool {
    page.value(x: place.x, y: place.y) > 100
  }

  /// Its cells, as those of a lattice.
  var cells: LatticeCells {
    LatticeCells(
      (0..<form.rows).flatMap { row in
        (0..<form.columns).map { column in
          let (width, height) = (form.cellWidth, form.cellHeight)
          let middle = form.corner(row: row, column: column) + SIMD2(width, height) / 2
          let center = place(middle)
          let frame = CellFrame(
            center: center, right: place(middle + SIMD2(width, 0)) - center,
            down: place(middle + SIMD2(0, height)) - center)
          return .init(lattice: 0, cell: Cell(column, row), frame: frame)
        }
      })
  }
}
