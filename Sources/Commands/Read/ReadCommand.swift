import ArgumentParser
import Figures
import ImageSets
import Pages
import Restoration
import Support

/// `tiddu read`
struct ReadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "read", abstract: "Read the digits on photographs and scans: single ones, numbers, whole sheets.",
    discussion: """
      Finds the writing on each page, however it lies in the picture and whatever the light, lines and tables; says of each \
      digit where it stands, what it is and how sure that is. Tables are told by their rows and columns. Where there is no \
      digit, that is said, and the table is empty.

      EXAMPLE: tiddu read photo.jpg --show read.png
      """)

  @Argument(help: "Image files, also of many pages, folders or zip archives of them, or - for standard input.")
  var inputs: [String]

  @OptionGroup var reading: PageReadingOptions

  @OptionGroup var output: ReadOutputOptions

  @Flag(help: "Go on without image files that cannot be read; they are named.")
  var skipUnreadable = false

  @OptionGroup var threading: ThreadOptions

  @OptionGroup var quietness: QuietOption

  func run() throws {
    try threading.use()
    let reader = try reading.open()
    let files = FileGroup()
    var writer = try ReadWriter(output, inputs: inputs, files: files)
    for input in inputs {
      let path = try StandardInput.resolve(input)
      try PageImages.forEach(in: path, skip: skipUnreadable ? { Console.complain("passed over \($0)") } : nil) {
        picture in
        let page = try Page.read(picture.image.convertedToGray(), paper: reading.paper)
        let name = StandardInput.isPath(path) ? StandardInput.name : inputs.count > 1 ? "\(input)" : picture.file
        try writer.add(reader.read(page), of: picture, named: name)
      }
    }
    try files.commit()
    try writer.finish()
  }
}

/// How pages are read.
struct PageReadingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("What reads the digits (default: \(ShippedModels.reader)).", valueName: "model"))
  var reader: String?

  @Option(
    help: ArgumentHelp(
      "What says how pages lie and corrects damaged digits, or none (default: tiddu-small with the reader that comes with "
        + "tiddu, none with another).", valueName: "model|none"))
  var corrector: String?

  @Flag(help: "The pages lie upright in their pictures.")
  var upright = false

  @Option(help: "What is written on: light or dark paper (default: told by the picture).")
  var paper: Paper?

  func validate() throws {
    if paper == Paper.none { throw ValidationError("--paper is light or dark: there is no writing without paper.") }
  }

  func open() throws -> PageReader {
    let name = corrector ?? (reader == nil ? ShippedModels.pageCorrector : "none")
    return try PageReader(
      Classifier(contentsOf: reader ?? ShippedModels.reader),
      corrector: PageCorrector(
        name == "none" ? nil : Restorer(contentsOf: name, expecting: .onPages), areUpright: upright))
  }
}
