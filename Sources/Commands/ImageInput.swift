import ArgumentParser
import ImageSets
import Restoration
import Support

/// Images of people's own, fitted to a model.
struct ImageInput: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A model, unless the one that comes with tiddu is to be taken: a checkpoint, a run's folder, or one of "
        + ShippedModels.names.joined(separator: ", ")
        + "; and behind it an image, a folder or archive of images, a file of images, or - for standard input.",
      valueName: "model> <input"))
  var arguments: [String]

  func validate() throws {
    guard (1...2).contains(arguments.count) else {
      throw ValidationError("Name an image or a folder of images, and before it a model if you like.")
    }
    guard arguments.count == 1, Folder.kind(of: RunFolder(input).best) == .file || input.hasSuffix(".safetensors")
    else {
      return
    }
    throw ValidationError("\(input) is a model: name the images behind it.")
  }

  /// What the images are.
  var input: String { arguments[arguments.count - 1] }

  /// What was named, or else this model that comes with the program.
  func model(or shipped: String) -> String { arguments.count > 1 ? arguments[0] : shipped }

  @Flag(
    name: .customLong("resize"),
    help: """
      Fit images of another size into the model's, whole; what comes of them has the model's size. Without a model's name that \
      is done anyway. Without this, a digit is looked for on images that are at least five times as large.
      """)
  var wantsResizing = false

  var resize: Bool { wantsResizing || arguments.count == 1 }

  @OptionGroup var reading: InputOptions

  /// Where it can be read.
  func path() throws -> String { try StandardInput.resolve(input) }

  /// How a model of that shape wants them: a model of photographs takes none for writing, and the other way round.
  func options(for shape: ImageSet.Shape?, hasPaper: Bool) -> ReadOptions {
    var options = ImageFileOptions(
      paper: reading.paper ?? (hasPaper ? nil : Paper.none), channels: shape?.channels,
      size: resize ? shape?.imageSize : nil)
    options.isWriting = hasPaper
    return reading.options(options)
  }

  /// Reads them as a model of that shape wants them: photographs of a digit for a model of digits, unless they are to be
  /// taken whole.
  ///
  /// - Throws: `SystemError` where they cannot be read, `DataError` where they are faulty.
  func read(for shape: ImageSet.Shape?, hasPaper: Bool, takesAnySize: Bool = false) throws -> StoredImages {
    let options = options(for: shape, hasPaper: hasPaper)
    if let shape, hasPaper, !wantsResizing, !takesAnySize,
      let photographs = try PhotographedDigits.read(
        path(), for: shape, options: options.images, skip: reading.skipUnreadable)
    {
      return photographs
    }
    return try StoredImages.read(path(), options: options)
  }

  /// Whether it is a folder of image files whose sizes need not agree, the model taking any.
  func isOfSeveralSizes(_ restorer: Restorer) throws -> Bool {
    try restorer.takesAnySize && !resize && Format.recognize(path()) == .images
  }
}

extension StoredImages {
  /// Says which files of a folder were not read, so that nobody misses them later, and what could be otherwise.
  func tellDoubts() {
    for remark in remarks { Console.note(remark) }
    if !passedOver.isEmpty {
      let names = passedOver.prefix(5).joined(separator: ", ") + (passedOver.count > 5 ? ", …" : "")
      Console.note(
        "passed over \(grouped(passedOver.count)) file\(passedOver.count == 1 ? "" : "s") that "
          + "\(passedOver.count == 1 ? "is" : "are") no image by its ending: \(names)")
    }
    if !skipped.isEmpty {
      Console.complain(
        "passed over \(grouped(skipped.count)) file\(skipped.count == 1 ? "" : "s") that cannot be read:")
      for reason in skipped { Console.complain("  " + StandardInput.named(reason)) }
    }
    if !isPaperSure {
      let words = paper == .none ? "no paper (photographs)" : "\(paper.rawValue) paper"
      Console.note("taken for \(words), though not clearly; --paper light, dark or none says otherwise")
    }
  }

  /// The files that were read from `path`.
  func inputs(of path: String) -> [String] {
    guard Folder.kind(of: path) == .folder else { return [path] }
    return (files ?? []).map { "\(path)/\($0.name)" }
  }
}
