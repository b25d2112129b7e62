import Groundwork

/// What a file holds: pictures, or labels alone.
public enum Contents: Sendable, Equatable {
  case pictures(ImageSet)
  case labels(Labels)

  /// Reads a file of any format, plain or inside gzip, and the labels that stand in a file of their own beside it.
  ///
  /// - Throws: `SystemError` where the file cannot be read, `DataError` where its contents are not as they should be.
  public static func read(_ path: String, options: ReadOptions = .init()) throws -> Contents {
    let contents =
      switch try Format.recognize(path) {
      case .idx: try IDX.read(path, options: options).fitted(to: options.pictures)
      case .csv: try KaggleCSV.read(path, options: options).fitted(to: options.pictures)
      case .npy: try NPY.read(path, options: options).fitted(to: options.pictures)
      case .npz: try NPZ.read(path, options: options).fitted(to: options.pictures)
      case .picture: Contents.pictures(try PictureFile.read(path, options: options.pictures).images)
      case .pictures: Contents.pictures(try PictureFolder.read(path, options: options.pictures).images)
      }
    guard case .pictures(let set) = contents, set.labels == nil, let name = FilePath.labels(for: path),
      let partner = FilePath.existing(name)
    else { return contents }
    return .pictures(try set.labeled(by: Labels.read(partner, options: ReadOptions(largestSize: options.largestSize))))
  }
}

extension Contents {
  fileprivate func fitted(to options: PictureOptions) throws -> Contents {
    guard case .pictures(let set) = self else { return self }
    return .pictures(try set.fitted(to: options))
  }
}

extension ImageSet {
  /// The pictures with the channels and the size that are asked for.
  func fitted(to options: PictureOptions) throws -> ImageSet {
    let colored =
      switch options.channels {
      case 1: convertedToGray()
      case 3: convertedToRGB()
      default: self
      }
    return try options.size.map(colored.resized) ?? colored
  }
}

extension ImageSet {
  /// Reads pictures, with their labels where there are some, from a file of any format (told by its contents).
  ///
  /// - Throws: `SystemError` where the file cannot be read, `DataError` where its contents are not as they should be.
  public static func read(_ path: String, options: ReadOptions = .init()) throws -> ImageSet {
    switch try Contents.read(path, options: options) {
    case .pictures(let set): return set
    case .labels(let labels):
      throw DataError(
        file: path, expected: "pictures", found: "\(labels.count) labels without pictures",
        remedy: "Give the file with the pictures; labels beside it are found by its name.")
    }
  }

  /// The same pictures with the labels of another file; both must have the same length.
  func labeled(by labels: Labels) throws -> ImageSet {
    guard labels.count == count else {
      throw DataError(
        file: labels.source, expected: "\(count) labels, one for each picture in \(source)", found: "\(labels.count)",
        remedy: "The two files do not belong together: fetch or make both again.")
    }
    return ImageSet(shape: shape, pixels: pixels, labels: labels.values, name: name, source: source)
  }

  /// Writes the set whole, in `format` or in the one that the ending of the name asks for, inside gzip if it ends in
  /// ".gz". IDX and NPY put labels into a second file named after the first: `y_…` for `X_…`, `…labels…` for `…images…`;
  /// both are written or neither.
  ///
  /// - Parameter group: keeps the files out of their places until the whole group is put there.
  /// - Throws: `UsageError` where the format cannot hold the set or no format is named, `SystemError` where the file
  ///   cannot be written.
  public func write(to path: String, format: Format? = nil, in group: FileGroup? = nil) throws {
    if count == 0 { throw UsageError("\(path): there are no pictures to write", remedy: "Choose another input.") }
    let files = group ?? FileGroup()
    let format = try format ?? Format.named(by: path)
    let compressed = path.hasSuffix(".gz") && format != .npz
    switch format {
    case .idx:
      try IDX.write(self, to: path, compressed: compressed, in: files)
      try writeLabels(beside: path, .idx, in: files)
    case .csv: try KaggleCSV.write(self, to: path, compressed: compressed, in: files)
    case .npy:
      try NPY.write(self, to: path, compressed: compressed, in: files)
      try writeLabels(beside: path, .npy, in: files)
    case .npz: try NPZ.write(self, to: path, in: files)
    case .picture, .pictures: try PictureSet(images: self).write(to: path, format: format, in: files)
    }
    if group == nil { try files.commit() }
  }

  /// The labels, if there are some, into their own file.
  private func writeLabels(beside path: String, _ format: Format, in group: FileGroup) throws {
    guard let labels else { return }
    guard let partner = FilePath.labels(for: path) else {
      throw UsageError(
        "\(path): labels would need a file of their own, and this name leads to none",
        remedy: "Choose a name with \"images\" in it (the labels' will have \"labels\"), or .csv or .npz.")
    }
    try Labels(labels, name: name, source: source).write(to: partner, format: format, in: group)
  }
}
