import Support

/// What a file holds: images, or labels alone.
public enum Contents: Sendable, Equatable {
  case images(ImageSet)
  case labels(Labels)

  /// Reads a file of any format, plain or inside gzip, and the labels that stand in a file of their own beside it.
  ///
  /// - Throws: `SystemError` where the file cannot be read, `DataError` where its contents are not as they should be.
  public static func read(_ path: String, options: ReadOptions = .init()) throws -> Contents {
    let contents =
      switch try Format.recognize(path) {
      case .idx: try IDX.read(path, options: options).fitted(to: options.images)
      case .csv: try KaggleCSV.read(path, options: options).fitted(to: options.images)
      case .npy: try NPY.read(path, options: options).fitted(to: options.images)
      case .npz: try NPZ.read(path, options: options).fitted(to: options.images)
      case .image: Contents.images(try ImageFile.read(path, options: options.images).images)
      case .images: Contents.images(try ImageFolder.read(path, options: options.images).images)
      }
    guard case .images(let set) = contents, set.labels == nil, let name = FilePath.labels(for: path),
      let partner = FilePath.existing(name)
    else { return contents }
    return .images(try set.labeled(by: Labels.read(partner, options: ReadOptions(largestSize: options.largestSize))))
  }
}

extension Contents {
  fileprivate func fitted(to options: ImageFileOptions) throws -> Contents {
    guard case .images(let set) = self else { return self }
    return .images(try set.fitted(to: options))
  }
}

extension ImageSet {
  /// The images with the channels and the size that are asked for.
  func fitted(to options: ImageFileOptions) throws -> ImageSet {
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
  /// Reads images, with their labels where there are some, from a file of any format (told by its contents).
  ///
  /// - Throws: `SystemError` where the file cannot be read, `DataError` where its contents are not as they should be.
  public static func read(_ path: String, options: ReadOptions = .init()) throws -> ImageSet {
    switch try Contents.read(path, options: options) {
    case .images(let set): return set
    case .labels(let labels):
      throw DataError(
        file: path, expected: "images", found: "\(labels.count) labels without images",
        remedy: "Give the file with the images; labels beside it are found by its name.")
    }
  }

  /// The same images with the labels of another file; both must have the same length.
  func labeled(by labels: Labels) throws -> ImageSet {
    guard labels.count == count else {
      throw DataError(
        file: labels.source, expected: "\(count) labels, one for each image in \(source)", found: "\(labels.count)",
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
    if count == 0 { throw UsageError("\(path): there are no images to write", remedy: "Choose another input.") }
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
    case .image, .images: try StoredImages(images: self).write(to: path, format: format, in: files)
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
