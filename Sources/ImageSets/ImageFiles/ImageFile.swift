import Support

/// How image files are to be understood.
package struct ImageFileOptions: Sendable, Equatable {
  /// What they are drawn on; nil: told by `Paper`'s rule, one decision for all.
  package var paper: Paper?
  /// Whether images that do not say it themselves are taken for writing, as a model of writing wants them.
  package var isWriting = false
  /// 1 turns colours into grey, 3 keeps three channels even for grey images; nil: 1 if no image has a colour.
  package var channels: Int?
  /// Every image is fitted into this size; nil: they stay as they are and must be of one size.
  package var size: ImageSize?
  /// Whether files that cannot be read are passed over.
  package var skipsUnreadable = false

  package init(paper: Paper? = nil, channels: Int? = nil, size: ImageSize? = nil) {
    precondition([nil, 1, 3].contains(channels), "images have 1 or 3 channels")
    self.paper = paper
    self.channels = channels
    self.size = size
  }
}

extension ImageSet {
  /// From the files' pixels to ours, or back.
  package func drawn(on paper: Paper) -> ImageSet {
    var set = self
    if paper == .light {
      set = values.map { replacingValues($0.map { 1 - $0 }) } ?? replacingPixels(paper.turn(pixels))
    }
    set.hasPaper = paper != .none
    return set
  }
}

/// Single image files, recognized by what is in them.
package enum ImageFile {
  /// Reads the images of a file, several of a TIFF file: 0 for paper and 255 for ink, without labels. Transparent parts
  /// show paper.
  ///
  /// - Throws: `SystemError` where the file cannot be read, `DataError` where it holds no whole image, or images of
  ///   different sizes.
  package static func read(_ path: String, options: ImageFileOptions = .init()) throws -> StoredImages {
    let source = SingleFile(path: path)
    return try ImageFolder.read([.init(name: FilePath.name(of: path))], of: source, options: options)
  }

  /// The same of a file's bytes; `name` is what errors call it.
  package static func read(
    _ bytes: [UInt8], named name: String, options: ImageFileOptions = .init()
  ) throws -> StoredImages {
    try ImageFolder.read([.init(name: name)], of: FileInMemory(path: name, bytes: bytes), options: options)
  }

  /// Writes a set as one file, by the ending of the name: of one image, or as TIFF of any number.
  ///
  /// - Throws: `UsageError` for another ending or number of images, `SystemError` where the file cannot be written.
  package static func write(_ set: ImageSet, to path: String, paper: Paper = .light, in group: FileGroup? = nil) throws
  {
    let encoding = ImageEncoding()
    try write(set.drawn(on: paper), as: Array(repeating: encoding, count: set.count), to: path, in: group)
  }

  /// - Parameter set: as the file is to have it, each image with its encoding.
  static func write(
    _ set: ImageSet, as encodings: [ImageEncoding], to path: String, format: ImageFileFormat? = nil,
    in group: FileGroup?
  ) throws {
    guard let format = format ?? ImageFileFormat(named: path) else {
      throw UsageError(
        "\(path): no format for this ending",
        remedy: "Choose a name that ends in \(ImageFileFormat.allCases.map { $0.endings[0] }.joined(separator: ", ")).")
    }
    let pages = encodings.enumerated().map { ImagePage(image: set.selecting([$0]), encoding: $1) }
    try WholeFile.write(format.encode(pages, file: path), to: path, in: group)
  }

  /// The images of a file in its own polarity, with the channels and the size that the options ask for.
  static func decode(_ bytes: [UInt8], file: String, options: ImageFileOptions) throws -> [ImagePage] {
    var pages = try ImageFileFormat.decode(bytes, file: file, background: (options.paper ?? .light).background)
    let isGray =
      options.channels == nil && pages.allSatisfy { $0.image.isGray(tolerance: $0.encoding.isLossy ? 2 : 0) }
    for page in pages.indices {
      let image = pages[page].image
      pages[page].image = try (isGray ? image.convertedToGray() : image).fitted(to: options)
    }
    return pages
  }
}

/// Where image files lie: in a folder, or in an archive.
protocol ImageSource: Sendable {
  var path: String { get }
  /// The bytes of one of its files, from any thread.
  func bytes(of name: String) throws -> [UInt8]
  /// As errors call it.
  func place(of name: String) -> String
}

extension ImageSource {
  func pages(of name: String, options: ImageFileOptions) throws -> [ImagePage] {
    try ImageFile.decode(bytes(of: name), file: place(of: name), options: options)
  }
}

private struct SingleFile: ImageSource {
  let path: String

  func bytes(of name: String) throws -> [UInt8] { try Folder.read(path) }
  func place(of name: String) -> String { path }
}

private struct FileInMemory: ImageSource {
  let path: String
  let bytes: [UInt8]

  func bytes(of name: String) throws -> [UInt8] { bytes }
  func place(of name: String) -> String { path }
}

/// A folder with all that lies below it.
struct FolderSource: ImageSource {
  let path: String

  func bytes(of name: String) throws -> [UInt8] { try Folder.read(place(of: name)) }
  func place(of name: String) -> String { FilePath.join(path, name) }
}
