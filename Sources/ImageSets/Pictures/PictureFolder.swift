import Groundwork
import Synchronization

/// Folders of PNG and JPEG pictures: all in one, without labels, or one sub-folder for each label.
public enum PictureFolder {
  /// Reads all pictures of a folder as one set, 0 for paper and 255 for ink, in the natural order of their names
  /// ("2.png" before "10.png"), label by label.
  ///
  /// Sub-folders whose names are numbers are labels; those named in words are numbered in their order, and
  /// `PictureSet.labelNames` says how. Hidden files and notes (.txt, .md, .csv, .json, .yaml, .ini, .db) are passed
  /// over; every other file must be a picture. One coloured picture makes the whole set three-channelled.
  ///
  /// - Throws: `SystemError` where a file cannot be read; `DataError` where one is no picture or of another size than
  ///   the first, or where there is none.
  public static func read(_ path: String, options: PictureOptions = .init()) throws -> PictureSet {
    let listing = try PictureListing(of: path)
    let entries = listing.entries
    var collected = Collection(total: entries.count)
    // Only so many at a time, that full-size photographs are resized before the next ones are read.
    let step = 4 * Threads.count
    for start in stride(from: 0, to: entries.count, by: step) {
      let files = entries[start..<min(start + step, entries.count)].map { "\(path)/\($0.name)" }
      for picture in try decode(files, options: options) { try collected.append(picture) }
    }
    let labels = entries.compactMap(\.label)
    let images = ImageSet(
      shape: collected.shape, pixels: collected.pixels, labels: labels.isEmpty ? nil : labels,
      name: path.split(separator: "/").last.map(String.init) ?? path, source: path)
    let paper = options.paper ?? Paper(of: images)
    return PictureSet(
      images: images.replacingPixels(paper.turn(images.pixels)), names: entries.map(\.name), paper: paper,
      labelNames: listing.labelNames)
  }

  /// Writes each picture into its own file below `folder`, which is made if need be. Names that do not end in .png,
  /// .jpg or .jpeg get ".png"; without names they are `00012.png`, or `3/00012.png` in a set with labels.
  ///
  /// - Throws: `UsageError` when two pictures would have one name, `SystemError` where a file cannot be written.
  public static func write(_ set: ImageSet, names: [String]? = nil, into folder: String, paper: Paper = .light) throws {
    let names = (names ?? numbered(set)).map { PictureFormat(named: $0) == nil ? "\($0).png" : $0 }
    precondition(names.count == set.count, "one name a picture is wanted")
    if let twice = Dictionary(grouping: names, by: \.self).first(where: { $0.value.count > 1 })?.key {
      throw UsageError("\(folder): two pictures would be named \(twice)", remedy: "Rename one of the originals.")
    }
    let parents = Set(names.map { $0.split(separator: "/").dropLast().joined(separator: "/") })
    for parent in parents { try Folder.create(parent.isEmpty ? folder : "\(folder)/\(parent)") }
    _ = try concurrently(0..<set.count) { index in
      let picture = ImageSet(
        shape: set.shape, pixels: Array(set.pixels[index * set.shape.size..<(index + 1) * set.shape.size]),
        name: names[index], source: set.source)
      try PictureFile.write(picture, to: "\(folder)/\(names[index])", paper: paper)
    }
  }

  private static func numbered(_ set: ImageSet) -> [String] {
    (0..<set.count).map { index in
      let number = String(index)
      let file = String(repeating: "0", count: max(0, 5 - number.count)) + number + ".png"
      return set.labels.map { "\($0[index])/\(file)" } ?? file
    }
  }

  private static func decode(_ files: [String], options: PictureOptions) throws -> [ImageSet] {
    try concurrently(files) { try PictureFile.decode($0, options: options) }
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

  /// Pictures put one behind the other, all of the first one's size.
  private struct Collection {
    let total: Int
    private var first: ImageSet?
    private(set) var pixels: [UInt8] = []
    private(set) var shape = ImageSet.Shape(height: 1, width: 1, channels: 1)

    init(total: Int) { self.total = total }

    mutating func append(_ picture: ImageSet) throws {
      let leader = first ?? picture
      if first == nil {
        first = picture
        shape = picture.shape
        try reserve(for: picture)
      }
      guard picture.shape.pictureSize == shape.pictureSize else {
        throw DataError(
          file: picture.source, expected: "\(shape.pictureSize) pixels (height x width) as in \(leader.name)",
          found: "\(picture.shape.pictureSize)",
          remedy: "Give pictures of one size, or resize them all: --resize \(shape.pictureSize)")
      }
      if picture.shape.channels == 3 && shape.channels == 1 {
        shape.channels = 3
        try reserve(for: picture)
        pixels = leader.replacingPixels(pixels).convertedToRGB().pixels
      }
      pixels += shape.channels == 3 ? picture.convertedToRGB().pixels : picture.pixels
    }

    private mutating func reserve(for picture: ImageSet) throws {
      let bytes = total.multipliedReportingOverflow(by: shape.size)
      if bytes.overflow || bytes.partialValue > PictureSize.mostBytes {
        throw DataError(
          file: picture.source, expected: "at most \(PictureSize.mostBytes) bytes of pixels in a folder",
          found: "\(total) pictures of \(shape)", remedy: "Split the folder, or resize the pictures: --resize HxW")
      }
      pixels.reserveCapacity(bytes.partialValue)
    }
  }
}
