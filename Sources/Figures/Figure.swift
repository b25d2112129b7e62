import Support

/// What can be drawn once and written as PNG, SVG or PDF.
package protocol Figure {
  /// What it shows, of which set: stands below the drawing, and is the title of an SVG.
  var caption: String { get }
  /// Finds places for everything. Text is measured on `canvas`, so that nothing is cut off.
  func layout(measuredOn canvas: Canvas) throws -> Layout
}

/// A size and a drawing that fills it. Units are pixels of a common screen, from the upper left corner.
package struct Layout {
  package var width: Double
  package var height: Double
  package var draw: (Canvas) throws -> Void

  package init(width: Double, height: Double, draw: @escaping (Canvas) throws -> Void) {
    self.width = width
    self.height = height
    self.draw = draw
  }
}

/// The formats that figures are written in.
package enum FigureFormat: Sendable, CaseIterable {
  /// Two pixels of the image to a unit
  case png
  case svg
  /// Units are points (1/72 inch) there.
  case pdf

  /// Told by the ending of a file's name; throws `UsageError` for others.
  package init(named path: String) throws {
    let name = path.lowercased()
    if name.hasSuffix(".png") {
      self = .png
    } else if name.hasSuffix(".svg") {
      self = .svg
    } else if name.hasSuffix(".pdf") {
      self = .pdf
    } else {
      throw UsageError("\(path): no format for this ending", remedy: "Choose a name that ends in .png, .svg or .pdf.")
    }
  }
}

extension Figure {
  /// Draws into a file, by the ending of its name.
  ///
  /// - Throws: `UsageError` for another ending or where there is nothing, or too much, to draw; `SystemError` where the
  ///   file cannot be written.
  package func render(to path: String) throws {
    try WholeFile.write(rendered(as: FigureFormat(named: path)), to: path)
  }

  /// The bytes of a PNG, SVG or PDF file.
  package func rendered(as format: FigureFormat) throws -> [UInt8] {
    let measure = try Canvas(width: 1, height: 1, format: .png)
    let body = try layout(measuredOn: measure)
    let below = Caption(caption, measuredOn: measure, width: max(body.width, Caption.narrowest))
    let canvas = try Canvas(width: below.width, height: body.height + below.height, format: format)
    try body.draw(canvas)
    below.draw(on: canvas, top: body.height)
    return try canvas.finish(title: caption)
  }
}

/// The words below a figure, broken into lines of its width.
struct Caption {
  static let narrowest = 260.0
  private static let margin = 12.0
  private static let font = Font(size: 12)

  let width: Double
  private let lines: [String]

  init(_ text: String, measuredOn canvas: Canvas, width: Double) {
    self.width = width
    lines = canvas.lines(of: text, font: Self.font, width: width - 2 * Self.margin)
  }

  var height: Double { lines.isEmpty ? 0 : Double(lines.count) * Self.font.lineHeight + Self.margin }

  func draw(on canvas: Canvas, top: Double) {
    for (index, line) in lines.enumerated() {
      let baseline = top + Self.font.baseline + Double(index) * Self.font.lineHeight
      canvas.text(line, at: Point(x: Self.margin, y: baseline), font: Self.font)
    }
  }
}
