import ArgumentParser
import Groundwork
import ImageSets

/// Pictures of people's own, fitted to a model.
struct PictureInput: ParsableArguments {
  @Argument(help: "A picture, a folder of pictures, or a file of pictures.")
  var input: String

  @Flag(help: "Fit pictures of another size to the model's; what comes of them has the model's size.")
  var resize = false

  @Option(help: "What picture files are drawn on, light or dark paper (default: told by their borders).")
  var paper: Paper?

  @Option(help: ArgumentHelp("The array in an NPZ file that holds the pictures.", valueName: "name"))
  var key: String?

  /// Reads them as a model of that shape wants them.
  ///
  /// - Throws: `SystemError` where they cannot be read, `DataError` where they are faulty.
  func read(for shape: ImageSet.Shape?) throws -> PictureSet {
    let options = PictureOptions(
      paper: paper, channels: shape?.channels, size: resize ? shape?.pictureSize : nil)
    let pictures = try PictureSet.read(input, options: ReadOptions(key: key, pictures: options))
    pictures.tellPassedOver()
    return pictures
  }
}

extension PictureSet {
  /// Says which files of a folder were not read, so that nobody misses them later.
  func tellPassedOver() {
    guard !passedOver.isEmpty else { return }
    let names = passedOver.prefix(5).joined(separator: ", ") + (passedOver.count > 5 ? ", …" : "")
    Console.note(
      "passed over \(grouped(passedOver.count)) file\(passedOver.count == 1 ? "" : "s") that "
        + "\(passedOver.count == 1 ? "is" : "are") no picture by its ending: \(names)")
  }
}
