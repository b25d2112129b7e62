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

  @Argument(help: "Which dataset.")
  var dataset: PublishedDataset

  @Option(help: ArgumentHelp("The folder to put the files in (default: the dataset's name).", valueName: "folder"))
  var into: String?

  @Option(help: ArgumentHelp("Another address of the folder that holds the files.", valueName: "url"))
  var mirror: String?

  @Option(help: ArgumentHelp("Parts of it, with commas between them (default: all).", valueName: "parts"))
  var only: String?

  @Flag(help: "Print the result as JSON.")
  var json = false

  private var folder: String { into ?? dataset.rawValue }
  private var address: String { mirror ?? dataset.address }

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    _ = try Fetcher(from: address, into: folder)
    _ = try parts()
  }

  func run() throws {
    let display = DownloadDisplay()
    defer { display.end() }
    let files = try parts().flatMap(dataset.files)
    let arrivals = try Fetcher(from: address, into: folder).fetch(files, progress: display.show)
    display.end()
    if json {
      try JSONOutput.print(arrivals)
    } else {
      for arrival in arrivals { Console.report("\(arrival.path)  \(arrival.bytes) bytes, \(arrival.outcome.words)") }
    }
  }

  private func parts() throws -> [Dataset.Part] {
    guard let only else { return dataset.parts }
    let names = only.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let known = dataset.parts.map(\.rawValue)
    if let wrong = names.first(where: { !known.contains($0) }) {
      throw ValidationError("'\(wrong)' is none of \(known.joined(separator: ", ")).")
    }
    return dataset.parts.filter { names.contains($0.rawValue) }
  }
}

extension PublishedDataset: ExpressibleByArgument {}

extension Fetcher.Outcome {
  fileprivate var words: String {
    switch self {
    case .fetched: "fetched and checked"
    case .resumed: "fetched the rest and checked"
    case .alreadyThere: "there already and right"
    }
  }
}
