import Support

/// What a file holds: images, or labels alone.
package enum Contents: Sendable, Equatable {
  case images(StoredImages)
  case labels(Labels)

  /// Reads a file of any format, plain or inside gzip, and the labels that stand in a file of their own beside it.
  ///
  /// - Throws: `SystemError` where the file cannot be read, `DataError` where its contents are not as they should be.
  package static func read(_ path: String, options: ReadOptions = .init()) throws -> Contents {
    let contents: Contents =
      switch try Format.recognize(path) {
      case .idx: try IDX.read(path, options: options)
      case .csv: try KaggleCSV.read(path, options: options)
      case .npy: try NPY.read(path, options: options)
      case .npz: try NPZ.read(path, options: options)
      case .cifar: try CIFAR.read(path, options: options)
      // These fit each image on its own: they need not be of one size before.
      case .image: .images(try ImageFile.read(path, options: options.images))
      case .images: .images(try ImageFolder.read(path, options: options.images))
      case .archive: .images(try ImageArchive.read(path, options: options.images))
      }
    guard case .images(var set) = contents else { return contents }
    if set.files == nil {
      if EMNIST.isTransposed(path) {
        set.images = set.images.transposed()
        options.note?("EMNIST stores its images transposed: turned upright")
      }
      set.images = try set.images.fitted(to: options.images)
      set.paper = set.images.hasPaper ? .light : .none
    }
    if set.files == nil, set.images.labels == nil, let partner = FilePath.existingLabels(for: path) {
      let labels = try Labels.read(partner, options: ReadOptions(largestSize: options.largestSize))
      set.images = try set.images.labeled(by: labels)
    }
    return .images(set)
  }
}

extension ImageSet {
  /// The images with the channels and the size that are asked for.
  package func fitted(to options: ImageFileOptions) throws -> ImageSet {
    let colored =
      switch options.channels {
      case 1: convertedToGray()
      case 3: convertedToRGB()
      default: self
      }
    guard let size = options.size, size != colored.shape.imageSize else { return colored }
    // Each image has ink of its own extent.
    guard options.isWriting else { return try colored.fitted(in: size) }
    var images = try ImageSet(
      joining: (0..<count).map { try colored.selecting([$0]).withMargins.fitted(in: size) }, name: name, source: source)
    images.labels = labels
    (images.numbers, images.writers) = (numbers, writers)
    images.copyNature(of: self)
    return images
  }

  /// Reads images, with their labels where there are some, from a file of any format (told by its contents).
  ///
  /// - Throws: `SystemError` where the file cannot be read, `DataError` where its contents are not as they should be.
  package static func read(_ path: String, options: ReadOptions = .init()) throws -> ImageSet {
    try StoredImages.read(path, options: options).images
  }

  /// The same images with the labels of another file; both must have the same length.
  func labeled(by labels: Labels) throws -> ImageSet {
    guard labels.count == count else {
      throw DataError(
        file: labels.source, expected: "\(count) labels, one for each image in \(source)", found: "\(labels.count)",
        remedy: "The two files do not belong together: fetch or make both again.")
    }
    var set = self
    set.labels = labels.values
    return set
  }

  /// Writes the set whole, in `format` or in the one that the ending of the name asks for, inside gzip if it ends in
  /// ".gz". IDX and NPY put labels into a second file named after the first: `y_…` for `X_…`, `…labels…` for
  /// `…images…`, `a-labels.npy` for `a.npy`; both are written or neither.
  ///
  /// - Parameter group: keeps the files out of their places until the whole group is put there.
  /// - Throws: `UsageError` where the format cannot hold the set or no format is named, `SystemError` where the file
  ///   cannot be written.
  package func write(to path: String, format: Format? = nil, in group: FileGroup? = nil) throws {
    try StoredImages(images: self).write(to: path, format: format, in: group)
  }
}
