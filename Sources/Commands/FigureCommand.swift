import ArgumentParser

/// `tiddu figure …`
struct FigureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figure", abstract: "Draw images and curves, as PNG or SVG.",
    discussion: "EXAMPLE: tiddu figure restored runs/final --into before-after.png",
    subcommands: [FigureAllCommand.self, FigureRestoredCommand.self, FigureRowsCommand.self, FigureCurvesCommand.self])
}
