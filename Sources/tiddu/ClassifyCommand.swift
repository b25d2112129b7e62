import ArgumentParser
import Foundation
import Groundwork
import ImageSets
import Restoration

/// `tiddu classify`
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify", abstract: "Say which digit each picture shows.",
    discussion: """
      Prints CSV: each picture's name or number, its label, and the probabilities of all labels. With --corrector the \
      pictures are restored by that model first. Where the input has labels, the share read rightly is said, too.

      EXAMPLE: tiddu classify runs/report-classifier test.csv --submission submission.csv
      """)

  @Argument(help: ArgumentHelp("A classifier's checkpoint or run folder.", valueName: "model"))
  var model: String

  @Argument(help: "A picture, a folder of pictures, or a file of pictures.")
  var input: String

  @Option(help: ArgumentHelp("A model that restores the pictures first.", valueName: "model"))
  var corrector: String?

  @Option(help: ArgumentHelp("Write labels as Kaggle's competition wants them: id,label.", valueName: "file.csv"))
  var submission: String?

  @Flag(help: "Fit pictures of another size to the model's.")
  var resize = false

  @Option(help: "What picture files are drawn on, light or dark paper (default: told by their borders).")
  var paper: Paper?

  @Option(help: ArgumentHelp("The array in an NPZ file that holds the pictures.", valueName: "name"))
  var key: String?

  @OptionGroup var threading: ThreadOptions

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    threading.use()
    let classifier = try Classifier(contentsOf: model)
    let restorer = try corrector.map { try Restorer(contentsOf: $0) }
    let options = PictureOptions(
      paper: paper, channels: classifier.shape?.channels, size: resize ? classifier.shape?.pictureSize : nil)
    let pictures = try PictureSet.read(input, options: ReadOptions(key: key, pictures: options))
    var set = pictures.images
    if resize, let shape = classifier.shape { set = try set.resized(to: shape.pictureSize) }
    if let restorer { set = try restorer.restore(set) }
    let found = try classifier.classify(set)
    if let submission {
      try Labels(found.map(\.label), name: input, source: input).write(to: submission, format: .csv)
    }
    let names = pictures.names ?? (0..<set.count).map(String.init)
    if json {
      try JSONOutput.print(
        Result(
          model: model, corrector: corrector, input: input, accuracy: accuracy(found, set.labels),
          pictures: zip(names, found).map { .init(name: $0, label: $1.label, probabilities: $1.probabilities) }))
    } else if submission == nil {
      print((["picture", "label"] + (0..<classifier.classes).map { "p\($0)" }).joined(separator: ","))
      for (name, one) in zip(names, found) {
        print(([quoted(name), "\(one.label)"] + one.probabilities.map { fixed(Double($0), 6) }).joined(separator: ","))
      }
    } else {
      print("\(submission ?? "")  \(grouped(found.count)) labels")
    }
    if let share = accuracy(found, set.labels) {
      FileHandle.standardError.write(
        Data("\(fixed(100 * share, 2)) % of \(grouped(found.count)) pictures read as they are labelled\n".utf8))
    }
  }

  /// Share of pictures whose label was found; nil without labels.
  private func accuracy(_ found: [Classification], _ labels: [Int]?) -> Double? {
    labels.map { labels in Double(zip(found, labels).count { $0.label == $1 }) / Double(max(1, found.count)) }
  }

  private func quoted(_ name: String) -> String {
    name.contains { ",\"\n\r".contains($0) } ? "\"\(name.replacing("\"", with: "\"\""))\"" : name
  }

  private struct Result: Encodable {
    var model: String
    var corrector: String?
    var input: String
    /// Share of pictures whose label was found, where they have labels.
    var accuracy: Double?
    var pictures: [Picture]
  }

  private struct Picture: Encodable {
    var name: String
    var label: Int
    var probabilities: [Float]
  }
}
