import ArgumentParser
import Restoration
import Support

/// `tiddu export`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a trained model as one file, to hand on.",
    discussion: """
      Without what resuming wants, without the paths of this machine, and in half the bytes if you like: weights of 16 \
      bits restore the same images to a grey level.

      EXAMPLE: tiddu export runs/small --dtype float16 --into small.safetensors
      """)

  @Argument(help: ArgumentHelp("A checkpoint or a run's folder.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("The file to write; ends in .safetensors.", valueName: "file"))
  var into: String

  @Option(help: "The numbers that weights are stored as: float32 or float16.")
  var dtype = WeightType.float32

  func validate() throws {
    guard into.hasSuffix(".safetensors") else {
      throw ValidationError("--into \(into): a model is a safetensors file; end its name in .safetensors.")
    }
  }

  func run() throws {
    try OutputTarget.check(into)
    let model = try Model.open(model).withoutPaths()
    try model.write(to: into, as: dtype)
    print("\(into)  \(model.name), \(dtype.rawValue), \(grouped(try Folder.read(into).count)) bytes")
  }
}

extension WeightType: ExpressibleByArgument {}
