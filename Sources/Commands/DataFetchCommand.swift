import ArgumentParser
import ImageSets
import Support

/// `tiddu data fetch …`
struct DataFetchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Download a published set of images and check every byte of it.",
    discussion: """
      What is there already and right is not fetched again, and a broken download goes on where it stopped.

      EXAMPLE: tiddu data fetch kannada-mnist --into kannada-mnist
      """)

  enum Dataset: String, CaseIterable, ExpressibleByArgument {
    case kannadaMNIST = "kannada-mnist"
  }

  @Argument(help: "Which dataset.")
  var dataset: Dataset

  @Option(help: ArgumentHelp("The folder to put the files in.", valueName: "folder"))
  var into = "kannada-mnist"

  @Option(help: ArgumentHelp("Another address of the folder that holds the files.", valueName: "url"))
  var mirror = KannadaMNIST.address

  @Option(
    help: ArgumentHelp("Parts of it: train, test, dig, with commas between them (default: all).", valueName: "parts"),
    transform: parts)
  var only = KannadaMNIST.Part.allCases

  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    _ = try Fetcher(from: mirror, into: into)
    if into.isEmpty { throw UsageError("--into names no folder", remedy: "Name one, such as --into kannada-mnist.") }
  }

  func run() throws {
    let display = DownloadDisplay()
    defer { display.end() }
    let files = KannadaMNIST.Part.allCases.filter(only.contains).flatMap(KannadaMNIST.files)
    let arrivals = try Fetcher(from: mirror, into: into).fetch(files, progress: display.show)
    display.end()
    if json {
      try JSONOutput.print(arrivals)
    } else {
      for arrival in arrivals { print("\(arrival.path)  \(arrival.bytes) bytes, \(arrival.outcome.words)") }
    }
  }

  private static func parts(_ text: String) throws -> [KannadaMNIST.Part] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
      guard let part = KannadaMNIST.Part(rawValue: String(name)) else {
        throw ValidationError("'\(name)' is none of train, test, dig.")
      }
      return part
    }
  }
}

extension Fetcher.Outcome {
  fileprivate var words: String {
    switch self {
    case .fetched: "fetched and checked"
    case .resumed: "fetched the rest and checked"
    case .alreadyThere: "there already and right"
    }
  }
}
