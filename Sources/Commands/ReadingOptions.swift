import ArgumentParser
import ImageSets

/// What a command must be told about an input that does not say it itself.
struct ReadingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Each image's size where rows of numbers do not say it.", valueName: "HxWxC"))
  var shape: String?

  @Option(help: "The array in an NPZ file that holds the images.")
  var key: String?

  @Option(help: "What image files are drawn on: light or dark paper, or none: photographs (default: told by them).")
  var paper: Paper?

  @Flag(help: "Read image files as grey ones.")
  var gray = false

  @Option(help: ArgumentHelp("Resize image files, which must otherwise be of one size.", valueName: "HxW"))
  var resize: String?

  func validate() throws {
    if let shape, ImageSet.Shape(parsing: shape) == nil {
      throw ValidationError("--shape \(shape) is no size: write 28x28, or 32x32x3 for colour.")
    }
    if let resize { _ = try ImageSize(parsing: resize) }
  }

  func options() throws -> ReadOptions {
    ReadOptions(
      shape: shape.flatMap(ImageSet.Shape.init(parsing:)), key: key,
      images: ImageFileOptions(paper: paper, channels: gray ? 1 : nil, size: try resize.map(ImageSize.init(parsing:)))
    )
  }
}

extension Dataset.Part: ExpressibleByArgument {}
extension Format: ExpressibleByArgument {}
extension Paper: ExpressibleByArgument {}
