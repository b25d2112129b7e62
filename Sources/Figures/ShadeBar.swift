import Foundation

/// The shades of a `ConfusionMatrixPlot`, and the bar that explains them.
enum ShadeBar {
  static let width = 230.0
  static var height: Double { 2 * font.lineHeight + thickness + 2 * gap }

  private static let barWidth = 210.0
  private static let thickness = 10.0
  private static let gap = 4.0
  private static let font = Font(size: 11)
  private static let marked = [0, 1, 5, 10, 25, 50, 100]

  /// A share's shade. The square root lets one error in a hundred be seen beside none.
  static func color(of share: Double) -> Color { Color(at: sqrt(share), through: Palette.shades) }

  static func draw(on canvas: Canvas, at corner: Point) {
    canvas.text(
      "share of the true class (square-root scale)", at: Point(x: corner.x, y: corner.y + font.baseline), font: font)
    let bar = Rectangle(x: corner.x, y: corner.y + font.lineHeight + gap, width: barWidth, height: thickness)
    canvas.gradient(bar, colors: Palette.shades)
    canvas.rectangle(bar, stroke: Palette.frame)
    for percent in marked {
      let x = bar.x + bar.width * sqrt(Double(percent) / 100)
      canvas.line(
        [Point(x: x, y: bar.maxY), Point(x: x, y: bar.maxY + gap)], style: LineStyle(color: Palette.faintInk, width: 1))
      let isLast = percent == marked.last
      let baseline = Point(x: x, y: bar.maxY + gap + font.baseline)
      // The numbers are centred below their marks, with the unit beyond the last.
      let shift = canvas.width(of: "\(percent)", font: font) / 2
      canvas.text(isLast ? "\(percent) %" : "\(percent)", at: Point(x: x - shift, y: baseline.y), font: font)
    }
  }
}
