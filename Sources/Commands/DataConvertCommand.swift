import ArgumentParser
import ImageSets
import Support

/// `tiddu data convert`
struct DataConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Write images or labels in another format.",
    discussion: """
      The ending of OUTPUT says the format: -ubyte or .idx, .csv, .npy (each also with .gz), or .npz; .png or .jpg \
      for one image, no ending for a folder of them. IDX and NPY write labels into a second file: y_… for X_…, \
      …labels… for …images….

      EXAMPLE: tiddu data convert kannada-mnist/ train.csv --part train
      """)

  @Argument(help: "A folder with a dataset, or a file of images or labels.")
  var input: String

  @Argument(help: "The file or folder to write.")
  var output: String

  @Option(help: "The format to write, whatever OUTPUT ends in.")
  var format: Format?

  @Option(help: "The part of a dataset to read; needed where it has several.")
  var part: Dataset.Part?

  @OptionGroup var reading: ReadingOptions

  func validate() throws {
    _ = try format ?? Format.named(by: output)
  }

  func run() throws {
    let dataset = try Dataset.open(input)
    let parts = dataset.parts
    guard let part = part ?? (parts.count == 1 ? parts.first : nil) else {
      throw UsageError(
        "\(input) has several parts: \(parts.map(\.rawValue).joined(separator: ", "))",
        remedy: "Choose one with --part.")
    }
    guard let file = dataset.files[part] else { return try write(dataset.load(part)) }
    switch try Contents.read(file, options: reading.options()) {
    case .images(let set): try write(set)
    case .labels(let labels):
      try labels.write(to: output, format: format)
      Console.report("\(output)  \(grouped(labels.count)) labels", on: output)
    }
  }

  private func write(_ set: ImageSet) throws {
    try set.write(to: output, format: format)
    Console.report("\(output)  \(grouped(set.count)) images of \(set.shape)", on: output)
  }
}
