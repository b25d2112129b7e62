import ArgumentParser
import Foundation
import Groundwork
import ImageSets
import Restoration
import Search

/// `tiddu search run SPACE …`, or without the word run.
struct SearchRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Train every point of a space; goes on with a study that was broken off.",
    discussion: """
      A space is a YAML file or a built-in name: report-grid (the report's 36 networks) and report-regularisation. \
      Each trial's weights are kept in a folder beside the study.

      EXAMPLE: tiddu search report-grid --data kannada-mnist --architectures dense --into grid.sqlite
      """)

  @Argument(help: ArgumentHelp("A built-in space's name or a YAML file.", valueName: "space"))
  var space: String

  @OptionGroup(title: "What to train on") var data: TrainingDataOptions

  @Option(help: ArgumentHelp("The study's file.", valueName: "study.sqlite"))
  var into: String

  @Option(help: "Only these of the space's architectures: dense, conv, or a preset's name.")
  var architectures: [String] = []

  @Option(help: "How often to go through all pictures, instead of the space's.")
  var epochs: Int?

  @Option(help: "Train each point with so many seeds.")
  var seeds = 1

  @Option(help: "The first seed.")
  var seed = 1

  @Option(help: "Trials side by side; they share the cores (default: one a core).")
  var workers: Int?

  @OptionGroup var threading: ThreadOptions

  @Flag(help: "Try failed trials again.")
  var retryFailed = false

  @Flag(help: "Print the table as JSON.")
  var json = false

  func validate() throws {
    guard workers.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--workers \(workers ?? 0): choose from 1 to 1024; the number of cores is best.")
    }
  }

  func run() throws {
    threading.use()
    let cores = Threads.count
    let workers = workers ?? cores
    var request = SearchRun.Request(space: try chosenSpace(), origin: data.origin)
    (request.seeds, request.firstSeed, request.threads) = (seeds, seed, max(1, cores / workers))
    let training = try data.origin.load()
    let search = try SearchRun(request, training: training, into: into, retryingFailed: retryFailed)
    let worker = Worker(training: training, validation: try data.origin.set(of: request.space.validation))
    let display = try SearchDisplay(search.study, workers: workers)
    defer { display.end() }
    try search.run(with: LocalCrew(worker, size: workers), observe: display.show)
    display.end()
    let table = try StudyTable(search.study)
    if json { try JSONOutput.print(table) } else { print("\(table)\n\(table.verdict)") }
  }

  private func chosenSpace() throws -> SearchSpace {
    var space = try SearchSpace.named(space)
    if let epochs { space.epochs = epochs }
    if !architectures.isEmpty { space = try space.only(architectures) }
    return space
  }
}
