import ArgumentParser
import Groundwork
import ImageSets
import Restoration

/// `tiddu restore`
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Turn distorted pictures back into clean ones.",
    discussion: """
      Takes one PNG or JPEG picture, a folder of them, or an array of pictures in any format. Pictures are written \
      back on paper of the same colour and under the same names.

      EXAMPLE: tiddu restore runs/final photo.png --resize --into clean.png
      """)

  @Argument(help: ArgumentHelp("A checkpoint or a run's folder.", valueName: "model"))
  var model: String

  @OptionGroup var source: PictureInput

  @Option(help: ArgumentHelp("Where the result goes: a .png, a folder, or an array's file.", valueName: "out"))
  var into: String

  @OptionGroup var threading: ThreadOptions

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    threading.use()
    _ = try Format.named(by: into)
    let restorer = try Restorer(contentsOf: model)
    let pictures = try source.read(for: restorer.shape)
    let restored = try restorer.restore(pictures.images)
    try pictures.replacing(restored).write(to: into)
    let result = Result(model: model, input: source.input, into: into, pictures: restored.count)
    if json {
      try JSONOutput.print(result)
    } else {
      print("\(into)  \(grouped(restored.count)) picture\(restored.count == 1 ? "" : "s") restored")
    }
  }

  private struct Result: Encodable {
    var model: String
    var input: String
    var into: String
    var pictures: Int
  }
}
