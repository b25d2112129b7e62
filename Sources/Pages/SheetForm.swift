import Support

/// A form to be filled in by hand: rows of cells, a digit to be written all along each row; with squares in the corners that
/// tell where the cells are on a scan, and squares above that tell how many there are.
///
/// Places are in points (1/72 inch) from the upper left corner of a page in A4.
package struct SheetForm: Sendable, Equatable {
  package let rows: Int
  package let columns: Int

  package static let mostRows = 40
  package static let mostColumns = 32
  package static let width = 595.0
  package static let height = 842.0
  /// Sides of the squares in the corners, and of those above.
  package static let markSide = 11.0
  package static let bitSide = 6.0

  /// Middles of the squares in the corners: upper left and right, lower left and right.
  package static let marks = [34.0, height - 34].flatMap { y in [34.0, width - 34].map { SIMD2($0, y) } }
  private static let left = 62.0
  private static let top = 84.0
  private static let right = 34.0
  private static let bottom = 58.0

  /// - Throws: `UsageError` for fewer than one or more rows or columns than fit on a page.
  package init(rows: Int = 20, columns: Int = 15) throws {
    guard (1...Self.mostRows).contains(rows), (1...Self.mostColumns).contains(columns) else {
      throw UsageError(
        "a form of \(rows) rows and \(columns) columns",
        remedy: "Choose 1 to \(Self.mostRows) rows and 1 to \(Self.mostColumns) columns.")
    }
    (self.rows, self.columns) = (rows, columns)
  }

  package var cellWidth: Double { (Self.width - Self.left - Self.right) / Double(columns) }
  package var cellHeight: Double { (Self.height - Self.top - Self.bottom) / Double(rows) }

  /// The upper left corner of a cell.
  package func corner(row: Int, column: Int) -> SIMD2<Double> {
    SIMD2(Self.left + Double(column) * cellWidth, Self.top + Double(row) * cellHeight)
  }

  // MARK: What the squares above say

  /// Tells the squares' first from their last.
  private static let beginning = [true, false, true, true]
  private static let numberBits = 6
  private static let checkBits = 4

  /// Which of the squares above are black: a beginning, the numbers of rows and columns, and a check.
  package var bits: [Bool] {
    func bits(_ number: Int, _ count: Int) -> [Bool] { (0..<count).map { number >> $0 & 1 == 1 } }
    return Self.beginning + bits(rows, Self.numberBits) + bits(columns, Self.numberBits) + bits(check, Self.checkBits)
  }

  private var check: Int { (rows * 7 + columns * 13 + 5) % 16 }

  static let bitCount = beginning.count + 2 * numberBits + checkBits

  /// The form with these squares; nil where there is none.
  init?(bits: [Bool]) {
    func number(from first: Int) -> Int {
      (0..<Self.numberBits).reduce(0) { $0 + (bits[first + $1] ? 1 << $1 : 0) }
    }
    guard bits.count == Self.bitCount,
      let form = try? SheetForm(
        rows: number(from: Self.beginning.count), columns: number(from: Self.beginning.count + Self.numberBits)),
      form.bits == bits
    else { return nil }
    self = form
  }

  /// The middles of the squares above.
  package static var bitPlaces: [SIMD2<Double>] {
    (0..<bitCount).map { SIMD2(width / 2 + (Double($0) - Double(bitCount - 1) / 2) * 2 * bitSide, 34) }
  }
}
