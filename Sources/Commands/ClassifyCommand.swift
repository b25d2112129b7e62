import ArgumentParser
import Foundation
import ImageSets
import Restoration
import Support

/// `tiddu classify`
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify", abstract: "Say which class each image shows.",
    discussion: """
      Prints CSV: each image's name or number, its label, and the probabilities of all labels. With --corrector the \
      images are restored by that model first. Where the input has labels, the accuracy is said, too.

      EXAMPLE: tiddu classify test.csv --submission submission.csv
      """)

  @OptionGroup var source: ImageInput

  private var model: String { source.model(or: ShippedModels.reader) }

  @Option(help: ArgumentHelp("A model that restores the images first.", valueName: "model"))
  var corrector: String?

  @Option(help: ArgumentHelp("Write labels as Kaggle's competition wants them: id,label.", valueName: "file.csv"))
  var submission: String?

  @OptionGroup var expectation: ExpectationOption

  @OptionGroup var threading: ThreadOptions

  @Flag(help: "Print the result as JSON.")
  var json = false

  @OptionGroup var quietness: QuietOption

  func run() throws {
    try threading.use()
    let classifier = try Classifier(contentsOf: model)
    let restorer = try corrector.map { try Restorer(contentsOf: $0, expecting: expectation.recipe) }
    let images = try source.read(for: classifier.shape, hasPaper: classifier.hasPaper)
    if let submission {
      try Destination.refuse([submission], over: images.inputs(of: source.input), remedy: "Choose another name.")
      try OutputTarget.check(submission)
    }
    let set = try restorer?.restore(images.images) ?? images.images
    let found = try classifier.classify(set)
    images.tellDoubts()
    let classes = classifier.classNames
    if let submission { try write(found.map { classes[$0.label] }, of: set, to: submission) }
    let share = accuracy(found.map { classes[$0.label] }, set)
    let names = images.names ?? (0..<set.count).map(String.init)
    if json {
      try JSONOutput.print(
        Result(
          model: model, corrector: corrector, input: source.input, accuracy: share,
          classes: classes,
          images: zip(names, found).map {
            .init(
              name: $0, label: Int(classes[$1.label]) ?? $1.label, class: classes[$1.label],
              probabilities: $1.probabilities)
          }))
    } else if let submission {
      Console.report("\(submission)  \(grouped(found.count)) labels")
    } else {
      printTable(zip(names, found), classes: classes)
    }
    if let share {
      Console.note("\(fixed(100 * share, 2)) % of \(grouped(found.count)) images read as they are labelled")
    }
  }

  private func printTable(_ rows: some Sequence<(String, Classification)>, classes: [String]) {
    print((["image", "label"] + classes.map { csvCell("p\($0)") }).joined(separator: ","))
    for (name, one) in rows {
      print(
        ([csvCell(name), csvCell(classes[one.label])] + one.probabilities.map { fixed(Double($0), 6) })
          .joined(separator: ","))
    }
  }

  /// `id,label`, as Kaggle's competition wants them.
  private func write(_ names: [String], of set: ImageSet, to path: String) throws {
    let labels = names.compactMap { Int($0) }.filter { $0 >= 0 }
    if labels.count == names.count {
      return try Labels(labels, name: set.name, source: set.source).write(to: path, format: .csv)
    }
    let lines = ["id,label"] + names.enumerated().map { "\($0),\(csvCell($1))" }
    try WholeFile.write(lines.joined(separator: "\n") + "\n", to: path)
  }

  /// Share of images whose class was found, told by its name; nil without labels.
  private func accuracy(_ found: [String], _ set: ImageSet) -> Double? {
    set.labels.map { labels in
      Double(zip(found, labels).count { $0 == set.labelName($1) }) / Double(max(1, found.count))
    }
  }

  private struct Result: Encodable {
    var model: String
    var corrector: String?
    var input: String
    /// Share of images whose label was found, where they have labels.
    var accuracy: Double?
    /// In the order of the probabilities.
    var classes: [String]
    var images: [Image]
  }

  private struct Image: Encodable {
    var name: String
    /// The class' name where that is a number, or else its place among the classes.
    var label: Int
    var `class`: String
    var probabilities: [Float]
  }
}
