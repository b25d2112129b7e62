import ArgumentParser
import Distortions
import Figures
import Report
import Restoration
import Support

/// `tiddu figure restored …`: the report's figures 6 and 7.
struct FigureRestoredCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restored", abstract: "Draw clean images, the same distorted, and as a model restores them.",
    discussion: """
      EXAMPLE: tiddu figure restored runs/final --data kannada-mnist --recipe report-multiple --into figure7.svg
      """)

  @Argument(help: ArgumentHelp("A checkpoint or a run's folder.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("Another model, whose images are shown too; may be repeated.", valueName: "model"))
  var beside: [String] = []

  @OptionGroup var measuring: MeasuringOptions

  @Option(help: "How many images.")
  var count = 10

  @Option(help: ArgumentHelp("Where the drawing goes; ends in .png, .svg or .pdf.", valueName: "file"))
  var into: String

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    _ = try FigureFormat(named: into)
    if !(1...100).contains(count) { throw ValidationError("--count \(count): choose from 1 to 100 images.") }
  }

  func run() throws {
    try OutputTarget.check(into)
    let restorer = try Restorer(contentsOf: model)
    let recipe = try Recipe.named(measuring.recipe)
    let clean = try measuring.origin(subset: nil).load().prefix(count)
    let others = try beside.map { try Restorer(contentsOf: $0) }
    try ReportDrawings(restorer, clean: clean, count: count, seed: measuring.seed)
      .restored(from: recipe, beside: others).render(to: into)
  }
}
