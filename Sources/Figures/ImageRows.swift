import ImageSets
import Support

/// Rows of images, each with its caption at the left: clean over distorted over restored.
package struct ImageRows: Figure {
  /// Images side by side.
  package struct Row {
    package var caption: String
    package var images: ImageSet
    /// One below each image, such as what a classifier reads; or none.
    package var notes: [String]

    package init(caption: String, images: ImageSet, notes: [String] = []) {
      precondition(notes.isEmpty || notes.count == images.count, "a note for each image, or none")
      (self.caption, self.images, self.notes) = (caption, images, notes)
    }
  }

  package var rows: [Row]
  /// One heading for each column, or none
  package var columns: [String]
  package var caption: String

  package init(rows: [Row], columns: [String] = [], caption: String) {
    self.rows = rows
    self.columns = columns
    self.caption = caption
  }

  /// Headings that say a label in Kannada digits and in European ones: "೩ 3".
  package static func headings(for labels: [Int]) -> [String] {
    labels.map { "\(inKannadaDigits(String($0))) \($0)" }
  }

  /// The labels of a set by their names, numbers in both digits; none without labels.
  package static func headings(for set: ImageSet) -> [String] {
    (set.labels ?? []).map { label in
      let name = set.labelName(label)
      return Int(name).map { $0 >= 0 ? headings(for: [$0])[0] : name } ?? name
    }
  }

  private static let margin = 12.0
  private static let gap = 6.0
  private static let font = Font(size: 12)
  private static let headingFont = Font(size: 13)
  private static let widestCaption = 150.0

  package func layout(measuredOn canvas: Canvas) throws -> Layout {
    let count = rows.map(\.images.count).max() ?? 0
    guard count > 0 else {
      throw UsageError("there are no images for the figure", remedy: "Give at least one row with an image.")
    }
    guard columns.isEmpty || columns.count == count else {
      throw UsageError(
        "\(columns.count) headings for \(count) columns", remedy: "Give one heading for each column, or none.")
    }
    let bands = rows.map { Band($0, canvas: canvas) }
    let captions = bands.map(\.captionWidth).max() ?? 0
    let left = Self.margin + (captions > 0 ? captions + Self.margin : 0)
    let headings = columns.map { canvas.width(of: $0, font: Self.headingFont).rounded(.up) }
    let step = (bands.map(\.imageWidth) + headings).reduce(0, max) + Self.gap
    let top = Self.margin + (columns.isEmpty ? 0 : Self.headingFont.lineHeight + Self.gap)
    return Layout(
      width: left + Double(count) * step - Self.gap + Self.margin,
      height: bands.reduce(top - Self.gap) { $0 + $1.height + Self.gap } + Self.margin
    ) { canvas in
      let centers = (0..<count).map { left + Double($0) * step + (step - Self.gap) / 2 }
      for (heading, x) in zip(columns, centers) {
        let baseline = Point(x: x, y: Self.margin + Self.headingFont.baseline)
        canvas.text(heading, at: baseline, font: Self.headingFont, alignment: .center)
      }
      var y = top
      for band in bands {
        try band.draw(on: canvas, captionEnd: left - Self.margin, centers: centers, top: y)
        y += band.height + Self.gap
      }
    }
  }

  /// One row with its measures.
  private struct Band {
    /// Small images grow by a whole number of times up to this height and width, and large ones shrink to twice that.
    private static let comfortable = 84

    private let images: ImageSet
    private let notes: [String]
    private let lines: [String]
    let captionWidth: Double
    let imageWidth: Double
    private let imageHeight: Double

    init(_ row: Row, canvas: Canvas) {
      (images, notes) = (row.images, row.notes)
      lines = canvas.lines(of: row.caption, font: font, width: widestCaption)
      captionWidth = lines.map { canvas.width(of: $0, font: font).rounded(.up) }.max() ?? 0
      let side = max(images.shape.height, images.shape.width)
      let shrinks = side > 2 * Self.comfortable
      let factor = shrinks ? Double(2 * Self.comfortable) / Double(side) : Double(max(1, Self.comfortable / side))
      imageWidth = max(1, (Double(images.shape.width) * factor).rounded())
      imageHeight = max(1, (Double(images.shape.height) * factor).rounded())
    }

    private var imagesHeight: Double { max(imageHeight, Double(lines.count) * font.lineHeight) }
    var height: Double { imagesHeight + (notes.isEmpty ? 0 : font.lineHeight) }

    func draw(on canvas: Canvas, captionEnd: Double, centers: [Double], top: Double) throws {
      let captionTop = top + (imagesHeight - Double(lines.count) * font.lineHeight) / 2
      for (index, line) in lines.enumerated() {
        let baseline = Point(x: captionEnd, y: captionTop + font.baseline + Double(index) * font.lineHeight)
        canvas.text(line, at: baseline, font: font, alignment: .right)
      }
      // As many pixels as a PNG has for them.
      let kept = ImageSize(
        height: min(images.shape.height, 2 * Int(imageHeight)), width: min(images.shape.width, 2 * Int(imageWidth)))
      let images = try images.resized(to: kept)
      for (index, x) in centers.prefix(images.count).enumerated() {
        let box = Rectangle(
          x: (x - imageWidth / 2).rounded(), y: (top + (imagesHeight - imageHeight) / 2).rounded(),
          width: imageWidth, height: imageHeight)
        canvas.image(images, at: index, in: box)
        canvas.rectangle(box.grown(by: 0.5), stroke: Palette.frame)
        if !notes.isEmpty {
          canvas.text(
            notes[index], at: Point(x: x, y: top + imagesHeight + font.baseline), font: font, alignment: .center)
        }
      }
    }
  }
}
