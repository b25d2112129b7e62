import ArgumentParser
import Foundation
import ImageSets
import Restoration
import Search
import Support

/// `tiddu search run SPACE …`, or without the word run.
struct SearchRunCommand: ParsableCommand, ParallelCommand {
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

  @Option(help: "How often to go through all images, instead of the space's.")
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

  @Option(
    help: ArgumentHelp(
      "Write each trial's curves and settings there for TensorBoard, once it has ended.", valueName: "dir"))
  var tensorboard: String?

  @Flag(help: "Print the table as JSON.")
  var json = false

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    try data.check()
    guard workers.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--workers \(workers ?? 0): choose from 1 to 1024; the number of cores is best.")
    }
  }

  func run() throws { try run(on: nil) }

  /// Every process loads the images and trains; the first alone writes the study and speaks.
  func run(on processes: (any ProcessGroup)?) throws {
    try threading.use()
    let collective = processes?.collective ?? SingleProcess()
    let cores = Threads.count
    let workers = workers ?? cores
    var request = SearchRun.Request(
      space: try collective.together { try chosenSpace() }, origin: try collective.together { try origin() })
    (request.seeds, request.firstSeed, request.threads) = (seeds, seed, max(1, cores / workers))
    let (training, validation) = try load(request, collective)
    let search = try begin(request, training, validation, collective)
    let worker = Worker(training: training, validation: validation)
    let pool = try collective.together { try LocalWorkerPool(worker, size: workers) }
    if let search {
      try run(search, with: pool, on: processes)
    } else if let processes {
      try DistributedWorkerPool.serve(pool, over: processes.channel)
    }
  }

  /// Of a study that was begun when a subset was the first so many images, still those.
  private func origin() throws -> DataOrigin {
    var origin = try data.origin()
    guard let subset = data.subset, let old = try? Study.open(into).description.origin, old.first == subset else {
      return origin
    }
    (origin.first, origin.subset) = (subset, nil)
    return origin
  }

  /// The same images on every rank.
  private func load(_ request: SearchRun.Request, _ collective: any Collective) throws -> (
    TrainingImages, TrainingImages?
  ) {
    let sets = try collective.together {
      (try request.origin.images(), try request.origin.set(of: request.space.validation))
    }
    guard collective.size > 1 else { return sets }
    for set in [sets.0, sets.1].compactMap({ $0 }) {
      let record = DataRecord(set)
      let first = try collective.fromFirst { record }
      try collective.together {
        if let difference = first.difference(of: record) {
          throw DataError(
            file: record.source, expected: "the \(grouped(first.images)) images and labels that rank 0 has",
            found: difference, remedy: "Give all ranks the same data.")
        }
      }
    }
    return sets
  }

  /// The study on the first rank; nil on the others, once they see its folder.
  private func begin(
    _ request: SearchRun.Request, _ training: TrainingImages, _ validation: TrainingImages?,
    _ collective: any Collective
  ) throws -> SearchRun? {
    let search = try collective.together {
      guard collective.isFirst else { return SearchRun?.none }
      let search = try SearchRun(
        request, training: training, validation: validation, into: into, retryingFailed: retryFailed)
      try Folder.create(search.study.folder)
      return search
    }
    guard collective.size > 1 else { return search }
    let folder = try collective.fromFirst { search?.study.folder ?? "" }
    try collective.together {
      guard Folder.kind(of: folder) == .folder else {
        throw SystemError(
          operation: "see", path: folder, reason: "rank 0 has made this folder, and it is not here",
          remedy: "Put the study where all ranks read and write the same files.")
      }
    }
    return search
  }

  private func run(_ search: SearchRun, with local: LocalWorkerPool, on processes: (any ProcessGroup)?) throws {
    let ranks = processes?.collective.size ?? 1
    let display = try SearchDisplay(search.study, workers: local.size * ranks, ranks: ranks)
    defer { display.end() }
    let board = tensorboard.map { SearchBoard($0, search.study) }
    func observe(_ event: SearchEvent) throws {
      display.show(event)
      try board?.show(event)
    }
    if let processes, ranks > 1 {
      processes.prepareAbortMessage(
        "tiddu: a rank has ended, or mpirun was told to end; nothing that has finished is lost, and the same command "
          + "goes on with \(into)\n")
      try search.run(with: DistributedWorkerPool(local: local, channel: processes.channel), observe: observe)
    } else {
      try Stopped.saying("The same command goes on with \(into).") {
        try search.run(with: local, observe: observe)
      }
    }
    display.end()
    let table = try StudyTable(search.study)
    if json { try JSONOutput.print(table) } else { print("\(table)\n\(table.verdict)") }
    try checkThatSomeCameToTheirEnd(table)
  }

  /// A search of which nothing came is a failure, whatever its table looks like.
  private func checkThatSomeCameToTheirEnd(_ table: StudyTable) throws {
    let states = table.rows.flatMap(\.states)
    let failed = states.count { $0 == .failed }
    guard failed == states.count, failed > 0 else {
      if failed > 0 {
        Console.note(
          "\(grouped(failed)) of \(grouped(states.count)) trials failed, for the reasons in the table; "
            + "--retry-failed tries them again")
      }
      return
    }
    throw AllTrialsFailed(count: states.count, reason: table.rows.lazy.flatMap(\.reasons).first ?? "unknown")
  }

  private func chosenSpace() throws -> SearchSpace {
    var space = try SearchSpace.named(space)
    if let epochs { space.epochs = epochs }
    if !architectures.isEmpty { space = try space.only(architectures) }
    return space
  }
}

/// Nothing came of a search.
private struct AllTrialsFailed: ComputationError {
  var count: Int
  var reason: String

  var description: String {
    "\(count == 1 ? "the only trial" : "all \(grouped(count)) trials") failed: \(reason)\n"
      + "Mend that, and try again by --retry-failed; or search another space."
  }
}
