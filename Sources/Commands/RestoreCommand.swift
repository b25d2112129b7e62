import ArgumentParser
import Distortions
import Groundwork
import ImageSets
import Restoration

/// `tiddu restore`
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Turn distorted pictures back into clean ones.",
    discussion: """
      Takes one PNG or JPEG picture, a folder of them, or an array of pictures in any format. Pictures are written \
      back on paper of the same colour and under the same names. A model that finds orientations says what it undid, \
      and can leave alone what it is unsure of.

      EXAMPLE: tiddu restore runs/final photo.png --resize --into clean.png
      """)

  @Argument(help: ArgumentHelp("A checkpoint or a run's folder.", valueName: "model"))
  var model: String

  @OptionGroup var source: PictureInput

  @Option(help: ArgumentHelp("Where the result goes: a .png, a folder, or an array's file.", valueName: "out"))
  var into: String

  @Option(
    help: ArgumentHelp(
      "Leave pictures as they are whose orientation the model is less sure of than this, from 0 to 1.",
      valueName: "probability"))
  var onlyIfSure: Float?

  @Flag(help: "Say of each picture what was undone, and how sure the model is, as CSV.")
  var explain = false

  @OptionGroup var threading: ThreadOptions

  @Flag(help: "Print the result as JSON, with what was undone of each picture.")
  var json = false

  func validate() throws {
    if let onlyIfSure, !(0...1).contains(onlyIfSure) {
      throw ValidationError("--only-if-sure is a probability from 0 to 1, such as 0.9.")
    }
    if explain, json { throw ValidationError("--json says of each picture what --explain does; give one of them.") }
  }

  func run() throws {
    try threading.use()
    _ = try Format.named(by: into)
    let restorer = try Restorer(contentsOf: model)
    guard restorer.findsOrientations || onlyIfSure == nil && !explain else {
      throw UsageError(
        "\(restorer.name) does not say what it undoes",
        remedy: "Choose a model that finds orientations, such as one trained by tiddu train --preset tiddu-small.")
    }
    let pictures = try source.read(for: restorer.shape)
    let restored = try restorer.restoration(of: pictures.images, ifSureBy: onlyIfSure ?? 0)
    try pictures.replacing(restored.pictures).write(to: into)
    let undone = findings(restored, names: pictures.names)
    if json {
      try JSONOutput.print(
        Result(
          model: model, input: source.input, into: into, pictures: restored.pictures.count,
          leftAlone: restored.leftAlone.count, findings: undone))
    } else if explain {
      print("picture,undone,probability,restored")
      for one in undone ?? [] {
        print(
          "\(csvCell(one.name)),\(one.undone.rawValue),\(fixed(Double(one.probability), 4)),\(one.restored ? 1 : 0)")
      }
    } else {
      Console.report("\(into)  \(summary(restored))", on: into)
    }
  }

  private func summary(_ set: RestoredSet) -> String {
    let count = set.pictures.count - set.leftAlone.count
    let restored = "\(grouped(count)) picture\(count == 1 ? "" : "s") restored"
    guard let onlyIfSure, !set.leftAlone.isEmpty else { return restored }
    return "\(restored), \(grouped(set.leftAlone.count)) left as they were (sure by less than \(onlyIfSure))"
  }

  private func findings(_ set: RestoredSet, names: [String]?) -> [Finding]? {
    set.findings.map { findings in
      let leftAlone = Set(set.leftAlone)
      return findings.enumerated().map { number, one in
        Finding(
          name: names?[number] ?? "\(number)", undone: one.orientation, probability: one.probability,
          restored: !leftAlone.contains(number))
      }
    }
  }

  private struct Finding: Encodable {
    var name: String
    /// What was done to the picture, as far as the model can tell.
    var undone: Orientation
    var probability: Float
    /// Whether it was restored, the model being sure enough.
    var restored: Bool
  }

  private struct Result: Encodable {
    var model: String
    var input: String
    var into: String
    var pictures: Int
    /// Pictures that were left as they were, the model being unsure.
    var leftAlone: Int
    /// Nil from a model that finds no orientations.
    var findings: [Finding]?
  }
}
