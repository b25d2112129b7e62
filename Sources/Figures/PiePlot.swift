import Foundation

/// One pie of `PieCharts`: title, disk, and the key that says each slice's share, however thin it is.
struct PiePlot {
  /// What the keys of all pies have in common, so that they look alike.
  struct Key {
    let colors: [String: Color]
    let labelWidth: Double
    let shareWidth: Double

    init(_ pies: [PieCharts.Pie], colors: [String: Color], width: Double, canvas: Canvas) {
      self.colors = colors
      shareWidth = pies.flatMap(PiePlot.shares).map { canvas.width(of: percent($0), font: PiePlot.font) }.max() ?? 0
      let room = width - PiePlot.swatch - PiePlot.gap - PiePlot.shareGap - shareWidth
      labelWidth =
        colors.keys.flatMap { canvas.lines(of: $0, font: PiePlot.font, width: room) }
        .map { canvas.width(of: $0, font: PiePlot.font) }.max() ?? 0
    }

    var width: Double { PiePlot.swatch + PiePlot.gap + labelWidth + PiePlot.shareGap + shareWidth }
  }

  private struct Slice {
    var share: Double
    var color: Color
    var lines: [String]
  }

  private static let radius = 66.0
  private static let swatch = 10.0
  private static let gap = 7.0
  private static let shareGap = 12.0
  private static let font = Font(size: 12)
  private static let titleFont = Font(size: 13, isBold: true)
  /// Slices with a shorter arc than that touch their neighbours: a line between them would hide most of them.
  private static let thin = 6.0

  private let key: Key
  private let title: [String]
  private let slices: [Slice]

  init(_ pie: PieCharts.Pie, key: Key, width: Double, canvas: Canvas) {
    self.key = key
    title = canvas.evenLines(of: pie.title, font: Self.titleFont, width: width)
    slices = zip(pie.slices, Self.shares(of: pie)).map { slice, share in
      // Rounding must not break again what has been measured as one line.
      let lines = canvas.lines(of: slice.label, font: Self.font, width: key.labelWidth + 0.01)
      return Slice(share: share, color: key.colors[slice.label] ?? Palette.ink, lines: lines)
    }
  }

  /// Each slice's part of the whole. No sum is too large: the largest value counts as 1.
  private static func shares(of pie: PieCharts.Pie) -> [Double] {
    let largest = pie.slices.map(\.value).max() ?? 1
    let parts = pie.slices.map { $0.value / largest }
    let whole = parts.reduce(0, +)
    return parts.map { $0 / whole }
  }

  var titleHeight: Double { Double(title.count) * Self.titleFont.lineHeight }
  var bodyHeight: Double { 2 * Self.radius + 3 * Self.gap + slices.reduce(0) { $0 + Self.height(of: $1) } }

  private static func height(of slice: Slice) -> Double { Double(max(1, slice.lines.count)) * font.lineHeight }

  /// The title ends at that height, the disk begins below; both are centred there.
  func draw(on canvas: Canvas, titleEnd: Point) {
    for (index, line) in title.enumerated() {
      let top = titleEnd.y - titleHeight + Double(index) * Self.titleFont.lineHeight
      let baseline = Point(x: titleEnd.x, y: top + Self.titleFont.baseline)
      canvas.text(line, at: baseline, font: Self.titleFont, alignment: .center)
    }
    let center = Point(x: titleEnd.x, y: titleEnd.y + Self.gap + Self.radius)
    drawDisk(on: canvas, center: center)
    let top = center.y + Self.radius + 2 * Self.gap
    drawKey(on: canvas, at: Point(x: titleEnd.x - key.width / 2, y: top))
  }

  private func drawDisk(on canvas: Canvas, center: Point) {
    let slices = slices.filter { $0.share > 0 }
    var start = 0.0
    for slice in slices {
      canvas.sector(from: start, to: start + slice.share, center: center, radius: Self.radius, fill: slice.color)
      start += slice.share
    }
    var (edge, last) = (0.0, slices.last)
    for slice in slices where slices.count > 1 {
      let narrower = min(slice.share, last?.share ?? 0)
      if narrower * 2 * Double.pi * Self.radius > Self.thin {
        let rim = Point(
          x: center.x + (Self.radius + 1) * sin(edge * 2 * Double.pi),
          y: center.y - (Self.radius + 1) * cos(edge * 2 * Double.pi))
        canvas.line([center, rim], style: LineStyle(color: Palette.paper, width: 1))
      }
      edge += slice.share
      last = slice
    }
  }

  private func drawKey(on canvas: Canvas, at corner: Point) {
    var y = corner.y
    for slice in slices {
      let baseline = y + Self.font.baseline
      canvas.rectangle(
        Rectangle(x: corner.x, y: baseline - Self.swatch + 0.5, width: Self.swatch, height: Self.swatch),
        fill: slice.color)
      for (index, line) in slice.lines.enumerated() {
        let x = corner.x + Self.swatch + Self.gap
        canvas.text(line, at: Point(x: x, y: baseline + Double(index) * Self.font.lineHeight), font: Self.font)
      }
      let end = Point(x: corner.x + key.width, y: baseline)
      canvas.text(percent(slice.share), at: end, font: Self.font, alignment: .right)
      y += Self.height(of: slice)
    }
  }
}
