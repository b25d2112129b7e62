import Support

/// Labels without images: what an IDX label file, a Kaggle `sample_submission.csv` or an array of integers holds.
package struct Labels: Sendable, Equatable {
  /// In the order of the images that they belong to; none is negative, any may be over 9.
  package let values: [Int]
  package var name: String
  /// Where they came from: a path, or how they were made.
  package var source: String

  package init(_ values: [Int], name: String, source: String) {
    self.values = values
    self.name = name
    self.source = source
  }

  package var count: Int { values.count }

  /// How often each label occurs.
  package var counts: [Int: Int] { values.reduce(into: [:]) { $0[$1, default: 0] += 1 } }

  /// Reads a file of labels, or the labels of a file that holds images with them.
  ///
  /// - Throws: `SystemError` where it cannot be read, `DataError` where there are none or the file is faulty.
  package static func read(_ path: String, options: ReadOptions = .init()) throws -> Labels {
    switch try Contents.read(path, options: options) {
    case .labels(let labels): return labels
    case .images(let set):
      guard let values = set.images.labels else {
        throw DataError(
          file: path, expected: "labels", found: "\(set.images.count) images without labels",
          remedy: "Give a file with labels.")
      }
      return Labels(values, name: set.images.name, source: set.images.source)
    }
  }

  /// Writes them as IDX, CSV (`id,label`, as Kaggle's `sample_submission.csv`), NPY or NPZ (key `labels`), by `format`
  /// or by the ending of the name.
  ///
  /// - Parameter group: keeps the file out of its place until the whole group is put there.
  /// - Throws: `UsageError` where the format cannot hold them, `SystemError` where the file cannot be written.
  package func write(to path: String, format: Format? = nil, in group: FileGroup? = nil) throws {
    if values.isEmpty { throw UsageError("\(path): there are no labels to write", remedy: "Choose another input.") }
    let compressed = path.hasSuffix(".gz")
    switch try format ?? Format.named(by: path) {
    case .idx: try IDX.write(self, to: path, compressed: compressed, in: group)
    case .csv: try KaggleCSV.write(self, to: path, compressed: compressed, in: group)
    case .npy: try NPY.write(self, to: path, compressed: compressed, in: group)
    case .npz: try NPZ.write([(NPZ.labelsKey, NPY.encode(self))], to: path, in: group)
    case .image, .images, .archive, .cifar:
      throw UsageError("\(path): labels alone are no images", remedy: "Choose .idx, .csv, .npy or .npz.")
    }
  }
}
