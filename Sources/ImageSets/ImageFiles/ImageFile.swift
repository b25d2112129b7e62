import Support

/// How image files are to be understood.
public struct ImageFileOptions: Sendable, Equatable {
  /// What they are drawn on; nil: told by `Paper`'s rule, one decision for all.
  public var paper: Paper?
  /// Whether images that do not say it themselves are taken for writing, as a model of writing wants them.
  public var isWriting = false
  /// 1 turns colours into grey, 3 keeps three channels even for grey images; nil: 1 if no image has a colour.
  public var channels: Int?
  /// Every image is resized to this; nil: they stay as they are and must be of one size.
  public var size: ImageSize?

  public init(paper: Paper? = nil, channels: Int? = nil, size: ImageSize? = nil) {
    precondition([nil, 1, 3].contains(channels), "images have 1 or 3 channels")
    self.paper = paper
    self.channels = channels
    self.size = size
  }
}

extension ImageFileOptions {
  /// What a set as its files have it is drawn on.
  func paper(of set: ImageSet) -> Paper { paper ?? (isWriting ? Paper.ofWriting(set) : Paper(of: set)) }
}

extension ImageSet {
  /// From the files' pixels to ours.
  func drawn(on paper: Paper) -> ImageSet {
    var set = replacingPixels(paper.turn(pixels))
    set.hasPaper = paper != .none
    return set
  }
}

/// Single PNG and JPEG images, recognized by what is in the file.
public enum ImageFile {
  /// Reads one image: a set of one, 0 for paper and 255 for ink, without label. Transparent parts show paper.
  ///
  /// - Throws: `SystemError` where the file cannot be read, `DataError` where it holds no whole PNG or JPEG image.
  public static func read(_ path: String, options: ImageFileOptions = .init()) throws -> StoredImages {
    let image = try decode(path, options: options)
    let paper = options.paper(of: image)
    return StoredImages(images: image.drawn(on: paper), names: [image.name], paper: paper)
  }

  /// Writes a set of one image as PNG or JPEG (quality 95), by the ending of the name.
  ///
  /// - Throws: `UsageError` for another ending or number of images, `SystemError` where the file cannot be written.
  public static func write(_ set: ImageSet, to path: String, paper: Paper = .light, in group: FileGroup? = nil) throws {
    guard set.count == 1 else {
      throw UsageError(
        "\(path) would hold one image, and there are \(set.count)", remedy: "Choose a folder to write them into.")
    }
    guard let format = ImageFileFormat(named: path) else {
      throw UsageError("\(path): no format for this ending", remedy: "Choose a name that ends in .png or .jpg.")
    }
    try WholeFile.write(format.encode(paper.turn(set.pixels), shape: set.shape, file: path), to: path, in: group)
  }

  /// One image in its file's own polarity, with the channels and the size that the options ask for.
  static func decode(_ path: String, options: ImageFileOptions) throws -> ImageSet {
    let image = try ImageFileFormat.decode(
      Folder.read(path), file: path, background: (options.paper ?? .light).background)
    let isGray = options.channels == nil && image.isGray
    return try (isGray ? image.convertedToGray() : image).fitted(to: options)
  }
}
