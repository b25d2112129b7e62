import ArgumentParser
import Figures
import Support

/// `tiddu figure curves …`
struct FigureCurvesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curves", abstract: "Draw a training's loss and metric over its epochs.",
    discussion: """
      EXAMPLE: tiddu figure curves runs/final --ceiling 0.8953 --into curves.svg
      """)

  @Argument(help: "A training's history.csv, or the run folder that holds it.")
  var history: String

  @Option(help: ArgumentHelp("Where the drawing goes; ends in .png, .svg or .pdf.", valueName: "file"))
  var into: String

  @Option(
    help: "The column beside the loss (default: the accuracy's); validation values stand in the one named val_….")
  var metric: String?

  @Option(help: "What the metric cannot exceed, drawn as a line.")
  var ceiling: Double?

  @Option(help: "RichText below the drawing; without it, where the numbers are from.")
  var caption: String?

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    _ = try FigureFormat(named: into)
    if let ceiling, !ceiling.isFinite { throw ValidationError("--ceiling \(ceiling): expected a number.") }
  }

  func run() throws {
    let path = Folder.kind(of: history) == .folder ? "\(history)/history.csv" : history
    try LearningCurves(history: path, metric: metric, ceiling: ceiling, caption: caption).render(to: into)
  }
}
