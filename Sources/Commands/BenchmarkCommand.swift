import ArgumentParser
import Evaluation
import ImageSets
import Restoration
import Support

/// `tiddu benchmark`
struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark",
    abstract:
      "Measure models on \(KannadaMNISTC.title): 15 corruptions in 5 severities, 8 of them held out.",
    discussion: """
      Corrupts a dataset's test part, classifies it as it is and as each model corrects it, and says how near \
      images come, how accurate the classifier is, and where correcting does more harm than good. Images corrected by \
      other programs are measured beside: --export writes the sets, --restored takes them back.

      EXAMPLE: tiddu benchmark runs/final --classifier runs/classifier --data kannada-mnist --into benchmark.md
      """)

  @Argument(help: ArgumentHelp("Checkpoints or run folders of models that correct.", valueName: "model"))
  var models: [String] = []

  @Option(help: ArgumentHelp("The classifier that reads.", valueName: "model"))
  var classifier: String?

  @Option(
    help: ArgumentHelp(
      "A classifier that classifies the corrupted images as they are, as one trained on such does; may be repeated.",
      valueName: "model"))
  var direct: [String] = []

  @Option(help: ArgumentHelp("Sets that another program has corrected; may be repeated.", valueName: "name=folder"))
  var restored: [String] = []

  @Option(help: ArgumentHelp("A dataset's folder, a file of images, or synthetic.", valueName: "path"))
  var data = Dataset.syntheticName

  @Option(help: "The dataset's part (default: test, or the only one there is).")
  var part: Dataset.Part?

  @Option(help: ArgumentHelp("Only so many images, spread over all.", valueName: "count"))
  var subset: Int?

  @Option(
    help: ArgumentHelp("What errors are told in shares of (default: the images as they are).", valueName: "name"))
  var baseline: String?

  @Option(help: ArgumentHelp("Save all figures as .json, .csv or .md.", valueName: "file"))
  var into: String?

  @Option(help: ArgumentHelp("Write every set as an array (.npy) into this folder.", valueName: "folder"))
  var export: String?

  @Flag(help: "Print each severity, not only means.")
  var bySeverity = false

  @OptionGroup var threading: ThreadOptions

  @OptionGroup var expectation: ExpectationOption

  @Flag(help: "Print the result as JSON.")
  var json = false

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    guard classifier != nil || export != nil else {
      throw ValidationError("Name the classifier that is to read by --classifier, or a folder by --export.")
    }
    guard classifier != nil || (models + direct + restored).isEmpty && into == nil && !json else {
      throw ValidationError("Nothing is measured without a classifier that reads: name one by --classifier.")
    }
  }

  func run() throws {
    try threading.use()
    let kind = try into.map(SavedTable.init(named:))
    if let into { try OutputTarget.check(into) }
    if let export { try OutputTarget.check(export, isFolder: true) }
    let folders = try restored.map(RestoredSets.init(argument:))
    let whole = try DataOrigin(heldOut: part, of: data).load()
    if let subset { try DataOrigin.check(subset) }
    let reader = try classifier.map { try Classifier(contentsOf: $0) }
    let chosen = subset.map(whole.subset) ?? whole
    let clean = try reader.map { try chosen.relabeled(by: $0.classNames) } ?? chosen
    let methods = try methods(restored: folders)
    if let export { try BenchmarkSets(clean).write(into: export, quietly: json) }
    guard let reader, let classifier else { return }
    let display = MeasuringDisplay()
    defer { display.end() }
    let table = try BenchmarkTable(
      of: clean, title: KannadaMNISTC.title(of: clean, from: whole), recognizer: reader,
      classifier: "\(classifier), \(reader.title)",
      methods: methods, baseline: baseline, progress: display.show)
    display.end()
    if let kind, let into { try WholeFile.write(kind.text(of: table), to: into) }
    print(json ? try JSONOutput.text(table) : table.text(bySeverity: bySeverity))
  }

  /// Models first, then what other programs have corrected, then who reads directly.
  private func methods(restored folders: [RestoredSets]) throws -> [BenchmarkMethod] {
    try models.map(method)
      + folders.map { sets in
        try sets.checkThatAllAreThere()
        return BenchmarkMethod(
          name: sets.name, detail: "corrected images in \(sets.folder)",
          .images { set in
            try sets.read(set, subset: subset)
          })
      }
      + direct.map { path in
        let reader = try Classifier(contentsOf: path)
        return BenchmarkMethod(
          name: path, detail: "\(reader.title), which reads the images as they are",
          .reader(reader))
      }
  }

  private func method(_ path: String) throws -> BenchmarkMethod {
    let restorer = try Restorer(contentsOf: path, expecting: expectation.recipe)
    return BenchmarkMethod(name: path, detail: restorer.name, .corrector(restorer))
  }
}

/// The forms in which a table is saved.
private enum SavedTable: String, CaseIterable {
  case json, csv
  case markdown = "md"

  /// - Throws: `UsageError` for an ending that is none of them.
  init(named path: String) throws(UsageError) {
    guard let form = Self.allCases.first(where: { path.lowercased().hasSuffix(".\($0.rawValue)") }) else {
      throw UsageError(
        "--into \(path): this ending names no form of a table", remedy: "Choose a name that ends in .json, .csv or .md."
      )
    }
    self = form
  }

  func text(of table: BenchmarkTable) throws -> String {
    switch self {
    case .json: try JSONOutput.text(table) + "\n"
    case .csv: table.csv
    case .markdown: table.markdown
    }
  }
}
