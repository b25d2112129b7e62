import Foundation
import Support

/// How a cost grows with a size: panels side by side, both axes logarithmic, what was measured beside the least that it
/// could be.
package struct CostPlot: Figure {
  package struct Panel: Sendable {
    /// What grows: "images in a batch".
    package var title: String
    package var sizes: [Double]
    /// Above 0, one a size.
    package var measured: [Double]
    /// Likewise; a dashed line.
    package var limit: [Double]

    package init(title: String, sizes: [Double], measured: [Double], limit: [Double]) {
      self.title = title
      self.sizes = sizes
      self.measured = measured
      self.limit = limit
    }
  }

  package var panels: [Panel]
  /// What the costs are: "ms a step".
  package var unit: String
  package var caption: String

  package init(panels: [Panel], unit: String, caption: String) {
    self.panels = panels
    self.unit = unit
    self.caption = caption
  }

  private static let (margin, width, height) = (14.0, 300.0, 210.0)
  private static let font = Font(size: 11)

  /// Throws a `UsageError` where a panel has no points, or numbers that have no logarithm.
  package func layout(measuredOn canvas: Canvas) throws(UsageError) -> Layout {
    guard !panels.isEmpty, panels.allSatisfy({ $0.isDrawable }) else {
      throw UsageError(
        "a panel without points, or with numbers that are not above 0",
        remedy: "Give each panel as many sizes as costs, all above 0.")
    }
    let rows = (panels.count + 1) / 2
    return Layout(
      width: 2 * (Self.width + Self.margin) + Self.margin,
      height: Double(rows) * (Self.height + Self.margin) + Self.margin
    ) { canvas in
      for (number, panel) in panels.enumerated() {
        let corner = Point(
          x: Self.margin + Double(number % 2) * (Self.width + Self.margin),
          y: Self.margin + Double(number / 2) * (Self.height + Self.margin))
        draw(panel, at: corner, on: canvas)
      }
    }
  }

  private func draw(_ panel: Panel, at corner: Point, on canvas: Canvas) {
    let box = Rectangle(
      x: corner.x + 44, y: corner.y + 22, width: Self.width - 52, height: Self.height - 22 - 2 * Self.font.lineHeight)
    let costs = panel.measured + panel.limit
    let (across, up) = (Decades(covering: panel.sizes), Decades(covering: costs))
    canvas.text(
      "\(unit), by \(panel.title)", at: Point(x: corner.x, y: corner.y + Self.font.baseline),
      font: Font(size: 12, isBold: true))
    for power in up.powers {
      let y = box.maxY - up.place(of: power) * box.height
      canvas.line([Point(x: box.x, y: y), Point(x: box.maxX, y: y)], style: LineStyle(color: Palette.grid, width: 1))
      canvas.text(
        Self.label(power), at: Point(x: box.x - 6, y: y + 4), font: Self.font, color: Palette.faintInk,
        alignment: .right)
    }
    canvas.rectangle(box, stroke: Palette.frame)
    func points(_ values: [Double]) -> [Point] {
      zip(panel.sizes, values).map { size, value in
        Point(x: box.x + across.place(of: size) * box.width, y: box.maxY - up.place(of: value) * box.height)
      }
    }
    // Every other size is written where they stand close.
    for (number, (size, point)) in zip(panel.sizes, points(panel.measured)).enumerated()
    where panel.sizes.count <= 6 || number % 2 == 0 {
      canvas.text(
        Self.label(size), at: Point(x: point.x, y: box.maxY + Self.font.lineHeight), font: Self.font,
        color: Palette.faintInk, alignment: .center)
    }
    canvas.line(points(panel.limit), style: LineStyle(color: Palette.lines[1].color, dashes: [6, 3]))
    canvas.line(points(panel.measured), style: LineStyle(color: Palette.lines[0].color))
    for point in points(panel.measured) { canvas.mark(.disk, at: point, color: Palette.lines[0].color) }
  }

  private static func label(_ value: Double) -> String {
    switch value {
    case 1e6...: "\(String(format: "%g", value / 1e6))M"
    case 1e4...: "\(String(format: "%g", value / 1e3))k"
    default: String(format: "%g", value)
    }
  }

  /// A logarithmic stretch with the powers of ten in it; at least a decade.
  private struct Decades {
    var low: Double
    var high: Double

    init(covering values: [Double]) {
      low = log10(values.min() ?? 1)
      high = log10(values.max() ?? 10)
      let room = max(0.05 * (high - low), (1 - (high - low)) / 2)
      (low, high) = (low - room, high + room)
    }

    func place(of value: Double) -> Double { (log10(value) - low) / (high - low) }
    var powers: [Double] { stride(from: low.rounded(.up), through: high, by: 1).map { pow(10, $0) } }
  }
}

extension CostPlot.Panel {
  fileprivate var isDrawable: Bool {
    let numbers = sizes + measured + limit
    return !sizes.isEmpty && measured.count == sizes.count && limit.count == sizes.count
      && numbers.allSatisfy { $0 > 0 && Axis.isDrawable($0) }
  }
}
