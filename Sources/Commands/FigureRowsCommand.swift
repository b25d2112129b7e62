import ArgumentParser
import Figures
import ImageSets
import Restoration
import Support

/// `tiddu figure rows …`
struct FigureRowsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rows", abstract: "Draw rows of images from several sets, one below the other.",
    discussion: """
      EXAMPLE: tiddu figure rows --row clean=digits.npz --row distorted=distorted.npz --labels --into rows.png
      """)

  @Option(help: ArgumentHelp("A row: its caption and where its images are. Repeat it.", valueName: "caption=path"))
  var row: [String] = []

  @Option(help: ArgumentHelp("Where the drawing goes; ends in .png, .svg or .pdf.", valueName: "file"))
  var into: String

  @Option(help: "How many images of each set.")
  var count = 8

  @Option(help: "The first of them, counted from 0.")
  var from = 0

  @Flag(help: "Write the first row's labels above the columns.")
  var labels = false

  @Option(
    help: ArgumentHelp(
      "Write below each image what this classifier reads, marked where it is not the first row's label.",
      valueName: "model"))
  var classifier: String?

  @Option(help: "RichText below the drawing; without it, what is shown of which set.")
  var caption: String?

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    _ = try FigureFormat(named: into)
    if row.isEmpty { throw UsageError("no rows are given", remedy: "Give at least one --row \"clean=PATH\".") }
    for text in row { _ = try Self.parts(of: text) }
    if count < 1 || from < 0 {
      throw UsageError("--count \(count) --from \(from) chooses no images", remedy: "Give 1 or more, from 0 or more.")
    }
  }

  func run() throws {
    try OutputTarget.check(into)
    let sets = try row.map { text in
      let (caption, path) = try Self.parts(of: text)
      return (caption, set: try ImageSet.read(path))
    }
    if let short = sets.first(where: { $0.set.count <= from })?.set {
      throw UsageError(
        "\(short.source) has \(short.count) images, none at \(from)", remedy: "Choose a smaller --from.")
    }
    let reader = try classifier.map { try Classifier(contentsOf: $0) }
    let truth = sets[0].set
    let rows = try sets.map { caption, set in
      let numbers = from..<from + min(count, set.count - from)
      let images = set.selecting(numbers)
      let notes = try reader.map { try Self.notes(on: images, by: $0, truth: truth, numbers: numbers) }
      return ImageRows.Row(caption: caption, images: images, notes: notes ?? [])
    }
    let shown = rows.map(\.images.count).max() ?? 0
    let names = Set(sets.map(\.set.name)).sorted().joined(separator: ", ")
    let figure = ImageRows(
      rows: rows, columns: labels ? try headings(rows[0].images, columns: shown) : [],
      caption: caption ?? "Images \(from) to \(from + shown - 1) of \(names).")
    try figure.render(to: into)
  }

  private func headings(_ set: ImageSet, columns: Int) throws -> [String] {
    guard set.labels != nil else {
      throw UsageError("\(set.source) has no labels", remedy: "Leave out --labels, or put a set with labels first.")
    }
    let headings = ImageRows.headings(for: set)
    return headings + Array(repeating: "", count: columns - headings.count)
  }

  /// What a classifier reads on each image, marked where it is not the label that this one has in `truth`.
  private static func notes(on images: ImageSet, by reader: Classifier, truth: ImageSet, numbers: Range<Int>) throws
    -> [String]
  {
    try zip(numbers, reader.classify(images)).map { number, found in
      let name = reader.classNames[found.label]
      guard let labels = truth.labels, number < labels.count else { return name }
      return truth.labelName(labels[number]) == name ? name : "\(name) ✗"
    }
  }

  private static func parts(of row: String) throws -> (caption: String, path: String) {
    guard let equals = row.firstIndex(of: "="), row.index(after: equals) < row.endIndex else {
      throw UsageError("--row \"\(row)\" names no path", remedy: "Write it as caption=path.")
    }
    return (String(row[..<equals]), String(row[row.index(after: equals)...]))
  }
}
