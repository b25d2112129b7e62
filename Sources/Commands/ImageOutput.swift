import ArgumentParser
import ImageSets
import Support

/// Where images go, and how.
struct ImageOutput: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where the result goes: an image file, a folder, an array's file, or - for standard output.", valueName: "out"))
  var into: String

  @OptionGroup var writing: WritingOptions

  /// - Parameter input: what is written to standard output has its format.
  func destination(for input: String) throws -> Destination { try writing.destination(into, for: input) }
}

struct WritingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The type of an array's numbers, such as uint8 or float32, or of image files' samples: uint8, uint16 (default: as "
        + "the input's).", valueName: "type"))
  var dtype: NumberType?

  @Flag(help: "Allow the result to be written over the input.")
  var overwrite = false

  func destination(_ path: String, format: Format? = nil, for input: String) throws -> Destination {
    try Destination(path, format: format, input: input, options: self)
  }
}

extension NumberType: ExpressibleByArgument {}

/// A place for images that has been found able to take them.
struct Destination {
  /// As it was given.
  let name: String
  let path: String
  let format: Format
  private let options: WritingOptions

  init(_ path: String, format: Format?, input: String, options: WritingOptions) throws {
    (name, self.options) = (path, options)
    self.path = path == "-" ? "/dev/stdout" : path
    self.format = try format ?? (path == "-" ? Self.formatOfInput(input) : Format.named(by: path))
  }

  private static func formatOfInput(_ input: String) throws -> Format {
    let format = try Format.recognize(input)
    guard format != .images, format != .archive, format != .cifar else {
      throw UsageError(
        "\(input) is written to no single file", remedy: "Name a folder or an array's file instead of -.")
    }
    return format
  }

  /// Before the work begins: whether the images can be written there, and over none that they are made from.
  ///
  /// - Parameters:
  ///   - inputs: the files that were read.
  ///   - others: files that are written besides.
  /// - Throws: `UsageError`, `SystemError`.
  func check(_ images: StoredImages, labels: StoredImages.LabelWriting, inputs: [String], others: [String?] = []) throws
  {
    try images.check(to: path, format: format, type: options.dtype, labels: labels)
    try check(
      outputs: images.outputs(to: path, format: format, labels: labels) + others.compactMap(\.self), inputs: inputs)
    for other in others.compactMap(\.self) { try OutputTarget.check(other) }
  }

  func check(outputs: [String], inputs: [String]) throws {
    if options.overwrite { return }
    try Self.refuse(outputs, over: inputs, remedy: "Choose another name, or allow it by --overwrite.")
  }

  /// Throws a `UsageError` where one of the outputs would be written over an input.
  static func refuse(_ outputs: [String], over inputs: [String], remedy: String) throws(UsageError) {
    let read = Dictionary(inputs.compactMap { path in Folder.identity(of: path).map { ($0, path) } }) { first, _ in
      first
    }
    for output in outputs {
      guard let input = Folder.identity(of: output).flatMap({ read[$0] }) else { continue }
      throw UsageError("\(output) would be written over the input \(input)", remedy: remedy)
    }
  }

  /// Images that are not to be rounded to bytes on their way: those that are written in more than 8 bits.
  func deepened(_ images: StoredImages) -> StoredImages {
    let isDeep = options.dtype.map { ArrayEncoding($0).isDeep } ?? images.encoding?.isDeep ?? false
    return isDeep ? images.replacing(images.images.withValues) : images
  }

  /// Writes them; returns the file that the labels went into, where that is one of their own.
  @discardableResult
  func write(
    _ images: StoredImages, labels: StoredImages.LabelWriting, in group: FileGroup? = nil
  ) throws -> String? {
    try images.write(to: path, format: format, type: options.dtype, labels: labels, in: group)
  }

  /// Says what was done, where the result itself did not go to the same place.
  func report(_ text: String) { Console.report("\(name)  \(text)", on: path) }
}
