import ArgumentParser
import ImageSets
import Support

/// `tiddu data convert`
struct DataConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Write images or labels in another format.",
    discussion: """
      The ending of OUTPUT says the format: -ubyte or .idx, .csv, .npy (each also with .gz), or .npz; .png, .jpg, .tif, \
      .bmp or .webp for one image (.tif also for several), no ending for a folder of them. IDX and NPY write labels \
      into a second file: y_… for X_…, …labels… for …images…, a-labels.npy for a.npy.

      EXAMPLE: tiddu data convert kannada-mnist/ train.csv --part train
      """)

  @Argument(help: "A folder with a dataset, a file of images or labels, or - for standard input.")
  var input: String

  @Argument(help: "The file or folder to write, or - for standard output.")
  var output: String

  @Option(help: "The format to write, whatever OUTPUT ends in.")
  var format: Format?

  @Option(help: "The part of a dataset or a file to read; needed where there are several.")
  var part: Dataset.Part?

  @OptionGroup var reading: ReadingOptions

  @OptionGroup var writing: WritingOptions

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    if output != "-" { _ = try format ?? Format.named(by: output) }
  }

  func run() throws {
    let path = try StandardInput.resolve(input)
    let dataset = try Dataset.open(path)
    let parts = dataset.parts
    // An array that is named is the one to take.
    let named = reading.input.key == nil ? nil : parts.first
    guard let part = part ?? named ?? (parts.count == 1 ? parts.first : nil) else {
      throw UsageError(
        "\(input) has several parts: \(parts.map(\.rawValue).joined(separator: ", "))",
        remedy: "Choose one with --part.")
    }
    let destination = try writing.destination(output, format: format, for: path)
    let inputs = [dataset.sources[part]?.path ?? path].filter { $0 != Dataset.syntheticName }
    switch try dataset.read(part, options: reading.options()) {
    case .images(let set): try write(set, destination, inputs: inputs.flatMap(set.inputs))
    case .labels(let labels):
      try destination.check(outputs: [destination.path], inputs: inputs)
      try labels.write(to: destination.path, format: destination.format)
      destination.report("\(grouped(labels.count)) labels")
    }
  }

  private func write(_ set: StoredImages, _ destination: Destination, inputs: [String]) throws {
    set.tellDoubts()
    try destination.check(set, labels: .beside, inputs: inputs)
    let partner = try destination.write(set, labels: .beside)
    destination.report(
      "\(grouped(set.images.count)) images of \(set.images.shape)" + (partner.map { "; labels in \($0)" } ?? ""))
  }
}
