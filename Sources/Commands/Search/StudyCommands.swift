import ArgumentParser
import Interchange
import Report
import Search
import Support

/// A study to look at.
struct StudyOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("A study's file.", valueName: "study.sqlite"))
  var study: String

  @Option(help: "What points are compared by (default: the space's).")
  var metric: Metric?

  @Option(help: "Which epoch is shown: the one with the lowest watched loss (best, the default), or the last.")
  var at: StudyTable.Moment?

  /// - Throws: `UsageError` for a metric that no trial has come to; what the table throws.
  func table(of study: Study) throws -> StudyTable {
    let table = try StudyTable(study, metric: metric, moment: at ?? .best)
    if let metric, table.rows.contains(where: { !$0.figures.isEmpty }),
      !table.rows.contains(where: { $0[metric] != nil })
    {
      let measured = Metric.allCases.filter { other in table.rows.contains { $0[other] != nil } }
      throw UsageError(
        "no point of \(study.path) has a \(metric.rawValue)",
        remedy: "Choose from what was measured: \(measured.map(\.rawValue).joined(separator: ", ")).")
    }
    return table
  }
}

/// `tiddu search show`
struct SearchShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a study's points and how far they are, also while it runs.",
    discussion: "EXAMPLE: tiddu search show grid.sqlite")

  @OptionGroup var options: StudyOptions

  @Flag(help: "Print as JSON.")
  var json = false

  @Flag(help: "Show report-grid's last epochs beside the report's figures, and whether both rank the models alike.")
  var besideReport = false

  func validate() throws {
    if besideReport, json { throw ValidationError("--beside-report is a text; leave out --json.") }
    if besideReport, options.metric != nil || options.at != nil {
      throw ValidationError("--beside-report shows all figures of the last epochs; leave out --metric and --at.")
    }
  }

  func run() throws {
    let study = try Study.open(options.study)
    if besideReport { return print(try GridComparison(study)) }
    let table = try options.table(of: study)
    if json { try JSONOutput.print(table) } else { print("\(table)\n\(table.verdict)") }
  }
}

/// `tiddu search best`
struct SearchBestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "best", abstract: "Name the winner, and who ties with it.",
    discussion: "EXAMPLE: tiddu search best grid.sqlite --metric val_loss")

  @OptionGroup var options: StudyOptions

  @Flag(help: "Print as JSON.")
  var json = false

  func run() throws {
    let study = try Study.open(options.study)
    let table = try options.table(of: study)
    let winners = table.comparable.flatMap { table.winners(among: $0.rows) }
    let trials = try study.results().filter { result in winners.contains { $0.point == result.trial.point } }
    if json {
      try JSONOutput.print(
        Result(
          metric: table.metric, comparable: table.comparable.count <= 1, winners: winners,
          notToldApart: table.notToldApart,
          runs: trials.map { study.runFolder(of: $0.trial.number).path }))
    } else {
      print(table.verdict)
      for trial in trials { print("weights: \(study.runFolder(of: trial.trial.number).best)") }
    }
  }

  private struct Result: Encodable {
    var metric: Metric
    /// Whether the metric is the same figure for all points; otherwise the winners are those of each loss and penalty.
    var comparable: Bool
    /// Several where they are equal.
    var winners: [StudyTable.Row]
    var notToldApart: [StudyTable.Row]
    var runs: [String]
  }
}

/// `tiddu search export`
struct SearchExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a study's trials, or their epochs, as CSV or JSON, or the study for Optuna.",
    discussion: """
      Optuna's is an SQLite file that its plots and optuna-dashboard read.

      EXAMPLE: tiddu search export grid.sqlite --epochs --into epochs.csv
      EXAMPLE: tiddu search export grid.sqlite --format optuna --into optuna.db
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case csv, json, optuna }

  @Argument(help: ArgumentHelp("A study's file.", valueName: "study.sqlite"))
  var study: String

  @Flag(help: "A line an epoch instead of a line a trial (CSV; JSON always has both).")
  var epochs = false

  @Option(help: "csv, json or optuna (default: by the file's ending, .csv, .json or .db, else csv).")
  var format: Format?

  @Option(help: ArgumentHelp("The file to write (default: standard output).", valueName: "file"))
  var into: String?

  private var chosenFormat: Format {
    if let format { return format }
    if into?.hasSuffix(".json") == true { return .json }
    return into?.hasSuffix(".db") == true ? .optuna : .csv
  }

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    if epochs, chosenFormat != .csv {
      throw ValidationError(
        "--epochs: JSON and Optuna's file have both trials and epochs; leave it out, or choose --format csv.")
    }
    if chosenFormat == .optuna, into == nil {
      throw ValidationError("--format optuna: name the file to write by --into.")
    }
  }

  func run() throws {
    let opened = try Study.open(study)
    if let into { try check(into, isOtherThan: study) }
    let text: String
    switch chosenFormat {
    case .csv: text = try opened.csv(epochs: epochs)
    case .json:
      text = try JSONOutput.text(Export(study: opened.description, trials: opened.results())) + "\n"
    case .optuna: return try OptunaStudy(opened).write(to: into ?? "")
    }
    if let into { try WholeFile.write(text, to: into) } else { print(text, terminator: "") }
  }

  /// A study is not written over by what comes of it.
  private func check(_ target: String, isOtherThan study: String) throws {
    guard Folder.identity(of: target) == nil || Folder.identity(of: target) != Folder.identity(of: study) else {
      throw UsageError("--into \(target) is the study itself", remedy: "Name another file.")
    }
  }

  private struct Export: Encodable {
    var study: StudyDescription
    var trials: [TrialResult]
  }
}

/// `tiddu search space`
struct SearchSpaceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "space", abstract: "Print a built-in space as YAML, to begin one of your own with.",
    discussion: "EXAMPLE: tiddu search space report-grid > mine.yaml")

  @Argument(help: "One of \(SearchSpace.builtInNames.joined(separator: ", ")).")
  var name: String

  func run() throws {
    _ = try SearchSpace.named(name)
    if let text = SearchSpace.builtInYAML(named: name) {
      print(text)
    } else {
      print(try SearchSpace.named(name).yaml())
    }
  }
}

extension Metric: ExpressibleByArgument {}
extension StudyTable.Moment: ExpressibleByArgument {}
