import Support

/// What several wholes are made of, a pie for each: correct and incorrect predictions on each set.
package struct PieCharts: Figure {
  /// One whole and its parts.
  package struct Pie: Sendable {
    package var title: String
    /// Clockwise from the top. Values in any unit: only their shares are shown.
    package var slices: [(label: String, value: Double)]

    package init(title: String, slices: [(label: String, value: Double)]) {
      self.title = title
      self.slices = slices
    }
  }

  package var pies: [Pie]
  package var caption: String

  package init(pies: [Pie], caption: String) {
    self.pies = pies
    self.caption = caption
  }

  private static let margin = 12.0
  private static let gap = 20.0
  private static let widestRow = 4
  private static let narrowest = 172.0

  package func layout(measuredOn canvas: Canvas) throws -> Layout {
    let colors = try colors()
    for pie in pies { try Self.check(pie) }
    // As few rows as can be, and these as even as can be.
    let rowCount = (pies.count + Self.widestRow - 1) / Self.widestRow
    let columns = (pies.count + rowCount - 1) / rowCount
    let width = columns == 1 ? Caption.narrowest - 2 * Self.margin : Self.narrowest
    let key = PiePlot.Key(pies, colors: colors, width: width, canvas: canvas)
    let plots = pies.map { PiePlot($0, key: key, width: width, canvas: canvas) }
    let rows = stride(from: 0, to: plots.count, by: columns).map { first in
      let row = plots[first..<min(first + columns, plots.count)]
      return (plots: row, titles: row.map(\.titleHeight).max() ?? 0, body: row.map(\.bodyHeight).max() ?? 0)
    }
    return Layout(
      width: Double(columns) * (width + Self.gap) - Self.gap + 2 * Self.margin,
      height: rows.reduce(2 * Self.margin - Self.gap) { $0 + $1.titles + $1.body + Self.gap }
    ) { canvas in
      var y = Self.margin
      for row in rows {
        for (column, plot) in row.plots.enumerated() {
          let x = Self.margin + Double(column) * (width + Self.gap)
          plot.draw(on: canvas, titleEnd: Point(x: x + width / 2, y: y + row.titles))
        }
        y += row.titles + row.body + Self.gap
      }
    }
  }

  /// One for each label, the same in all pies.
  private func colors() throws -> [String: Color] {
    guard !pies.isEmpty else {
      throw UsageError("there are no pies to draw", remedy: "Give at least one set with its shares.")
    }
    var colors: [String: Color] = [:]
    for slice in pies.flatMap(\.slices) where colors[slice.label] == nil {
      guard colors.count < Palette.slices.count else {
        throw UsageError(
          "the pies have more than \(Palette.slices.count) different slices", remedy: "Put the small ones together.")
      }
      colors[slice.label] = Palette.slices[colors.count]
    }
    return colors
  }

  private static func check(_ pie: Pie) throws {
    for slice in pie.slices where !(slice.value.isFinite && slice.value >= 0) {
      throw UsageError(
        "\(slice.label) of \(pie.title) is \(slice.value)", remedy: "Give finite numbers, none below 0.")
    }
    guard pie.slices.contains(where: { $0.value > 0 }) else {
      throw UsageError("\(pie.title) has nothing to share out", remedy: "Give a number above 0 for at least one slice.")
    }
    guard Set(pie.slices.map(\.label)).count == pie.slices.count else {
      throw UsageError("\(pie.title) has two slices of one name", remedy: "Give each slice its own label.")
    }
  }
}
