import Support

/// The cells of a `ConfusionMatrixPlot` with their headings, recalls and precisions.
struct MatrixGrid {
  private static let gap = 6.0
  private static let padding = 8.0
  private static let narrowest = 46.0
  private static let comfortable = 64.0
  private static let lowest = 34.0
  private static let widestHeading = 120.0
  private static let font = Font(size: 13)
  private static let shareFont = Font(size: 10.5)
  private static let axisFont = Font(size: 13, isBold: true)
  private static let largestCount = 12.0
  private static let smallestCount = 9.0

  private let counts: [[Int]]
  private let recalls: [String]
  private let precisions: [String]
  /// Each class' heading, in lines
  private let headings: [[String]]
  private let countFont: Font
  private let cellWidth: Double
  private let cellHeight: Double
  private let areTurned: Bool
  private let headingHeight: Double
  private let shareWidth: Double

  /// Where the cells begin
  let left: Double
  private let top: Double

  init(_ counts: [[Int]], headings texts: [String], canvas: Canvas) {
    self.counts = counts
    let classes = counts.indices
    recalls = classes.map { Self.share(counts[$0][$0], of: counts[$0]) }
    precisions = classes.map { column in Self.share(counts[column][column], of: counts.map { $0[column] }) }
    func widest(_ texts: [String], _ font: Font) -> Double { texts.map { canvas.width(of: $0, font: font) }.max() ?? 0 }

    // Cells widen up to a comfortable width; then the counts shrink to what can still be read; then cells widen again.
    let numbers = counts.joined().map(grouped)
    let atOne = widest(numbers, Font(size: 1))
    let fitting = ((Self.comfortable - Self.padding) / atOne * 2).rounded(.down) / 2
    countFont = Font(size: min(Self.largestCount, max(Self.smallestCount, fitting)))
    let headings = texts.map { canvas.lines(of: $0, font: Self.font, width: Self.widestHeading) }
    self.headings = headings
    let lines = Double(headings.map(\.count).max() ?? 0) * Self.font.lineHeight
    let shares = widest(precisions, Self.shareFont)
    let width = max(Self.narrowest, max(widest(numbers, countFont), shares) + Self.padding)
    let length = headings.map { widest($0, Self.font) }.max() ?? 0
    areTurned = length > width - Self.padding / 2
    cellWidth = (areTurned ? max(width, lines) : width).rounded(.up)
    cellHeight = max(Self.lowest, lines + Self.padding)
    headingHeight = areTurned ? length.rounded(.up) : lines
    shareWidth = max(widest(recalls, Self.shareFont), canvas.width(of: "recall", font: Self.font)).rounded(.up)
    let labels = max(length, canvas.width(of: "precision", font: Self.font)).rounded(.up)
    left = Self.axisFont.lineHeight + Self.gap + labels + Self.gap
    top = Self.axisFont.lineHeight + Self.gap + headingHeight + Self.gap
  }

  private static func share(_ count: Int, of all: [Int]) -> String {
    percent(Double(count) / Double(all.reduce(0, +)))
  }

  private var cells: Rectangle {
    let count = Double(counts.count)
    return Rectangle(x: left, y: top, width: count * cellWidth, height: count * cellHeight)
  }

  var width: Double { cells.maxX + 2 * Self.gap + shareWidth }
  var height: Double { cells.maxY + Self.gap + Self.font.lineHeight }

  func draw(on canvas: Canvas, at corner: Point) {
    let box = Rectangle(x: corner.x + left, y: corner.y + top, width: cells.width, height: cells.height)
    drawAxes(on: canvas, corner, box)
    for row in counts.indices {
      let total = counts[row].reduce(0, +)
      for (column, count) in counts[row].enumerated() {
        draw(count, of: total, row: row, column: column, on: canvas, box)
      }
    }
    for line in counts.indices.dropFirst() {
      let (x, y) = (box.x + Double(line) * cellWidth, box.y + Double(line) * cellHeight)
      let style = LineStyle(color: Palette.grid, width: 1)
      canvas.line([Point(x: x, y: box.y), Point(x: x, y: box.maxY)], style: style)
      canvas.line([Point(x: box.x, y: y), Point(x: box.maxX, y: y)], style: style)
    }
    canvas.rectangle(box, stroke: Palette.frame)
    drawShares(on: canvas, box)
  }

  private func draw(_ count: Int, of total: Int, row: Int, column: Int, on canvas: Canvas, _ box: Rectangle) {
    let cell = Rectangle(
      x: box.x + Double(column) * cellWidth, y: box.y + Double(row) * cellHeight, width: cellWidth, height: cellHeight)
    let fill = total > 0 ? ShadeBar.color(of: Double(count) / Double(total)) : Palette.paper
    canvas.rectangle(cell, fill: fill)
    let middle = Point(x: cell.x + cellWidth / 2, y: cell.y + cellHeight / 2 + countFont.size * 0.36)
    let color = count == 0 ? Palette.faintInk : Palette.text(on: fill)
    canvas.text(grouped(count), at: middle, font: countFont, color: color, alignment: .center)
  }

  private func drawAxes(on canvas: Canvas, _ corner: Point, _ box: Rectangle) {
    let middle = Point(x: box.x + box.width / 2, y: box.y + box.height / 2)
    let above = Point(x: middle.x, y: corner.y + Self.axisFont.baseline)
    canvas.text("predicted", at: above, font: Self.axisFont, alignment: .center)
    canvas.upwards(from: Point(x: corner.x + Self.axisFont.baseline, y: middle.y)) {
      canvas.text("true", at: Point(x: 0, y: 0), font: Self.axisFont, alignment: .center)
    }
    for (index, lines) in headings.enumerated() {
      let x = box.x + (Double(index) + 0.5) * cellWidth
      let y = box.y + (Double(index) + 0.5) * cellHeight
      let size = Double(lines.count) * Self.font.lineHeight
      for (line, text) in lines.enumerated() {
        let down = Self.font.baseline + Double(line) * Self.font.lineHeight
        let atLeft = Point(x: box.x - Self.gap, y: y - size / 2 + down)
        canvas.text(text, at: atLeft, font: Self.font, alignment: .right)
        if areTurned {
          canvas.upwards(from: Point(x: x - size / 2 + down, y: box.y - Self.gap)) {
            canvas.text(text, at: Point(x: 0, y: 0), font: Self.font)
          }
        } else {
          let onTop = Point(x: x, y: box.y - Self.gap - size + down)
          canvas.text(text, at: onTop, font: Self.font, alignment: .center)
        }
      }
    }
  }

  private func drawShares(on canvas: Canvas, _ box: Rectangle) {
    let end = box.maxX + Self.gap + shareWidth
    let above = Point(x: end, y: box.y - Self.gap - Self.font.lineHeight + Self.font.baseline)
    canvas.text("recall", at: above, font: Self.font, color: Palette.faintInk, alignment: .right)
    let below = box.maxY + Self.gap + Self.font.baseline
    let atLeft = Point(x: box.x - Self.gap, y: below)
    canvas.text("precision", at: atLeft, font: Self.font, color: Palette.faintInk, alignment: .right)
    for (index, (recall, precision)) in zip(recalls, precisions).enumerated() {
      let y = box.y + (Double(index) + 0.5) * cellHeight + Self.shareFont.size * 0.36
      canvas.text(recall, at: Point(x: end, y: y), font: Self.shareFont, alignment: .right)
      let x = box.x + (Double(index) + 0.5) * cellWidth
      canvas.text(precision, at: Point(x: x, y: below), font: Self.shareFont, alignment: .center)
    }
  }
}
