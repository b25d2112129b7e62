import ArgumentParser
import Figures
import Groundwork
import Restoration

/// `tiddu figure restored …`: the report's figures 6 and 7.
struct FigureRestoredCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restored", abstract: "Draw clean pictures, the same distorted, and as a model restores them.",
    discussion: """
      EXAMPLE: tiddu figure restored runs/final --data kannada-mnist --recipe report-multiple --into figure7.svg
      """)

  @Argument(help: ArgumentHelp("A checkpoint or a run's folder.", valueName: "model"))
  var model: String

  @OptionGroup var measuring: MeasuringOptions

  @Option(help: "How many pictures.")
  var count = 10

  @Option(help: ArgumentHelp("Where the drawing goes; ends in .png or .svg.", valueName: "file"))
  var into: String

  func validate() throws {
    _ = try FigureFormat(named: into)
    if !(1...100).contains(count) { throw ValidationError("--count \(count): choose from 1 to 100 pictures.") }
  }

  func run() throws {
    let restorer = try Restorer(contentsOf: model)
    let pairs = try measuring.pairs(first: count)
    let clean = pairs.clean
    let rows = [
      PictureRows.Row(caption: "original", images: clean), .init(caption: "distorted", images: pairs.distorted),
      .init(caption: "reconstructed", images: try restorer.restore(pairs.distorted)),
    ]
    try PictureRows(
      rows: rows, columns: clean.labels.map(PictureRows.headings) ?? [],
      caption:
        "The first \(clean.count) pictures of \(clean.name), distorted by \(pairs.recipe.name) (seed \(measuring.seed)) and "
        + "reconstructed by \(restorer.checkpoint.architecture.name)."
    ).render(to: into)
  }
}
