import ArgumentParser
import Foundation
import ImageSets
import Restoration
import Support

/// `tiddu classify`
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify", abstract: "Say which digit each image shows.",
    discussion: """
      Prints CSV: each image's name or number, its label, and the probabilities of all labels. With --corrector the \
      images are restored by that model first. Where the input has labels, the accuracyly is said, too.

      EXAMPLE: tiddu classify runs/report-classifier test.csv --submission submission.csv
      """)

  @Argument(help: ArgumentHelp("A classifier's checkpoint or run folder.", valueName: "model"))
  var model: String

  @OptionGroup var source: ImageInput

  @Option(help: ArgumentHelp("A model that restores the images first.", valueName: "model"))
  var corrector: String?

  @Option(help: ArgumentHelp("Write labels as Kaggle's competition wants them: id,label.", valueName: "file.csv"))
  var submission: String?

  @OptionGroup var threading: ThreadOptions

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    try threading.use()
    let classifier = try Classifier(contentsOf: model)
    let restorer = try corrector.map { try Restorer(contentsOf: $0) }
    let images = try source.read(for: classifier.shape)
    let set = try restorer?.restore(images.images) ?? images.images
    let found = try classifier.classify(set)
    if let submission {
      try Labels(found.map(\.label), name: set.name, source: set.source).write(to: submission, format: .csv)
    }
    let share = accuracy(found, set.labels)
    let names = images.names ?? (0..<set.count).map(String.init)
    if json {
      try JSONOutput.print(
        Result(
          model: model, corrector: corrector, input: source.input, accuracy: share,
          images: zip(names, found).map { .init(name: $0, label: $1.label, probabilities: $1.probabilities) }))
    } else if let submission {
      print("\(submission)  \(grouped(found.count)) labels")
    } else {
      printTable(zip(names, found), classes: classifier.classes)
    }
    if let share {
      Console.note("\(fixed(100 * share, 2)) % of \(grouped(found.count)) images read as they are labelled")
    }
  }

  private func printTable(_ rows: some Sequence<(String, Classification)>, classes: Int) {
    print((["image", "label"] + (0..<classes).map { "p\($0)" }).joined(separator: ","))
    for (name, one) in rows {
      print(([csvCell(name), "\(one.label)"] + one.probabilities.map { fixed(Double($0), 6) }).joined(separator: ","))
    }
  }

  /// Share of images whose label was found; nil without labels.
  private func accuracy(_ found: [Classification], _ labels: [Int]?) -> Double? {
    labels.map { labels in Double(zip(found, labels).count { $0.label == $1 }) / Double(max(1, found.count)) }
  }

  private struct Result: Encodable {
    var model: String
    var corrector: String?
    var input: String
    /// Share of images whose label was found, where they have labels.
    var accuracy: Double?
    var images: [Image]
  }

  private struct Image: Encodable {
    var name: String
    var label: Int
    var probabilities: [Float]
  }
}
