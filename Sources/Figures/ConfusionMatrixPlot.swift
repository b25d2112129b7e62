import Support

/// How often each true class was taken for which, with recall, precision and accuracy.
package struct ConfusionMatrixPlot: Figure {
  /// Rows are true classes, columns predicted ones.
  package var counts: [[Int]]
  /// One for each class; ten that are 0 to 9 are written in Kannada digits too.
  package var labels: [String]
  package var caption: String

  package init(counts: [[Int]], labels: [String], caption: String) {
    self.counts = counts
    self.labels = labels
    self.caption = caption
  }

  private static let margin = 12.0
  private static let gap = 16.0
  private static let font = Font(size: 13, isBold: true)

  package func layout(measuredOn canvas: Canvas) throws -> Layout {
    try check()
    let digits = Array(0...9)
    let headings = labels == digits.map { "\($0)" } ? ImageRows.headings(for: digits) : labels
    let grid = MatrixGrid(counts, headings: headings, canvas: canvas)
    let total = counts.joined().reduce(0, +)
    let right = counts.indices.reduce(0) { $0 + counts[$1][$1] }
    let accuracy = "accuracy \(percent(Double(right) / Double(total))), n = \(grouped(total))"
    let below = max(ShadeBar.width, canvas.width(of: accuracy, font: Self.font)).rounded(.up)
    return Layout(
      width: max(grid.width, grid.left + below) + 2 * Self.margin,
      height: grid.height + Self.gap + Self.font.lineHeight + Self.gap / 2 + ShadeBar.height + 2 * Self.margin
    ) { canvas in
      grid.draw(on: canvas, at: Point(x: Self.margin, y: Self.margin))
      let corner = Point(x: Self.margin + grid.left, y: Self.margin + grid.height + Self.gap)
      canvas.text(accuracy, at: Point(x: corner.x, y: corner.y + Self.font.baseline), font: Self.font)
      let bar = Point(x: corner.x, y: corner.y + Self.font.lineHeight + Self.gap / 2)
      ShadeBar.draw(on: canvas, at: bar)
    }
  }

  private func check() throws {
    guard !counts.isEmpty else {
      throw UsageError("the confusion matrix has no classes", remedy: "Give a row and a column for each class.")
    }
    for (index, row) in counts.enumerated() where row.count != counts.count {
      throw UsageError(
        "row \(index) of the confusion matrix has \(row.count) columns instead of \(counts.count)",
        remedy: "Give a row and a column for each class.")
    }
    guard labels.count == counts.count else {
      throw UsageError(
        "\(labels.count) labels for \(counts.count) classes", remedy: "Give one label for each class.")
    }
    var total = 0
    for (index, count) in counts.joined().enumerated() {
      let (sum, overflow) = total.addingReportingOverflow(count)
      guard count >= 0, !overflow else {
        let place = "row \(index / counts.count), column \(index % counts.count)"
        throw UsageError(
          "the confusion matrix has \(count) in \(place)", remedy: "Give counts of images, none below 0.")
      }
      total = sum
    }
    guard total > 0 else {
      throw UsageError("the confusion matrix counts no images", remedy: "Predict at least one image.")
    }
  }
}
