import Support
import Synchronization

/// Folders of image files: all in one, without labels, or one sub-folder for each label, or at any depth.
package enum ImageFolder {
  /// Reads all images of a folder as one set, 0 for paper and 255 for ink, in the natural order of their names
  /// ("2.png" before "10.png"), label by label.
  ///
  /// Where all images lie in sub-folders, these are labels: numbers as they are, and those named in words are numbered
  /// in their order, as `ImageSet.labelNames` says. Images at other depths have no labels. Hidden files and notes
  /// (.txt, .md, .csv, .json, .yaml, .ini, .db) are passed over; every other file must be an image. One coloured image
  /// makes the whole set three-channelled.
  ///
  /// - Throws: `SystemError` where a file cannot be read; `DataError` where some are no images, or of another size than
  ///   the first, or where there is none.
  package static func read(_ path: String, options: ImageFileOptions = .init()) throws -> StoredImages {
    try read(ImageListing(of: path), of: FolderSource(path: path), options: options)
  }

  /// Paths of all images below a folder, in the order in which `read` has them.
  package static func names(in path: String) throws -> [String] { try ImageListing(of: path).entries.map(\.name) }

  /// The same with the folder before them.
  package static func files(of path: String) throws -> [String] { try names(in: path).map { FilePath.join(path, $0) } }

  static func read(_ listing: ImageListing, of source: some ImageSource, options: ImageFileOptions) throws
    -> StoredImages
  {
    var set = try read(listing.entries, of: source, options: options)
    set.images.labelNames = listing.labelNames.map {
      Dictionary(uniqueKeysWithValues: $0.enumerated().map { ($0, $1) })
    }
    set.passedOver = listing.passedOver
    if listing.hasFoldersWithoutLabels {
      set.remarks.append("folders are not taken for labels, for not all images lie in one sub-folder each")
    }
    return set
  }

  static func read(
    _ entries: [ImageListing.Entry], of source: some ImageSource, options: ImageFileOptions
  ) throws -> StoredImages {
    let (files, skipped) = try decode(entries, of: source, options: options)
    let pages = files.flatMap(\.pages).map(\.image)
    var images = try joined(pages, first: files[0].name)
    let labels = files.flatMap { file in file.label.map { Array(repeating: $0, count: file.pages.count) } ?? [] }
    if labels.count == images.count { images.labels = labels }
    images.writers = writers(of: files.flatMap { file in file.pages.map { _ in file.name } })
    (images.name, images.source) = (FilePath.name(of: source.path), source.path)
    let (paper, isSure) = options.judgedPaper(of: images)
    var set = StoredImages(
      images: images.drawn(on: paper),
      files: files.map { StoredImages.File(name: $0.name, pages: $0.pages.map(\.encoding)) }, paper: paper)
    set.isPaperSure = isSure
    set.skipped = skipped
    return set
  }

  /// Told by names as `tiddu data sheet` gives them, "anna-row01-column02.png"; nil where any is otherwise.
  private static func writers(of names: [String]) -> [Int]? {
    var numbers: [Substring: Int] = [:]
    var writers: [Int] = []
    for name in names {
      let file = name[(name.lastIndex(of: "/").map(name.index(after:)) ?? name.startIndex)...]
      guard let end = file.firstRange(of: #/-row\d+-column\d+\./#)?.lowerBound else { return nil }
      let number = numbers[file[..<end]] ?? numbers.count
      numbers[file[..<end]] = number
      writers.append(number)
    }
    return writers
  }

  /// Each image of these files as a set of one, of any size; all grey or all coloured, and on the same paper.
  ///
  /// - Throws: `SystemError` where a file cannot be read; `DataError` where one is no image.
  package static func readEach(_ files: [String], options: ImageFileOptions = .init()) throws -> [ImageSet] {
    let results = concurrently(files) { try ImageFile.decode(Folder.read($0), file: $0, options: options) }
    var images = try results.flatMap { try $0.get() }.map(\.image)
    try check(images.reduce(0) { $0 + $1.pixels.count }, file: files[0])
    if images.contains(where: { $0.shape.channels == 3 }) { images = images.map { $0.convertedToRGB() } }
    let papers = images.map { options.judgedPaper(of: $0).paper }
    let paper = Paper.allCases.max { first, second in
      papers.count { $0 == first } < papers.count { $0 == second }
    }
    return images.map { $0.drawn(on: paper ?? .none) }
  }

  /// Writes each image into its own file below `folder`, which is made if need be. Names without the ending of an image
  /// file get ".png"; without names they are `00012.png`, or `3/00012.png` in a set with labels. All are written or none.
  ///
  /// - Parameter group: keeps the files out of their places until the whole group is put there.
  /// - Throws: `UsageError` when two images would have one name, `SystemError` where a file cannot be written.
  package static func write(
    _ set: ImageSet, names: [String]? = nil, into folder: String, paper: Paper = .light, in group: FileGroup? = nil
  ) throws {
    try StoredImages(images: set, names: names ?? numbered(set), paper: paper).write(into: folder, in: group)
  }

  static func numbered(_ set: ImageSet) -> [String] {
    (0..<set.count).map { index in
      let number = String(index)
      let file = String(repeating: "0", count: max(0, 5 - number.count)) + number + ".png"
      return set.labels.map { "\(set.labelName($0[index]).replacing("/", with: "_"))/\(file)" } ?? file
    }
  }
}

// MARK: - Decoding

extension ImageFolder {
  private struct Decoded {
    var name: String
    var label: Int?
    var pages: [ImagePage]
  }

  /// All files' images. They must have the size of the first, which is known before the others are read, so that no
  /// folder fills the memory with what does not fit together.
  private static func decode(
    _ entries: [ImageListing.Entry], of source: some ImageSource, options: ImageFileOptions
  ) throws -> (files: [Decoded], skipped: [String]) {
    var failures: [any Error] = []
    var first: (place: Int, pages: [ImagePage])?
    for (place, entry) in entries.enumerated() where first == nil {
      do { first = (place, try source.pages(of: entry.name, options: options)) } catch { failures.append(error) }
    }
    guard let first else { throw failure(failures, of: entries.count, in: source.path) ?? CancellationError() }
    let shape = first.pages[0].image.shape
    try check(entries.count * shape.size, file: source.path)
    let rest = entries[(first.place + 1)...]
    let results = concurrently(rest) { try source.pages(of: $0.name, options: options) }
    var files = [Decoded(name: entries[first.place].name, label: entries[first.place].label, pages: first.pages)]
    for (entry, result) in zip(rest, results) {
      switch result {
      case .success(let pages): files.append(Decoded(name: entry.name, label: entry.label, pages: pages))
      case .failure(let error): failures.append(error)
      }
    }
    if !options.skipsUnreadable, let error = failure(failures, of: entries.count, in: source.path) { throw error }
    for file in files {
      for (number, page) in file.pages.enumerated() where page.image.shape.imageSize != shape.imageSize {
        throw DataError(
          file: page.image.source, place: file.pages.count == 1 ? nil : "page \(number + 1)",
          expected: "\(shape.imageSize) pixels (height x width) as in \(files[0].name)",
          found: "\(page.image.shape.imageSize)",
          remedy: "Give images of one size, or resize them all: tiddu data convert FOLDER OUTPUT --resize "
            + "\(shape.imageSize)")
      }
    }
    return (files, failures.map { "\($0)".split(separator: "\n").first.map(String.init) ?? "" })
  }

  private static let skipping = "With --skip-unreadable, restore, classify, distort and data pass over such files."

  /// What kept some of `count` files from being read: of several, all by name. Nil where nothing did.
  package static func failure(_ failures: [any Error], of count: Int, in path: String) -> (any Error)? {
    guard let first = failures.first else { return nil }
    if failures.count == 1 {
      guard count > 1, var error = first as? DataError else { return first }
      error.remedy += " " + skipping
      return error
    }
    let lines = failures.prefix(20).map { "\n  " + ("\($0)".split(separator: "\n").first.map(String.init) ?? "") }
    return DataError(
      file: path, expected: "\(grouped(count)) images",
      found: "\(grouped(failures.count)) files that cannot be read:"
        + lines.joined() + (failures.count > 20 ? "\n  …" : ""),
      remedy: "Mend them or take them out. " + skipping)
  }

  private static func joined(_ images: [ImageSet], first: String) throws -> ImageSet {
    let isColored = images.contains { $0.shape.channels == 3 }
    let alike = isColored ? images.map { $0.convertedToRGB() } : images
    try check(images.count * alike[0].shape.size, file: first)
    return try ImageSet(joining: alike, name: first, source: first)
  }

  private static func check(_ bytes: Int, file: String) throws {
    guard bytes <= ImageSize.mostBytes else {
      throw DataError(
        file: file, expected: "at most \(grouped(ImageSize.mostBytes)) bytes of pixels", found: grouped(bytes),
        remedy: "Split the folder, or resize the images: tiddu data convert FOLDER OUTPUT --resize HxW")
    }
  }

  /// The body's results in order.
  private static func concurrently<Turn: Sendable, Value: Sendable>(
    _ turns: some RandomAccessCollection<Turn> & Sendable, _ body: @Sendable (Turn) throws -> Value
  ) -> [Result<Value, any Error>] {
    let results = Mutex([Int: Result<Value, any Error>]())
    Threads.forEachRange(of: turns.count) { range in
      for turn in range {
        let result = Result { try body(turns[turns.index(turns.startIndex, offsetBy: turn)]) }
        results.withLock { $0[turn] = result }
      }
    }
    return results.withLock { results in results.sorted { $0.key < $1.key }.map(\.value) }
  }
}
