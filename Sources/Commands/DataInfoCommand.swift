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

  @Argument(help: "A folder with a dataset, or a file of images or labels.")
  var path: String

  @OptionGroup var reading: ReadingOptions

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() throws {
    let dataset = try Dataset.open(path)
    let parts = try dataset.parts.map { part in
      if let file = dataset.files[part] { return try PartInfo(part: part, file: file, options: reading.options()) }
      return PartInfo(part: part, set: try dataset.load(part))
    }
    if json {
      let info = DatasetInfo(name: dataset.name, path: dataset.path, parts: parts)
      try JSONOutput.print(info)
    } else {
      print("\(dataset.name), from \(dataset.path)")
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

  init(part: Dataset.Part, file: String, options: ReadOptions) throws {
    let notes = Mutex([String]())
    var options = options
    options.note = { note in notes.withLock { $0.append(note) } }
    self.part = part.rawValue
    self.file = file
    format = try Format.recognize(file).rawValue
    compressed = try Format.isCompressed(file)
    switch try Contents.read(file, options: options) {
    case .images(let set): count(set)
    case .labels(let labels):
      self.labels = Self.byName(labels.counts)
    }
    reading = notes.withLock { $0.first }
  }

  /// Images that are made and read from no file.
  init(part: Dataset.Part, set: ImageSet) {
    self.part = part.rawValue
    file = set.source
    format = "made"
    count(set)
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
