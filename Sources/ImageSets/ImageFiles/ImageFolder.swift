import Support
import Synchronization

/// Folders of PNG and JPEG images: all in one, without labels, or one sub-folder for each label.
public enum ImageFolder {
  /// Reads all images of a folder as one set, 0 for paper and 255 for ink, in the natural order of their names
  /// ("2.png" before "10.png"), label by label.
  ///
  /// Sub-folders whose names are numbers are labels; those named in words are numbered in their order, and
  /// `ImageSet.labelNames` says how. Hidden files and notes (.txt, .md, .csv, .json, .yaml, .ini, .db) are passed
  /// over; every other file must be an image. One coloured image makes the whole set three-channelled.
  ///
  /// - Throws: `SystemError` where a file cannot be read; `DataError` where one is no image or of another size than
  ///   the first, or where there is none.
  public static func read(_ path: String, options: ImageFileOptions = .init()) throws -> StoredImages {
    let listing = try ImageListing(of: path)
    let entries = listing.entries
    let decoded = try decode(entries.map { "\(path)/\($0.name)" }, options: options)
    let labels = entries.compactMap(\.label)
    var images = ImageSet(
      shape: decoded.shape, pixels: decoded.pixels, labels: labels.isEmpty ? nil : labels,
      name: path.split(separator: "/").last.map(String.init) ?? path, source: path)
    images.labelNames = listing.labelNames.map { Dictionary(uniqueKeysWithValues: $0.enumerated().map { ($0, $1) }) }
    let paper = options.paper(of: images)
    var set = StoredImages(images: images.drawn(on: paper), names: entries.map(\.name), paper: paper)
    set.passedOver = listing.passedOver
    return set
  }

  /// Paths of all images below a folder, in the order in which `read` has them.
  public static func names(in path: String) throws -> [String] { try ImageListing(of: path).entries.map(\.name) }

  /// The same with the folder before them.
  public static func files(of path: String) throws -> [String] { try names(in: path).map { "\(path)/\($0)" } }

  /// Each of these image files as a set of one, of any size; all grey or all coloured, and on the same paper.
  ///
  /// - Throws: `SystemError` where a file cannot be read; `DataError` where one is no image.
  public static func readEach(_ files: [String], options: ImageFileOptions = .init()) throws -> [ImageSet] {
    var images = try concurrently(files) { try ImageFile.decode($0, options: options) }
    let bytes = images.reduce(0) { $0 + $1.pixels.count }
    guard bytes <= ImageSize.mostBytes else {
      throw DataError(
        file: files[0], expected: "at most \(ImageSize.mostBytes) bytes of pixels", found: "\(bytes)",
        remedy: "Take fewer images, or smaller ones.")
    }
    if images.contains(where: { $0.shape.channels == 3 }) { images = images.map { $0.convertedToRGB() } }
    let papers = images.map(options.paper)
    let paper = Paper.allCases.max { first, second in
      papers.count { $0 == first } < papers.count { $0 == second }
    }
    return images.map { $0.drawn(on: paper ?? .none) }
  }

  /// Writes each image into its own file below `folder`, which is made if need be. Names that do not end in .png,
  /// .jpg or .jpeg get ".png"; without names they are `00012.png`, or `3/00012.png` in a set with labels. All are
  /// written or none.
  ///
  /// - Parameter group: keeps the files out of their places until the whole group is put there.
  /// - Throws: `UsageError` when two images would have one name, `SystemError` where a file cannot be written.
  public static func write(
    _ set: ImageSet, names: [String]? = nil, into folder: String, paper: Paper = .light, in group: FileGroup? = nil
  ) throws {
    let files = group ?? FileGroup()
    let names = (names ?? numbered(set)).map { ImageFileFormat(named: $0) == nil ? "\($0).png" : $0 }
    precondition(names.count == set.count, "one name an image is wanted")
    if let twice = Dictionary(grouping: names, by: \.self).first(where: { $0.value.count > 1 })?.key {
      throw UsageError("\(folder): two images would be named \(twice)", remedy: "Rename one of the originals.")
    }
    let parents = Set(names.map { $0.split(separator: "/").dropLast().joined(separator: "/") })
    for parent in parents { try files.createFolder(parent.isEmpty ? folder : "\(folder)/\(parent)") }
    _ = try concurrently(0..<set.count) { index in
      let image = ImageSet(
        shape: set.shape, pixels: Array(set.pixels[index * set.shape.size..<(index + 1) * set.shape.size]),
        name: names[index], source: set.source)
      try ImageFile.write(image, to: "\(folder)/\(names[index])", paper: paper, in: files)
    }
    if group == nil { try files.commit() }
  }

  private static func numbered(_ set: ImageSet) -> [String] {
    (0..<set.count).map { index in
      let number = String(index)
      let file = String(repeating: "0", count: max(0, 5 - number.count)) + number + ".png"
      return set.labels.map { "\(set.labelName($0[index]).replacing("/", with: "_"))/\(file)" } ?? file
    }
  }

  /// All images one behind the other. They must have the size of the first, which is known before the others are
  /// read, so that no folder fills the memory with what does not fit together.
  private static func decode(
    _ files: [String], options: ImageFileOptions
  ) throws -> (shape: ImageSet.Shape, pixels: [UInt8]) {
    let first = try ImageFile.decode(files[0], options: options)
    try check(count: files.count, shape: first.shape, file: files[0])
    let others = try concurrently(files.dropFirst()) { file in
      let image = try ImageFile.decode(file, options: options)
      if image.shape.imageSize == first.shape.imageSize { return image }
      throw DataError(
        file: file, expected: "\(first.shape.imageSize) pixels (height x width) as in \(first.name)",
        found: "\(image.shape.imageSize)",
        remedy: "Give images of one size, or resize them all: tiddu data convert FOLDER OUTPUT --resize "
          + "\(first.shape.imageSize)")
    }
    let images = [first] + others
    var shape = first.shape
    shape.channels = images.map(\.shape.channels).max() ?? 1
    try check(count: files.count, shape: shape, file: files[0])
    var pixels: [UInt8] = []
    pixels.reserveCapacity(files.count * shape.size)
    for image in images { pixels += (shape.channels == 3 ? image.convertedToRGB() : image).pixels }
    return (shape, pixels)
  }

  private static func check(count: Int, shape: ImageSet.Shape, file: String) throws {
    let bytes = count.multipliedReportingOverflow(by: shape.size)
    guard !bytes.overflow, bytes.partialValue <= ImageSize.mostBytes else {
      throw DataError(
        file: file, expected: "at most \(ImageSize.mostBytes) bytes of pixels in a folder",
        found: "\(count) images of \(shape)",
        remedy: "Split the folder, or resize the images: tiddu data convert FOLDER OUTPUT --resize HxW")
    }
  }

  /// The body's results in order; throws the first turn's error.
  private static func concurrently<Turn: Sendable, Value: Sendable>(
    _ turns: some RandomAccessCollection<Turn> & Sendable, _ body: @Sendable (Turn) throws -> Value
  ) throws -> [Value] {
    let results = Mutex([Int: Result<Value, any Error>]())
    Threads.forEachRange(of: turns.count) { range in
      for turn in range {
        let result = Result { try body(turns[turns.index(turns.startIndex, offsetBy: turn)]) }
        results.withLock { $0[turn] = result }
        if case .failure = result { return }
      }
    }
    return try results.withLock { results in
      try results.sorted { $0.key < $1.key }.map { try $0.value.get() }
    }
  }
}
