import ArgumentParser

@main
struct Tiddu: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tiddu",
    abstract: "Turns distorted pictures back into clean ones.",
    version: "0.1.0",
    subcommands: [DataCommand.self])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Failure.exit(with: error)
    }
  }
}

/// `tiddu data …`
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Look at, fetch, make and convert sets of pictures.",
    subcommands: [DataInfoCommand.self, DataConvertCommand.self, DataSynthesizeCommand.self])
}
