import ArgumentParser
import ImageSets
import Support

/// What a command must be told about an input that does not say it itself, and what every command asks.
struct InputOptions: ParsableArguments {
  @Option(help: "The array in an NPZ file that holds the images.")
  var key: String?

  @Option(help: ArgumentHelp("The column of a table that holds the labels.", valueName: "name|number"))
  var labelColumn: String?

  @Option(help: "What image files are drawn on: light or dark paper, or none: photographs (default: told by them).")
  var paper: Paper?

  @Flag(help: "Go on without image files that cannot be read; they are named.")
  var skipUnreadable = false

  /// With notes on how a file was read told on standard error.
  func options(_ images: ImageFileOptions) -> ReadOptions {
    var options = ReadOptions(key: key, images: images)
    options.labelColumn = labelColumn
    options.images.skipsUnreadable = skipUnreadable
    options.note = { Console.note($0) }
    return options
  }
}

/// The same with how arrays and image files are brought to one form.
struct ReadingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Each image's size where rows of numbers do not say it.", valueName: "HxWxC"))
  var shape: String?

  @OptionGroup var input: InputOptions

  @Flag(help: "Turn colours into grey.")
  var gray = false

  @Option(help: ArgumentHelp("Fit the images into this size; image files must otherwise be of one.", valueName: "HxW"))
  var resize: String?

  func validate() throws {
    if let shape, ImageSet.Shape(parsing: shape) == nil {
      throw ValidationError("--shape \(shape) is no size: write 28x28, or 32x32x3 for colour.")
    }
    if let resize { _ = try ImageSize(parsing: resize) }
  }

  func options() throws -> ReadOptions {
    let images = ImageFileOptions(
      paper: input.paper, channels: gray ? 1 : nil, size: try resize.map(ImageSize.init(parsing:)))
    var options = input.options(images)
    options.shape = shape.flatMap(ImageSet.Shape.init(parsing:))
    return options
  }
}

extension Dataset.Part: ExpressibleByArgument {}
extension Format: ExpressibleByArgument {
  package static var allValueStrings: [String] { written.map(\.rawValue) }
}
extension Paper: ExpressibleByArgument {}
