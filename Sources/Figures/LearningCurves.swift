import Support

/// Loss and metrics over the epochs of a training, one panel beside the other.
public struct LearningCurves: Figure {
  /// One curve.
  public struct Line: Sendable {
    package var label: String
    /// One an epoch; where it is not finite the line has a gap.
    package var values: [Double]

    /// One value an epoch; the line has a gap where it is not finite.
    public init(label: String, values: [Double]) {
      self.label = label
      self.values = values
    }
  }

  /// One plot with its curves.
  public struct Panel: Sendable {
    package var title: String
    package var lines: [Line]
    /// What the values cannot exceed, such as the share of pixels that are exactly 0 or 255 for `binary_accuracy`.
    package var ceiling: Double?

    /// Curves that share an axis, perhaps below a value that none can exceed.
    public init(title: String, lines: [Line], ceiling: Double? = nil) {
      self.title = title
      self.lines = lines
      self.ceiling = ceiling
    }
  }

  /// Places on the horizontal axis, one for each value of a line.
  package var epochs: [Double]
  package var panels: [Panel]
  package var caption: String
  /// What the horizontal axis counts.
  package var unit = "epoch"

  /// Panels side by side over the same epochs.
  public init(epochs: [Double], panels: [Panel], caption: String) {
    self.epochs = epochs
    self.panels = panels
    self.caption = caption
  }

  /// Draws into a PNG, SVG or PDF file, by the ending of its name.
  ///
  /// - Throws: `UsageError` for another ending or where there is nothing to draw, `SystemError` for the file.
  public func write(to path: String) throws { try render(to: path) }

  private static let margin = 12.0

  package func layout(measuredOn canvas: Canvas) throws -> Layout {
    guard !panels.isEmpty, !epochs.isEmpty else {
      throw UsageError("there is nothing to draw curves of", remedy: "Give at least one epoch and one line.")
    }
    for line in panels.flatMap(\.lines) where line.values.count != epochs.count {
      throw UsageError(
        "\(line.values.count) values of \(line.label) for \(epochs.count) epochs", remedy: "Give one value an epoch.")
    }
    let plots = panels.map { CurvePlot($0, epochs: epochs, unit: unit, canvas: canvas) }
    return Layout(
      width: plots.reduce(Self.margin) { $0 + $1.width + Self.margin },
      height: (plots.map(\.height).max() ?? 0) + 2 * Self.margin
    ) { canvas in
      var x = Self.margin
      for plot in plots {
        plot.draw(on: canvas, at: Point(x: x, y: Self.margin))
        x += plot.width + Self.margin
      }
    }
  }
}
