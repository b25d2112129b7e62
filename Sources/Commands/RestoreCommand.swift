import ArgumentParser
import Distortions
import ImageSets
import NeuralNetworks
import Pages
import Restoration
import Support

/// `tiddu restore`
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Turn distorted images back into clean ones.",
    discussion: """
      Takes an image (PNG, JPEG, TIFF, BMP, WebP), a folder or a zip archive of them, or an array of images in any format. \
      Images are written back on paper of the same colour, under the same names, and with the same depth, resolution and \
      profile; arrays with numbers of the same type. A fully convolutional model takes images of any size, \
      and restores large ones in tiles. A model that recognizes orientations says what it undid, and can leave \
      unchanged what it is unsure of.

      On a photograph or a scan of a digit, the digit is found first and comes back as an image of the model's size; with \
      --keep-place the whole picture comes back, however many digits are on it, each in its place.

      EXAMPLE: tiddu restore photo.png --into clean.png
      """)

  @OptionGroup var source: ImageInput

  private var model: String { source.model(or: ShippedModels.corrector) }

  @OptionGroup var output: ImageOutput

  @Option(
    help: ArgumentHelp(
      "Leave images as they are whose orientation the model is less sure of than this, from 0 to 1.",
      valueName: "probability"))
  var onlyIfSure: Float?

  @Flag(help: "Say of each image what was undone, and how sure the model is, as CSV.")
  var explain = false

  @OptionGroup var threading: ThreadOptions

  @OptionGroup var products: PrecisionOption

  @OptionGroup var expectation: ExpectationOption

  @Flag(help: "Print the result as JSON, with what was undone of each image.")
  var json = false

  @Option(
    help:
      "What is drawn where something is hidden: sharp, the more probable of ink and paper, or mean, grey where that is doubtful."
  )
  var inpainting = Inpainting.sharp

  @Flag(
    help:
      "Find the digits on a photograph, a scan or a sheet, and give it back with each of them corrected in its place.")
  var keepPlace = false

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    if keepPlace, explain || json || onlyIfSure != nil || source.wantsResizing {
      throw ValidationError(
        "--keep-place gives pictures back; leave out --explain, --json, --only-if-sure and --resize.")
    }
    if let onlyIfSure, !(0...1).contains(onlyIfSure) {
      throw ValidationError("--only-if-sure is a probability from 0 to 1, such as 0.9.")
    }
    if explain, json { throw ValidationError("--json says of each image what --explain does; give one of them.") }
  }

  func run() throws {
    try threading.use()
    let destination = try output.destination(for: source.path())
    if keepPlace { return try restoreInPlace(destination) }
    let restorer = try Restorer(
      contentsOf: model, precision: products.precision, expecting: expectation.recipe, inpainting: inpainting)
    guard restorer.findsOrientations || onlyIfSure == nil && !explain else {
      throw UsageError(
        "\(restorer.name) does not say what it undoes",
        remedy: "Choose a model that recognizes orientations, such as one trained by tiddu train --preset tiddu-small.")
    }
    if try source.isOfSeveralSizes(restorer) { return try restoreEach(restorer, destination) }
    let images = destination.deepened(
      try source.read(
        for: restorer.shape, hasPaper: restorer.model.hasPaper, takesAnySize: restorer.takesAnySize))
    try destination.check(images, labels: .within, inputs: images.inputs(of: source.input))
    try restorer.model.check(images.images, verb: "restores")
    images.tellDoubts()
    guard restorer.findsOrientations else {
      try destination.write(images.replacing(restorer.restore(images.images)), labels: .within)
      return try report(images.images.count, destination)
    }
    let restored = try restorer.restoration(of: images.images, ifSureBy: onlyIfSure ?? 0)
    try destination.write(images.replacing(restored.images), labels: .within)
    let undone = findings(restored, names: images.names)
    if json {
      try JSONOutput.print(
        Result(
          model: model, precision: products.precision, input: source.input, into: output.into,
          images: restored.images.count,
          unchanged: restored.unchanged.count, findings: undone))
    } else if explain {
      print("image,undone,probability,restored,damage")
      for one in undone ?? [] {
        print(
          "\(csvCell(one.name)),\(one.undone.rawValue),\(fixed(Double(one.probability), 4)),\(one.restored ? 1 : 0),"
            + (one.damage ?? ""))
      }
    } else {
      destination.report(summary(restored))
    }
  }

  /// Images of any size, one file at a time: all are written or none.
  private func restoreEach(_ restorer: Restorer, _ destination: Destination) throws {
    guard destination.format == .images else {
      throw UsageError(
        "\(output.into) would hold images of several sizes",
        remedy: "Name a folder to write them into, or add --resize.")
    }
    let listing = try ImageFolder.names(in: source.input)
    try destination.check(
      outputs: listing.map { "\(destination.path)/\($0)" }, inputs: listing.map { "\(source.input)/\($0)" })
    try OutputTarget.check(destination.path, isFolder: true)
    let options = source.options(for: restorer.shape, hasPaper: restorer.model.hasPaper)
    let files = FileGroup()
    var (count, failures) = (0, [any Error]())
    for name in listing {
      do {
        let image = destination.deepened(try StoredImages.read("\(source.input)/\(name)", options: options))
        try image.replacing(restorer.restore(image.images)).renamed([name])
          .write(to: destination.path, format: .images, type: output.writing.dtype, in: files)
        count += image.images.count
      } catch let error as DataError { failures.append(error) }
    }
    if let error = ImageFolder.failure(failures, of: listing.count, in: source.input) {
      guard source.reading.skipUnreadable, count > 0 else { throw error }
      Console.complain("\(error)")
    }
    try files.commit()
    try report(count, destination)
  }

  /// The pictures of pages with each digit corrected where it stands: all are written or none.
  private func restoreInPlace(_ destination: Destination) throws {
    let recipe = expectation.expect == Recipe.expected.name ? Recipe.onPages : try expectation.recipe
    let corrector = try PageCorrector(
      Restorer(contentsOf: model, precision: products.precision, expecting: recipe, inpainting: inpainting))
    var (pages, count) = ([StoredImages](), 0)
    try PageImages.forEach(in: source.path()) { picture in
      let page = try Page.read(picture.image.convertedToGray(), paper: source.reading.paper)
      let corrected = try corrector.correct(page)
      count += corrected.restored.count
      if page.digits.isEmpty { Console.note("\(picture.file): nothing found") }
      pages.append(
        StoredImages(
          images: corrected.picture(picture.image),
          files: [.init(name: picture.name, pages: [picture.encoding])], paper: .none))
    }
    let files = FileGroup()
    let isFolder = destination.format == .images
    guard isFolder || pages.count == 1 else {
      throw UsageError("\(output.into) would hold several pictures", remedy: "Name a folder to write them into.")
    }
    try destination.check(
      outputs: isFolder ? pages.flatMap { $0.names ?? [] }.map { "\(destination.path)/\($0)" } : [destination.path],
      inputs: [source.input])
    for page in pages { try destination.write(page, labels: .within, in: files) }
    try files.commit()
    destination.report("\(grouped(count)) digit\(count == 1 ? "" : "s") corrected")
  }

  /// Of a model that finds no orientations.
  private func report(_ count: Int, _ destination: Destination) throws {
    if json {
      return try JSONOutput.print(
        Result(
          model: model, precision: products.precision, input: source.input, into: output.into, images: count,
          unchanged: 0, findings: nil))
    }
    destination.report("\(grouped(count)) image\(count == 1 ? "" : "s") restored\(products.remark)")
  }

  private func summary(_ set: RestoredSet) -> String {
    let count = set.images.count - set.unchanged.count
    let restored = "\(grouped(count)) image\(count == 1 ? "" : "s") restored\(products.remark)"
    guard !set.unchanged.isEmpty else { return restored }
    let reason = onlyIfSure.map { " or the model was sure of them by less than \($0)" } ?? ""
    return "\(restored), \(grouped(set.unchanged.count)) left as they were: they needed nothing\(reason)"
  }

  private func findings(_ set: RestoredSet, names: [String]?) -> [Finding]? {
    set.findings.map { findings in
      let unchanged = Set(set.unchanged)
      return findings.enumerated().map { number, one in
        Finding(
          name: names?[number] ?? "\(number)", undone: one.orientation, probability: one.probability,
          restored: !unchanged.contains(number), damage: one.damage.map { "\($0)" })
      }
    }
  }

  private struct Finding: Encodable {
    var name: String
    /// What was done to the image, as far as the model can tell.
    var undone: Orientation
    var probability: Float
    /// Whether anything was done: the image needed it, and the model was sure enough.
    var restored: Bool
    /// The most probable; nil from a model that tells none.
    var damage: String?
  }

  private struct Result: Encodable {
    var model: String
    var precision: Precision
    var input: String
    var into: String
    var images: Int
    /// Images that were left as they were, the model being unsure.
    var unchanged: Int
    /// Nil from a model that finds no orientations.
    var findings: [Finding]?
  }
}

extension Inpainting: ExpressibleByArgument {}
