import ImageSets
import Restoration
import Support

/// Photographs and scans of single digits among a command's inputs, brought to a model's size.
enum PhotographedDigits {
  /// - Parameters:
  ///   - shape: of the model's images.
  ///   - options: for images that are small or have nothing that looks like writing.
  /// - Returns: nil where the first of them is no photograph, or no image file.
  /// - Throws: `DataError` where there are several digits on one.
  static func read(_ path: String, for shape: ImageSet.Shape, options: ImageFileOptions, skip: Bool) throws
    -> StoredImages?
  {
    guard try isPhotograph(path, for: shape) else { return nil }
    var (images, files, skipped) = ([ImageSet](), [StoredImages.File](), [String]())
    try PageImages.forEach(in: path, skip: skip ? { skipped.append("\($0)") } : nil) { picture in
      images.append(try digit(on: picture, of: path, for: shape, options: options))
      var encoding = picture.encoding
      encoding.resolution = nil
      if files.last?.name == picture.file {
        files[files.count - 1].pages.append(encoding)
      } else {
        files.append(StoredImages.File(name: picture.file, pages: [encoding]))
      }
    }
    let set = try ImageSet(joining: images, name: path, source: path)
    var result = StoredImages(images: set, files: files, paper: .light)
    result.skipped = skipped
    return result
  }

  private static func isPhotograph(_ path: String, for shape: ImageSet.Shape) throws -> Bool {
    guard PhotographedDigit.isLookedFor(by: shape),
      [.image, .images, .archive].contains(try Format.recognize(path))
    else { return false }
    return try PageImages.first(in: path).map { PhotographedDigit.isLarge($0.image, for: shape) } ?? false
  }

  private static func digit(
    on picture: PageImages.Page, of path: String, for shape: ImageSet.Shape, options: ImageFileOptions
  ) throws -> ImageSet {
    let gray = picture.image.convertedToGray()
    func whole() throws -> ImageSet {
      try gray.drawn(on: options.judgedPaper(of: gray).paper).fitted(in: shape.imageSize)
    }
    guard PhotographedDigit.isLarge(gray, for: shape) else { return try whole() }
    switch try PhotographedDigit.find(on: gray, for: shape, paper: options.paper) {
    case .none:
      Console.note("\(picture.file): no digit found; taken whole")
      return try whole()
    case .one(let digit): return digit
    case .several(let count):
      throw DataError(
        file: Folder.kind(of: path) == .folder ? "\(path)/\(picture.file)" : path,
        place: picture.page > 1 ? "page \(picture.page)" : nil, expected: "one digit",
        found: "\(grouped(count)) of them",
        remedy:
          "Read them all with tiddu read, correct them where they stand with tiddu restore --keep-place, or take the "
          + "picture whole with --resize.")
    }
  }
}
