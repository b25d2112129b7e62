import Distortions
import Evaluation
import ImageSets
import Support

/// The benchmark's sets as files that other programs read: `clean.npy`, `gaussian-noise-3.npy`, …, and `labels.npy`.
struct BenchmarkSets {
  let clean: ImageSet

  init(_ clean: ImageSet) { self.clean = clean }

  static let labels = "labels"

  /// The clean one first.
  private static let sets: [(name: String, recipe: Recipe, seed: UInt64)] =
    [(KannadaMNISTC.cleanName, .identity, 0)]
    + KannadaMNISTC.corruptions.flatMap { corruption in
      corruption.severities.map {
        (corruption.setName(severity: $0), corruption.recipe(severity: $0), corruption.seed)
      }
    }
  static var names: [String] { sets.map(\.name) }

  /// Writes every set, (N, H, W) or (N, H, W, 3) bytes, and the labels if there are some.
  ///
  /// - Throws: `SystemError` where a file cannot be written.
  func write(into folder: String, quietly: Bool) throws {
    let files = FileGroup()
    try files.createFolder(folder)
    for set in Self.sets {
      try write(set.recipe.compiled(for: clean.shape).apply(to: clean, seed: set.seed), set.name, into: folder, files)
    }
    if let labels = clean.labels {
      try Labels(labels, name: clean.name, source: clean.source).write(to: "\(folder)/\(Self.labels).npy", in: files)
    }
    try files.commit()
    if !quietly {
      Console.report("\(folder)  \(Self.names.count) sets of \(grouped(clean.count)) images of \(clean.shape)")
    }
  }

  private func write(_ set: ImageSet, _ name: String, into folder: String, _ files: FileGroup) throws {
    let unlabelled = ImageSet(shape: set.shape, pixels: set.pixels, name: name, source: set.source)
    try unlabelled.write(to: "\(folder)/\(name).npy", in: files)
  }
}

/// The benchmark's sets as another program has corrected them, in files of the same names.
struct RestoredSets {
  let name: String
  let folder: String

  /// From "NAME=DIR"; throws `UsageError` where it is not like this.
  init(argument: String) throws(UsageError) {
    let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, !argument.hasPrefix("=") else {
      throw UsageError(
        "--restored \(argument): a name and a folder are wanted", remedy: "Write --restored median=filtered/median.")
    }
    (name, folder) = (parts[0], parts[1])
  }

  /// Before anything is measured: throws `DataError` where the folder or one of the sets is missing.
  func checkThatAllAreThere() throws(DataError) {
    guard Folder.kind(of: folder) == .folder else {
      throw DataError(
        file: folder, expected: "a folder of corrected sets", found: "none",
        remedy: "Write the sets with tiddu benchmark --export, correct them, and name the folder with the results.")
    }
    let missing = BenchmarkSets.names.filter { Folder.kind(of: path(of: $0)) != .file }
    guard let first = missing.first else { return }
    throw DataError(
      file: folder, expected: "a file for each of the \(BenchmarkSets.names.count) sets",
      found: "no \(first).npy" + (missing.count > 1 ? ", and \(missing.count - 1) more missing" : ""),
      remedy: "Correct every set that tiddu benchmark --export writes, under the same name.")
  }

  /// - Parameter count: the subset of so many images, of a file that holds it or the whole set; nil takes all.
  /// - Throws: `DataError` for a faulty file, `SystemError` where it cannot be read.
  func read(_ set: String, subset count: Int?) throws -> ImageSet {
    let images = try ImageSet.read(path(of: set))
    return count.map(images.subset) ?? images
  }

  private func path(of set: String) -> String { "\(folder)/\(set).npy" }
}
