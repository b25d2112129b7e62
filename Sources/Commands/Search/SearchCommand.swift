import ArgumentParser

/// `tiddu search …`
struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Train many models, and find the best one.",
    discussion: """
      A study is one SQLite file; show, best and export read it, also while it is written.

      EXAMPLE: tiddu search report-grid --data kannada-mnist --into grid.sqlite && tiddu search best grid.sqlite
      """,
    subcommands: [
      SearchRunCommand.self, SearchShowCommand.self, SearchBestCommand.self, SearchExportCommand.self,
      SearchSpaceCommand.self,
    ],
    defaultSubcommand: SearchRunCommand.self)
}
