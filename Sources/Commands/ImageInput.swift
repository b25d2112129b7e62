import ArgumentParser
import ImageSets
import Support

/// Images of people's own, fitted to a model.
struct ImageInput: ParsableArguments {
  @Argument(help: "An image, a folder of images, or a file of images.")
  var input: String

  @Flag(help: "Fit images of another size to the model's; what comes of them has the model's size.")
  var resize = false

  @Option(help: "What image files are drawn on, light or dark paper (default: told by their borders).")
  var paper: Paper?

  @Option(help: ArgumentHelp("The array in an NPZ file that holds the images.", valueName: "name"))
  var key: String?

  /// Reads them as a model of that shape wants them.
  ///
  /// - Throws: `SystemError` where they cannot be read, `DataError` where they are faulty.
  func read(for shape: ImageSet.Shape?) throws -> StoredImages {
    let options = ImageFileOptions(
      paper: paper, channels: shape?.channels, size: resize ? shape?.imageSize : nil)
    let images = try StoredImages.read(input, options: ReadOptions(key: key, images: options))
    images.tellPassedOver()
    return images
  }
}

extension StoredImages {
  /// Says which files of a folder were not read, so that nobody misses them later.
  func tellPassedOver() {
    guard !passedOver.isEmpty else { return }
    let names = passedOver.prefix(5).joined(separator: ", ") + (passedOver.count > 5 ? ", …" : "")
    Console.note(
      "passed over \(grouped(passedOver.count)) file\(passedOver.count == 1 ? "" : "s") that "
        + "\(passedOver.count == 1 ? "is" : "are") no image by its ending: \(names)")
  }
}
