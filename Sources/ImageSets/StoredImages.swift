import Support

/// Images of whatever format, with what it takes to write them, or others in their place, back the way they came.
public struct StoredImages: Sendable, Equatable {
  /// An image file, which may hold several images.
  package struct File: Sendable, Equatable {
    /// Its path below its folder, or its name.
    package var name: String
    package var pages: [ImageEncoding]

    package init(name: String, pages: [ImageEncoding]) { (self.name, self.pages) = (name, pages) }
  }

  /// What was read, as bytes.
  public var images: ImageSet
  /// The files that the images came from, in their order; nil for arrays and tables.
  package private(set) var files: [File]?
  /// How an array stored them; nil for all else.
  package var encoding: ArrayEncoding?
  /// What image files were drawn on. Arrays of grey images count as drawn on light paper when they become image files,
  /// arrays of coloured ones as photographs.
  package var paper: Paper
  /// Whether the images themselves said so clearly.
  package var isPaperSure = true
  /// What may be other than expected, in words.
  package var remarks: [String] = []
  /// Files of a folder that were not read, being no images by their endings; paths below it.
  package var passedOver: [String] = []
  /// What was wrong with each file that could not be read and was passed over.
  package var skipped: [String] = []

  /// Images that come from no file.
  public init(_ images: ImageSet) { self.init(images: images) }

  package init(images: ImageSet, encoding: ArrayEncoding? = nil) {
    (self.images, self.encoding, paper) = (images, encoding, images.hasPaper ? .light : .none)
  }

  package init(images: ImageSet, files: [File], paper: Paper) {
    precondition(files.reduce(0) { $0 + $1.pages.count } == images.count, "one encoding an image is wanted")
    (self.images, self.files, self.paper) = (images, files, paper)
  }

  /// Of one image a file.
  package init(images: ImageSet, names: [String], paper: Paper? = nil) {
    precondition(names.count == images.count, "one name an image is wanted")
    self.init(
      images: images, files: names.map { File(name: $0, pages: [ImageEncoding()]) },
      paper: paper ?? (images.hasPaper ? .light : .none))
  }

  /// Each image's path below its folder (or its file's name), with its page where a file has several; nil for arrays.
  package var names: [String]? {
    files?.flatMap { file in
      file.pages.count == 1 ? [file.name] : file.pages.indices.map { "\(file.name), page \($0 + 1)" }
    }
  }

  /// Reads a file of any format, a folder or an archive of images.
  ///
  /// - Throws: `SystemError` where it cannot be read, `DataError` where its contents are not as they should be.
  package static func read(_ path: String, options: ReadOptions = .init()) throws -> StoredImages {
    switch try Contents.read(path, options: options) {
    case .images(let set): return set
    case .labels(let labels):
      throw DataError(
        file: path, expected: "images", found: "\(labels.count) labels without images",
        remedy: "Give the file with the images; labels beside it are found by its name.")
    }
  }

  /// The same with the options that a file's kind wants.
  ///
  /// - Throws: `SystemError`, `DataError`.
  public static func read(_ path: String) throws -> StoredImages { try read(path, options: .init()) }

  /// The same under other names, one a file.
  package func renamed(_ names: [String]) -> StoredImages {
    var set = self
    set.files = files.map { zip($0, names).map { File(name: $1, pages: $0.pages) } }
    return set
  }

  /// Other images, such as restored ones, under the same names and on the same paper.
  public func replacing(_ images: ImageSet) -> StoredImages {
    var set = self
    set.images = images
    return set
  }
}

// MARK: - Writing

extension StoredImages {
  /// Where labels go.
  package enum LabelWriting: Sendable {
    /// Into the file with the images where it holds both, or one beside it.
    case beside
    /// Into the file with the images where it holds both.
    case within
  }

  /// Writes the images whole: as an array or a table, one image file, or a folder of them, by the ending of `path`.
  ///
  /// - Throws: `UsageError` where the format cannot hold the set, `SystemError` where a file cannot be written.
  public func write(to path: String) throws { try write(to: path, format: nil) }

  /// Writes the images whole: as an array or a table, one image file, or a folder of them, by the ending of `path`. What
  /// came from an array or an image file keeps its depth, resolution, profile and order of axes where the format has
  /// them.
  ///
  /// - Parameters:
  ///   - format: instead of the ending's.
  ///   - type: of the numbers in an array, or of the samples in image files; nil keeps what was read.
  ///   - group: keeps the files out of their places until the whole group is put there.
  /// - Returns: the file that the labels went into, where that is one of their own.
  /// - Throws: `UsageError` where the format cannot hold the set, `SystemError` where a file cannot be written.
  @discardableResult
  package func write(
    to path: String, format: Format? = nil, type: NumberType? = nil, labels: LabelWriting = .beside,
    in group: FileGroup? = nil
  ) throws -> String? {
    if images.count == 0 { throw UsageError("\(path): there are no images to write", remedy: "Choose another input.") }
    let format = try format ?? Format.named(by: path)
    let set = try stored(as: type, in: format, path: path)
    let files = group ?? FileGroup()
    defer { withExtendedLifetime(files) {} }
    switch format {
    case .image: try set.writeFile(to: path, in: files)
    case .images: try set.write(into: path.hasSuffix("/") ? String(path.dropLast()) : path, in: files)
    case .idx, .csv, .npy, .npz: try set.writeArray(to: path, format, in: files)
    case .archive, .cifar: throw Format.notWritten(path)
    }
    let partner = format == .idx || format == .npy ? try writeLabels(beside: path, format, labels, in: files) : nil
    if group == nil { try files.commit() }
    return partner
  }

  /// As the bytes of one image file.
  ///
  /// - Parameter compression: instead of the one that each image had.
  /// - Throws: `UsageError` where the format cannot hold the set.
  package func encoded(as format: ImageFileFormat, compression: ImageEncoding.Compression? = nil) throws -> [UInt8] {
    let drawn = images.drawn(on: paper)
    let pages = encodings.enumerated().map { number, encoding in
      var page = ImagePage(image: images.count == 1 ? drawn : drawn.selecting([number]), encoding: encoding)
      if let compression { (page.encoding.format, page.encoding.compression) = (format, compression) }
      return page
    }
    return try format.encode(pages, file: images.name)
  }

  /// With the depth that `type` asks for.
  func stored(as type: NumberType?, in format: Format, path: String) throws -> StoredImages {
    guard let type else { return self }
    var set = self
    switch format {
    case .npy, .npz: set.encoding = ArrayEncoding(type, axes: encoding?.axes ?? .standard)
    case .image, .images:
      guard type == .uint8 || type == .uint16 else { throw Self.cannotHold(type, path, "uint8 or uint16") }
      // Images of arrays are written as deep as they are.
      set.images = type == .uint16 ? images.withValues : images.replacingPixels(images.pixels)
      set.files = files?.map { file in
        var file = file
        for page in file.pages.indices { file.pages[page].bits = type == .uint8 ? 8 : 16 }
        return file
      }
    default: guard type == .uint8 else { throw Self.cannotHold(type, path, "uint8 alone") }
    }
    return set
  }

  private static func cannotHold(_ type: NumberType, _ path: String, _ choices: String) -> UsageError {
    UsageError("\(path): this format holds no \(type.rawValue)", remedy: "Choose \(choices), or NPY or NPZ.")
  }

  private var encodings: [ImageEncoding] {
    files?.flatMap(\.pages) ?? Array(repeating: ImageEncoding(deep: images.values != nil), count: images.count)
  }

  private func writeFile(to path: String, in group: FileGroup) throws {
    let format = ImageFileFormat(named: path) ?? encodings[0].format
    try ImageFile.write(images.drawn(on: paper), as: encodings, to: path, format: format, in: group)
  }

  private func writeArray(to path: String, _ format: Format, in group: FileGroup) throws {
    let compressed = path.hasSuffix(".gz")
    switch format {
    case .idx: try IDX.write(images, to: path, compressed: compressed, in: group)
    case .csv: try KaggleCSV.write(images, to: path, compressed: compressed, in: group)
    case .npy: try NPY.write(images, as: arrayEncoding, to: path, compressed: compressed, in: group)
    default: try NPZ.write(images, as: arrayEncoding, to: path, in: group)
    }
  }

  /// Of 16-bit image files, 16-bit numbers.
  private var arrayEncoding: ArrayEncoding? {
    encoding ?? (files != nil && images.values != nil ? ArrayEncoding(.uint16) : nil)
  }

  /// Where the labels go that are written beside `path`; nil where there are none, or the format holds them itself.
  package func labelFile(for path: String, format: Format, _ writing: LabelWriting = .beside) -> String? {
    guard images.labels != nil, writing == .beside, format == .idx || format == .npy else { return nil }
    return FilePath.labels(for: path)
  }

  private func writeLabels(
    beside path: String, _ format: Format, _ writing: LabelWriting, in group: FileGroup
  ) throws -> String? {
    guard let labels = images.labels, let partner = labelFile(for: path, format: format, writing) else { return nil }
    try Labels(labels, name: images.name, source: images.source).write(to: partner, format: format, in: group)
    return partner
  }

  /// Each file below `folder`, which is made if need be. All are written or none.
  ///
  /// - Throws: `UsageError` when two would have one name, `SystemError` where a file cannot be written.
  func write(into folder: String, in group: FileGroup?) throws {
    let written = group ?? FileGroup()
    var files = files ?? zip(ImageFolder.numbered(images), encodings).map { File(name: $0, pages: [$1]) }
    for (file, name) in fileNames.enumerated() { files[file].name = name }
    if let twice = Dictionary(grouping: files, by: \.name).first(where: { $0.value.count > 1 })?.key {
      throw UsageError("\(folder): two images would be named \(twice)", remedy: "Rename one of the originals.")
    }
    let parents = Set(files.map { $0.name.split(separator: "/").dropLast().joined(separator: "/") })
    for parent in parents { try written.createFolder(parent.isEmpty ? folder : "\(folder)/\(parent)") }
    var starts = [0]
    for file in files { starts.append(starts[starts.count - 1] + file.pages.count) }
    let (chosen, places) = (files, starts)
    let failures = Threads.mapRanges(of: files.count, grain: 1) { range in
      Result {
        for number in range {
          let file = chosen[number]
          let set = images.selecting(places[number]..<places[number + 1]).drawn(on: paper)
          try ImageFile.write(set, as: file.pages, to: "\(folder)/\(file.name)", in: written)
        }
      }
    }
    for failure in failures { try failure.get() }
    if group == nil { try written.commit() }
  }
}

extension ImageEncoding {
  init(deep: Bool) {
    self.init()
    if deep { bits = 16 }
  }
}
