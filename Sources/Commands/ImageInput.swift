import ArgumentParser
import ImageSets
import Restoration
import Support

/// Images of people's own, fitted to a model.
struct ImageInput: ParsableArguments {
  @Argument(help: "An image, a folder of images, or a file of images.")
  var input: String

  @Flag(help: "Fit images of another size to the model's; what comes of them has the model's size.")
  var resize = false

  @Option(help: "What image files are drawn on: light or dark paper, or none: photographs (default: told by them).")
  var paper: Paper?

  @Option(help: ArgumentHelp("The array in an NPZ file that holds the images.", valueName: "name"))
  var key: String?

  /// How a model of that shape wants them: a model of photographs takes none for writing, and the other way round.
  func options(for shape: ImageSet.Shape?, hasPaper: Bool) -> ImageFileOptions {
    var options = ImageFileOptions(
      paper: paper ?? (hasPaper ? nil : Paper.none), channels: shape?.channels, size: resize ? shape?.imageSize : nil)
    options.isWriting = hasPaper
    return options
  }

  /// Reads them as a model of that shape wants them.
  ///
  /// - Throws: `SystemError` where they cannot be read, `DataError` where they are faulty.
  func read(for shape: ImageSet.Shape?, hasPaper: Bool) throws -> StoredImages {
    let options = options(for: shape, hasPaper: hasPaper)
    let images = try StoredImages.read(input, options: ReadOptions(key: key, images: options))
    images.tellPassedOver()
    return images
  }
}

extension ImageInput {
  /// Whether it is a folder of image files whose sizes need not agree, the model taking any.
  func isOfSeveralSizes(_ restorer: Restorer) throws -> Bool {
    try restorer.takesAnySize && !resize && Format.recognize(input) == .images
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
