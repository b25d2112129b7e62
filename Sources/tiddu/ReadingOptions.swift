import ArgumentParser
import ImageSets

/// What a command must be told about an input that does not say it itself.
struct ReadingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Each picture's size where rows of numbers do not say it.", valueName: "HxWxC"))
  var shape: String?

  @Option(help: "The array in an NPZ file that holds the pictures.")
  var key: String?

  func validate() throws {
    if let shape, ImageSet.Shape(parsing: shape) == nil {
      throw ValidationError("--shape \(shape) is no size: write 28x28, or 32x32x3 for colour.")
    }
  }

  var options: ReadOptions { ReadOptions(shape: shape.flatMap(ImageSet.Shape.init(parsing:)), key: key) }
}

extension Dataset.Part: ExpressibleByArgument {}
extension Format: ExpressibleByArgument {}
