import ImageSets
import Pages

/// A picture of a page with what was found on it: a box around each digit, and what it was read as.
package struct PagePlot: Figure {
  package struct Mark {
    /// In the picture's pixels.
    package var box: Rectangle
    package var text: String
    /// Drawn in another colour, with a question mark.
    package var isDoubtful: Bool

    package init(box: Rectangle, text: String, isDoubtful: Bool) {
      (self.box, self.text, self.isDoubtful) = (box, text, isDoubtful)
    }

    package init(_ box: Box, text: String, isDoubtful: Bool) {
      self.init(
        box: Rectangle(
          x: Double(box.left), y: Double(box.top), width: Double(box.width), height: Double(box.height)),
        text: text, isDoubtful: isDoubtful)
    }
  }

  /// One image.
  package var page: ImageSet
  package var marks: [Mark]
  package var caption: String

  package init(page: ImageSet, marks: [Mark], caption: String) {
    (self.page, self.marks, self.caption) = (page, marks, caption)
  }

  /// Of the drawing, along its longer side.
  private static let longestSide = 1400.0

  package func layout(measuredOn canvas: Canvas) throws -> Layout {
    let (height, width) = (Double(page.shape.height), Double(page.shape.width))
    let scale = min(1, Self.longestSide / max(height, width))
    let size = (width: max(1, (width * scale).rounded()), height: max(1, (height * scale).rounded()))
    return Layout(width: size.width, height: size.height) { canvas in
      // As many pixels as a PNG has for them.
      let kept = ImageSize(
        height: min(page.shape.height, 2 * Int(size.height)), width: min(page.shape.width, 2 * Int(size.width)))
      canvas.image(
        try page.resized(to: kept), at: 0, in: Rectangle(x: 0, y: 0, width: size.width, height: size.height))
      for mark in marks { draw(mark, scale: scale, on: canvas) }
    }
  }

  private func draw(_ mark: Mark, scale: Double, on canvas: Canvas) {
    let color = mark.isDoubtful ? Palette.doubt : Palette.found
    let box = Rectangle(
      x: mark.box.x * scale, y: mark.box.y * scale, width: mark.box.width * scale, height: mark.box.height * scale
    ).grown(by: 1.5)
    canvas.rectangle(box, stroke: color)
    let font = Font(size: min(28, max(7, box.height * 0.45)), isBold: true)
    let text = mark.text + (mark.isDoubtful ? "?" : "")
    canvas.text(text, at: Point(x: box.x, y: max(font.baseline, box.y - 1.5)), font: font, color: color)
  }
}
