import Groundwork

/// How picture files are to be understood.
public struct PictureOptions: Sendable, Equatable {
  /// What they are drawn on; nil: decided by their borders, one decision for all.
  public var paper: Paper?
  /// 1 turns colours into grey, 3 keeps three channels even for grey pictures; nil: 1 if no picture has a colour.
  public var channels: Int?
  /// Every picture is resized to this; nil: they stay as they are and must be of one size.
  public var size: PictureSize?

  public init(paper: Paper? = nil, channels: Int? = nil, size: PictureSize? = nil) {
    precondition([nil, 1, 3].contains(channels), "pictures have 1 or 3 channels")
    self.paper = paper
    self.channels = channels
    self.size = size
  }
}

/// Single PNG and JPEG pictures, recognized by what is in the file.
public enum PictureFile {
  /// Reads one picture: a set of one, 0 for paper and 255 for ink, without label. Transparent parts show paper.
  ///
  /// - Throws: `SystemError` where the file cannot be read, `DataError` where it holds no whole PNG or JPEG picture.
  public static func read(_ path: String, options: PictureOptions = .init()) throws -> PictureSet {
    let picture = try decode(path, options: options)
    let paper = options.paper ?? Paper(of: picture)
    return PictureSet(
      images: picture.replacingPixels(paper.turn(picture.pixels)), names: [picture.name], paper: paper)
  }

  /// Writes a set of one picture as PNG or JPEG (quality 95), by the ending of the name.
  ///
  /// - Throws: `UsageError` for another ending or number of pictures, `SystemError` where the file cannot be written.
  public static func write(_ set: ImageSet, to path: String, paper: Paper = .light, in group: FileGroup? = nil) throws {
    guard set.count == 1 else {
      throw UsageError(
        "\(path) would hold one picture, and there are \(set.count)", remedy: "Choose a folder to write them into.")
    }
    guard let format = PictureFormat(named: path) else {
      throw UsageError("\(path): no format for this ending", remedy: "Choose a name that ends in .png or .jpg.")
    }
    try WholeFile.write(format.encode(paper.turn(set.pixels), shape: set.shape, file: path), to: path, in: group)
  }

  /// One picture in its file's own polarity, with the channels and the size that the options ask for.
  static func decode(_ path: String, options: PictureOptions) throws -> ImageSet {
    let picture = try PictureFormat.decode(
      Folder.read(path), file: path, background: (options.paper ?? .light).background)
    let isGray = options.channels == nil && picture.isGray
    return try (isGray ? picture.convertedToGray() : picture).fitted(to: options)
  }
}
