import ArgumentParser
import Distortions
import Figures
import Groundwork
import ImageSets
import Restoration

/// `tiddu figure restored …`: the report's figures 6 and 7.
struct FigureRestoredCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restored", abstract: "Draw clean pictures, the same distorted, and as a model restores them.",
    discussion: """
      Example:
        tiddu figure restored runs/final --data kannada-mnist --recipe report-multiple --into figure7.svg
      """)

  @Argument(help: ArgumentHelp("A checkpoint or a run's folder.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("A dataset's folder, a file of pictures, or synthetic.", valueName: "path"))
  var data = Dataset.syntheticName

  @Option(help: "The dataset's part (default: test, or the only one there is).")
  var part: Dataset.Part?

  @Option(help: "How pictures are distorted: a built-in recipe's name or a YAML file.")
  var recipe = "report-multiple"

  @Option(help: "Decides the distortions.")
  var seed: UInt64 = 1

  @Option(help: "How many pictures.")
  var count = 10

  @Option(help: ArgumentHelp("Where the drawing goes; ends in .png or .svg.", valueName: "file"))
  var into: String

  func validate() throws {
    _ = try FigureFormat(named: into)
    if !(1...100).contains(count) { throw ValidationError("--count \(count): choose from 1 to 100 pictures.") }
  }

  func run() throws {
    let recipe = try Recipe.named(recipe)
    let restorer = try Restorer(contentsOf: model)
    let clean = try DataOrigin(heldOut: part, of: data, first: count).load()
    let distorted = try recipe.compiled(for: clean.shape).apply(to: clean, seed: seed)
    let rows = [
      PictureRows.Row(caption: "original", images: clean), .init(caption: "distorted", images: distorted),
      .init(caption: "reconstructed", images: try restorer.restore(distorted)),
    ]
    try PictureRows(
      rows: rows, columns: clean.labels.map(PictureRows.headings) ?? [],
      caption: "The first \(clean.count) pictures of \(clean.name), distorted by \(recipe.name) (seed \(seed)) and "
        + "reconstructed by \(restorer.checkpoint.architecture.name)."
    ).render(to: into)
  }
}
