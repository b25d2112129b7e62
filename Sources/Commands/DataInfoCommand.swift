import ArgumentParser
import Foundation
import ImageSets
import Support
import Synchronization

/// `tiddu data info`
struct DataInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Say what a dataset or file holds.",
    discussion: """
      For each part: the format, how many images of which size, how much ink (the pixels' mean, 0 to 1) and how \
      many of each label.

      EXAMPLE: tiddu data info kannada-mnist/
      """)

  @Argument(help: "A folder with a dataset, a file of images or labels, or - for standard input.")
  var path: String

  @OptionGroup var reading: ReadingOptions

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    let dataset = try Dataset.open(StandardInput.resolve(path))
    let parts = try dataset.parts.map { try PartInfo(part: $0, of: dataset, options: reading.options()) }
    if json {
      let info = DatasetInfo(name: dataset.name, path: dataset.path, parts: parts)
      try JSONOutput.print(info)
    } else {
      print("\(dataset.name), from \(StandardInput.named(dataset.path))")
      for part in parts { print(part.text) }
    }
  }
}

private struct DatasetInfo: Encodable {
  let name: String
  let path: String
  let parts: [PartInfo]
}

/// One part's figures; those of images are nil for a file of labels alone.
private struct PartInfo: Encodable {
  let part: String
  let file: String
  let format: String
  var compressed = false
  var images: Int?
  var shape: ImageSet.Shape?
  var inkShare: Double?
  var labels: [String: Int]?
  /// How the axes were read, where they could have been read otherwise.
  var reading: String?

  init(part: Dataset.Part, of dataset: Dataset, options: ReadOptions) throws {
    let notes = Mutex([String]())
    var options = options
    options.note = { note in notes.withLock { $0.append(note) } }
    self.part = part.rawValue
    switch dataset.sources[part] {
    case .files(let files, let key):
      format = try Format.recognize(files[0]).rawValue
      compressed = try Format.isCompressed(files[0])
      file = files.map(StandardInput.named).joined(separator: ", ") + (key.map { ", array \($0)" } ?? "")
    case .table(let table): (format, file) = (Format.images.rawValue, table.path)
    // Images that are made and read from no file.
    case nil: (format, file) = ("made", dataset.name)
    }
    switch try dataset.read(part, options: options) {
    case .images(let set):
      count(set.images)
      set.tellDoubts()
    case .labels(let labels): self.labels = Self.byName(labels.counts)
    }
    reading = notes.withLock { $0.isEmpty ? nil : $0.joined(separator: "; ") }
  }

  private mutating func count(_ set: ImageSet) {
    images = set.count
    shape = set.shape
    inkShare = set.inkShare
    labels = set.labelCounts.map(Self.byName)
  }

  private static func byName(_ counts: [Int: Int]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: counts.map { (String($0), $1) })
  }

  var text: String {
    let counts = (labels ?? [:]).sorted { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }.map { "\($0.key): \($0.value)" }
    let ink = inkShare.map { String(format: ", ink %.4f", $0) } ?? ""
    let what = images.map { "\($0) images of \(shape?.description ?? "")\(ink)" } ?? "labels alone"
    return """
      \(part): \(format.uppercased())\(compressed ? " inside gzip" : ""), \(what)
        \(counts.isEmpty ? "no labels" : "labels " + counts.joined(separator: ", "))
        \(file)\(reading.map { "\n  " + $0 } ?? "")
      """
  }
}
