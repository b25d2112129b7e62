import Pages
import Support

/// A form to print.
package struct SheetFormDrawing {
  private static let lines = LineStyle(color: Color(0xB8B8B8), width: 0.6)

  package var form: SheetForm
  /// What is to be written in each row, in turn.
  package var labels: [String]

  package init(_ form: SheetForm, labels: [String]) {
    precondition(!labels.isEmpty, "a form has something to write")
    (self.form, self.labels) = (form, labels)
  }

  /// The bytes of a file of one page in A4.
  package func rendered(as format: FigureFormat) throws -> [UInt8] {
    let canvas = try Canvas(width: SheetForm.width, height: SheetForm.height, format: format)
    for place in SheetForm.marks { square(at: place, side: SheetForm.markSide, on: canvas) }
    for (place, isBlack) in zip(SheetForm.bitPlaces, form.bits) where isBlack {
      square(at: place, side: SheetForm.bitSide, on: canvas)
    }
    canvas.text(
      "Write into each cell of a row what stands at its left, with a dark pen; one person a sheet. Leave the squares free.",
      at: Point(x: SheetForm.width / 2, y: 62), font: Font(size: 8), color: Palette.faintInk, alignment: .center)
    let (first, end) = (form.corner(row: 0, column: 0), form.corner(row: form.rows, column: form.columns))
    for row in 0...form.rows {
      let y = form.corner(row: row, column: 0).y
      canvas.line([Point(x: first.x, y: y), Point(x: end.x, y: y)], style: Self.lines)
      guard row < form.rows else { continue }
      let label = labels[row % labels.count]
      let text = inKannadaDigits(label) == label ? label : "\(inKannadaDigits(label)) \(label)"
      canvas.text(
        text, at: Point(x: first.x - 6, y: y + form.cellHeight / 2 + 4),
        font: Font(size: min(12, form.cellHeight * 0.6)),
        color: Palette.faintInk, alignment: .right)
    }
    for column in 0...form.columns {
      let x = form.corner(row: 0, column: column).x
      canvas.line([Point(x: x, y: first.y), Point(x: x, y: end.y)], style: Self.lines)
    }
    return try canvas.finish(title: "A form for handwritten digits")
  }

  private func square(at place: SIMD2<Double>, side: Double, on canvas: Canvas) {
    canvas.rectangle(
      Rectangle(x: place.x - side / 2, y: place.y - side / 2, width: side, height: side), fill: Palette.black)
  }
}
