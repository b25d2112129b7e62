import Support

/// Several numpy arrays, each by its key, in a zip archive: `numpy.savez` and `numpy.savez_compressed`.
package enum NPZ {
  static let imagesKey = "images"
  static let labelsKey = "labels"
  /// Where images are looked for when no key is named, in this order.
  static let imageKeys = ["images", "x", "X", "imgs", "data", "arr_0", "x_train", "X_train", "train_images"]

  static func read(_ path: String, options: ReadOptions) throws -> Contents {
    let fileSize = try FileStream(path).bound
    let archive = try ZipArchive(path)
    let entries = Dictionary(
      archive.entries.filter { $0.name.hasSuffix(".npy") }.map { (String($0.name.dropLast(4)), $0) },
      uniquingKeysWith: { first, _ in first })
    func array(_ key: String) throws -> NPYArray? {
      guard let entry = entries[key] else { return nil }
      return try NPYArray(from: archive.open(entry, fileSize: fileSize), options: options)
    }
    let keys = entries.keys.sorted()
    let name = FilePath.name(of: path)
    guard let key = options.key ?? imageKeys.first(where: keys.contains) ?? (keys.count == 1 ? keys[0] : nil),
      let main = try array(key)
    else { throw missing(options.key ?? imageKeys.joined(separator: ", "), keys: keys, path: path) }
    if options.key == nil,
      keys.contains(where: { $0 != key && imageKeys.contains($0) || $0 == "x_test" || $0 == "test_images" })
    {
      options.note?("\(key) taken of the arrays \(keys.joined(separator: ", ")); --key says otherwise")
    }
    let contents = try main.contents(options, name: name, source: path)
    guard case .images(var set) = contents,
      let labelsKey = options.labelsKey ?? labelKeys(for: key).first(where: keys.contains)
    else { return contents }
    guard let labels = try array(labelsKey) else { throw missing(labelsKey, keys: keys, path: path) }
    // A second array without a name of its own may be anything.
    if labelsKey == "arr_1", options.labelsKey == nil, !labels.isLabels { return contents }
    set.images = try set.images.labeled(
      by: Labels(labels.labels(), name: name, source: "\(path), entry \(labelsKey).npy"))
    return .images(set)
  }

  /// Keys of the parts in a file that holds several, as Keras' `mnist.npz` (`x_train`, `x_test`) and MedMNIST's
  /// (`train_images`, `val_images`, `test_images`) do; empty for a file of one set.
  static func parts(of path: String) throws -> [Dataset.Part: String] {
    let keys = Set(
      try ZipArchive(path).entries.map(\.name).filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) })
    let parts = Dataset.Part.allCases.compactMap { part in
      part.words.lazy.flatMap { ["x_\($0)", "X_\($0)", "\($0)_images", "images_\($0)", "\($0)_x"] }
        .first(where: keys.contains).map { (part, $0) }
    }
    return parts.count > 1 ? Dictionary(uniqueKeysWithValues: parts) : [:]
  }

  /// The names that the labels of the images under `key` may have: `y_train` for `x_train`, `train_labels` for
  /// `train_images`.
  private static func labelKeys(for key: String) -> [String] {
    var keys: [String] = []
    if key.hasPrefix("x") || key.hasPrefix("X") { keys.append("y" + key.dropFirst()) }
    if key.hasSuffix("_x") { keys.append(key.dropLast() + "y") }
    for word in ["images", "imgs"] {
      if let range = key.firstRange(of: word) {
        keys.append(key[..<range.lowerBound] + "labels" + key[range.upperBound...])
      }
    }
    return keys + ["labels", "y"] + (key == "arr_0" ? ["arr_1"] : [])
  }

  private static func missing(_ wanted: String, keys: [String], path: String) -> DataError {
    DataError(
      file: path, expected: "an array under \(wanted)",
      found: keys.isEmpty ? "no arrays at all" : keys.map { String(excerptOf: $0.utf8) }.joined(separator: ", "),
      remedy: keys.isEmpty
        ? "Save the arrays with numpy.savez." : "Name the array that holds the images, for instance --key \(keys[0])."
    )
  }

  /// Writes the images under `images` and the labels, if there are some, under `labels`.
  static func write(_ set: ImageSet, as encoding: ArrayEncoding?, to path: String, in group: FileGroup?) throws {
    var arrays = [(imagesKey, NPY.encode(set, as: encoding))]
    if let labels = set.labels {
      arrays.append((labelsKey, NPY.encode(Labels(labels, name: set.name, source: set.source))))
    }
    try write(arrays, to: path, in: group)
  }

  package static func write(_ arrays: [(key: String, bytes: [UInt8])], to path: String, in group: FileGroup? = nil)
    throws
  {
    let bytes = try ZipArchive.bytes(of: arrays.map { ($0.key + ".npy", $0.bytes) }, path: path)
    try WholeFile.write(bytes, to: path, in: group)
  }
}
