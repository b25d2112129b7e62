/// One panel of `LearningCurves`: title, legend, and the curves between their axes.
struct CurvePlot {
  private static let plotWidth = 340.0
  private static let plotHeight = 220.0
  private static let gap = 6.0
  private static let sample = 30.0
  private static let mostMarks = 25
  private static let font = Font(size: 11)
  private static let titleFont = Font(size: 13, isBold: true)

  private typealias Entry = (label: String, style: LineStyle)

  private let panel: LearningCurves.Panel
  private let epochs: [Double]
  private let unit: String
  private let horizontal: Axis
  private let vertical: Axis
  private let left: Double
  private let legend: [[Entry]]
  let width: Double

  private var top: Double {
    Self.titleFont.lineHeight + Double(legend.count) * Self.font.lineHeight + 2 * Self.gap
  }
  var height: Double { top + Self.plotHeight + 2 * (Self.font.lineHeight + Self.gap) }

  init(_ panel: LearningCurves.Panel, epochs: [Double], unit: String, canvas: Canvas) {
    self.panel = panel
    self.unit = unit
    self.epochs = epochs
    horizontal = Axis(covering: epochs, count: 8, isWhole: true)
    let vertical = Axis(covering: panel.lines.flatMap(\.values) + [panel.ceiling].compactMap { $0 })
    self.vertical = vertical
    // Numbers below the ends of the plot are centred there and reach beyond it.
    let beyond = Self.widest(horizontal, canvas: canvas) / 2
    left = max(Self.widest(vertical, canvas: canvas) + Self.gap, beyond).rounded(.up)
    var entries = panel.lines.enumerated().map { Entry($1.label, Self.style(ofLine: $0)) }
    if let ceiling = panel.ceiling {
      entries.append(("ceiling \((ceiling * 10_000).rounded() / 10_000)", Palette.limit))
    }
    legend = Self.rows(of: entries, canvas: canvas)
    let legendWidth = legend.map { row in row.reduce(0) { $0 + Self.width(of: $1, canvas: canvas) } }.max() ?? 0
    let titleWidth = canvas.width(of: panel.title, font: Self.titleFont)
    width = left + max(Self.plotWidth + beyond, legendWidth, titleWidth).rounded(.up)
  }

  private static func style(ofLine index: Int) -> LineStyle { Palette.lines[index % Palette.lines.count] }

  private static func widest(_ axis: Axis, canvas: Canvas) -> Double {
    axis.ticks.map { canvas.width(of: axis.label(of: $0), font: font) }.max() ?? 0
  }

  private static func width(of entry: Entry, canvas: Canvas) -> Double {
    sample + gap + canvas.width(of: entry.label, font: font) + 2 * gap
  }

  /// The legend's entries, as many to a row as the plot is wide.
  private static func rows(of entries: [Entry], canvas: Canvas) -> [[Entry]] {
    var rows: [[Entry]] = []
    var room = 0.0
    for entry in entries {
      let width = width(of: entry, canvas: canvas)
      if width > room || rows.isEmpty {
        rows.append([])
        room = plotWidth
      }
      rows[rows.count - 1].append(entry)
      room -= width
    }
    return rows
  }

  func draw(on canvas: Canvas, at corner: Point) {
    let box = Rectangle(x: corner.x + left, y: corner.y + top, width: Self.plotWidth, height: Self.plotHeight)
    canvas.text(panel.title, at: Point(x: box.x, y: corner.y + Self.titleFont.baseline), font: Self.titleFont)
    drawLegend(on: canvas, at: Point(x: box.x, y: corner.y + Self.titleFont.lineHeight + Self.gap / 2))
    drawAxes(on: canvas, box)
    if let ceiling = panel.ceiling, Axis.isDrawable(ceiling) {
      let y = vertical.place(ceiling, from: box.maxY, to: box.y)
      canvas.line([Point(x: box.x, y: y), Point(x: box.maxX, y: y)], style: Palette.limit)
    }
    for (index, line) in panel.lines.enumerated() {
      draw(line.values, style: Self.style(ofLine: index), on: canvas, box)
    }
  }

  private func drawLegend(on canvas: Canvas, at corner: Point) {
    for (row, entries) in legend.enumerated() {
      let baseline = corner.y + Self.font.baseline + Double(row) * Self.font.lineHeight
      var x = corner.x
      for entry in entries {
        let middle = baseline - Self.font.size * 0.35
        canvas.line([Point(x: x, y: middle), Point(x: x + Self.sample, y: middle)], style: entry.style)
        canvas.mark(entry.style.mark, at: Point(x: x + Self.sample / 2, y: middle), color: entry.style.color)
        canvas.text(entry.label, at: Point(x: x + Self.sample + Self.gap, y: baseline), font: Self.font)
        x += Self.width(of: entry, canvas: canvas)
      }
    }
  }

  private func drawAxes(on canvas: Canvas, _ box: Rectangle) {
    let grid = LineStyle(color: Palette.grid, width: 1)
    for tick in vertical.ticks {
      let y = vertical.place(tick, from: box.maxY, to: box.y)
      canvas.line([Point(x: box.x, y: y), Point(x: box.maxX, y: y)], style: grid)
      let place = Point(x: box.x - Self.gap, y: y + Self.font.size * 0.35)
      canvas.text(vertical.label(of: tick), at: place, font: Self.font, alignment: .right)
    }
    let below = box.maxY + Self.gap + Self.font.baseline
    for tick in horizontal.ticks {
      let x = horizontal.place(tick, from: box.x, to: box.maxX)
      canvas.line([Point(x: x, y: box.y), Point(x: x, y: box.maxY)], style: grid)
      canvas.text(horizontal.label(of: tick), at: Point(x: x, y: below), font: Self.font, alignment: .center)
    }
    canvas.rectangle(box, stroke: Palette.frame)
    let middle = Point(x: box.x + box.width / 2, y: below + Self.font.lineHeight + Self.gap / 2)
    canvas.text(unit, at: middle, font: Self.font, alignment: .center)
  }

  private func draw(_ values: [Double], style: LineStyle, on canvas: Canvas, _ box: Rectangle) {
    let points = zip(epochs, values).map { epoch, value -> Point? in
      guard Axis.isDrawable(epoch), Axis.isDrawable(value) else { return nil }
      return Point(
        x: horizontal.place(epoch, from: box.x, to: box.maxX), y: vertical.place(value, from: box.maxY, to: box.y))
    }
    for stretch in points.split(separator: nil) { canvas.line(stretch.compactMap { $0 }, style: style) }
    let every = max(1, (points.count + Self.mostMarks - 1) / Self.mostMarks)
    for index in stride(from: 0, to: points.count, by: every) {
      if let point = points[index] { canvas.mark(style.mark, at: point, color: style.color) }
    }
  }
}
