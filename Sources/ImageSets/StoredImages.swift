import Support

/// Images of whatever format, with what it takes to write them, or others in their place, back the way they came.
public struct StoredImages: Sendable, Equatable {
  public var images: ImageSet
  /// Each image's path below its folder (or its file's name), in the order of `images`; nil for arrays.
  public var names: [String]?
  /// What image files were drawn on. Arrays of grey images count as drawn on light paper when they become image files,
  /// arrays of coloured ones as photographs.
  public var paper: Paper
  /// Files of a folder that were not read, being no images by their endings; paths below it.
  public var passedOver: [String] = []

  public init(images: ImageSet, names: [String]? = nil, paper: Paper? = nil) {
    self.images = images
    self.names = names
    self.paper = paper ?? (images.hasPaper ? .light : .none)
  }

  /// Reads a file of any format or a folder of images.
  ///
  /// - Throws: `SystemError` where it cannot be read, `DataError` where its contents are not as they should be.
  public static func read(_ path: String, options: ReadOptions = .init()) throws -> StoredImages {
    switch try Format.recognize(path) {
    case .image: try ImageFile.read(path, options: options.images)
    case .images: try ImageFolder.read(path, options: options.images)
    case .idx, .csv, .npy, .npz: StoredImages(images: try .read(path, options: options))
    }
  }

  /// Writes the images whole: as one array, one image file, or a folder of them, by the ending of `path`.
  ///
  /// - Parameter group: keeps the files out of their places until the whole group is put there.
  /// - Throws: `UsageError` where the format cannot hold the set, `SystemError` where a file cannot be written.
  public func write(to path: String, format: Format? = nil, in group: FileGroup? = nil) throws {
    switch try format ?? Format.named(by: path) {
    case .image: try ImageFile.write(images, to: path, paper: paper, in: group)
    case .images:
      let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
      try ImageFolder.write(images, names: names, into: folder, paper: paper, in: group)
    case .idx, .csv, .npy, .npz: try images.write(to: path, format: format, in: group)
    }
  }

  /// Other images, such as restored ones, under the same names and on the same paper.
  public func replacing(_ images: ImageSet) -> StoredImages {
    var set = self
    set.images = images
    return set
  }
}
