import Support

extension LearningCurves {
  /// The curves in a training's `history.csv`: the loss, and beside it a metric, each with its validation values where
  /// there are any.
  ///
  /// - Parameters:
  ///   - metric: its column's name; nil takes the first of `binary_accuracy` and `accuracy` that is there.
  ///   - ceiling: what the metric cannot exceed.
  ///   - caption: nil says where the numbers are from.
  /// - Throws: `SystemError`, `UsageError` for a metric that is none of its columns, and `DataError` for a file without
  ///   epochs or with other columns.
  package init(history path: String, metric: String? = nil, ceiling: Double? = nil, caption: String? = nil) throws {
    let table = try NumberTable.read(path)
    guard table.rowCount > 0 else {
      throw DataError(
        file: path, expected: "at least one epoch", found: "a header alone",
        remedy: "Wait for the first epoch's end, or choose another file.")
    }
    if let metric, metric == "loss" || !table.columns.contains(metric) {
      let others = table.columns.filter { !["epoch", "loss"].contains($0) && !$0.hasPrefix("val_") }
      throw UsageError(
        "--metric \(metric): \(path) has no such column to draw beside the loss",
        remedy: "Choose one of \(others.joined(separator: ", ")), or leave it out.")
    }
    let metric = metric ?? ["binary_accuracy", "accuracy"].first(where: table.columns.contains)
    var panels = [Panel(title: "loss", lines: try Self.lines(of: "loss", in: table))]
    if let metric, table.columns.contains(metric) {
      let title = metric.split(separator: "_").joined(separator: " ")
      panels.append(Panel(title: title, lines: try Self.lines(of: metric, in: table), ceiling: ceiling))
    }
    self.init(
      epochs: try table.values(of: "epoch").map { $0 ?? .nan }, panels: panels, caption: caption ?? "From \(path).")
  }

  /// Training and, where there are any, validation values.
  private static func lines(of column: String, in table: NumberTable) throws -> [Line] {
    func line(_ label: String, _ column: String) throws -> Line {
      Line(label: label, values: try table.values(of: column).map { $0 ?? .nan })
    }
    let training = try line("training", column)
    guard table.columns.contains("val_\(column)") else { return [training] }
    let validation = try line("validation", "val_\(column)")
    return validation.values.allSatisfy(\.isNaN) ? [training] : [training, validation]
  }
}
