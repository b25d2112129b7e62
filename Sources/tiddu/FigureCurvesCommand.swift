import ArgumentParser
import Figures
import Groundwork

/// `tiddu figure curves …`
struct FigureCurvesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curves", abstract: "Draw a training's loss and metric over its epochs.",
    discussion: """
      EXAMPLE: tiddu figure curves runs/final --ceiling 0.8953 --into curves.svg
      """)

  @Argument(help: "A training's history.csv, or the run folder that holds it.")
  var history: String

  @Option(help: ArgumentHelp("Where the drawing goes; ends in .png or .svg.", valueName: "file"))
  var into: String

  @Option(help: "The column beside the loss; validation values stand in the column named after it, with val_.")
  var metric = "binary_accuracy"

  @Option(help: "What the metric cannot exceed, drawn as a line.")
  var ceiling: Double?

  @Option(help: "Words below the drawing; without it, where the numbers are from.")
  var caption: String?

  func validate() throws {
    _ = try FigureFormat(named: into)
  }

  func run() throws {
    let path = Folder.kind(of: history) == .folder ? "\(history)/history.csv" : history
    let table = try NumberTable.read(path)
    guard table.rowCount > 0 else {
      throw DataError(
        file: path, expected: "at least one epoch", found: "a header alone",
        remedy: "Wait for the first epoch's end, or choose another file.")
    }
    let epochs = try table.values(of: "epoch").map { $0 ?? .nan }
    var panels = [LearningCurves.Panel(title: "loss", lines: try lines(of: "loss", in: table))]
    if table.columns.contains(metric) {
      let title = metric.split(separator: "_").joined(separator: " ")
      panels.append(.init(title: title, lines: try lines(of: metric, in: table), ceiling: ceiling))
    }
    try LearningCurves(epochs: epochs, panels: panels, caption: caption ?? "From \(path).").render(to: into)
  }

  /// Training and, where there are any, validation values.
  private func lines(of column: String, in table: NumberTable) throws -> [LearningCurves.Line] {
    func line(_ label: String, _ column: String) throws -> LearningCurves.Line {
      .init(label: label, values: try table.values(of: column).map { $0 ?? .nan })
    }
    let training = try line("training", column)
    guard table.columns.contains("val_\(column)") else { return [training] }
    let validation = try line("validation", "val_\(column)")
    return validation.values.allSatisfy(\.isNaN) ? [training] : [training, validation]
  }
}
