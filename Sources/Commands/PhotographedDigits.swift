import ImageSets
import Pages
import Support

/// Photographs and scans of single digits, brought to a model's size: the digit is found and prepared as the datasets' were.
enum PhotographedDigits {
  /// Smaller images are taken for digits that were cut out already: their size in a model's.
  private static let smallest = 5

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
    guard shape.channels == 1, shape.height == shape.width,
      [.image, .images, .archive].contains(try Format.recognize(path))
    else { return false }
    return try PageImages.first(in: path).map { isLarge($0.image, for: shape) } ?? false
  }

  private static func isLarge(_ image: ImageSet, for shape: ImageSet.Shape) -> Bool {
    max(image.shape.height, image.shape.width) >= smallest * shape.height
  }

  private static func digit(
    on picture: PageImages.Page, of path: String, for shape: ImageSet.Shape, options: ImageFileOptions
  ) throws -> ImageSet {
    let gray = picture.image.convertedToGray()
    let page = isLarge(gray, for: shape) ? try Page.read(gray, paper: options.paper) : nil
    switch page?.digits.count ?? 0 {
    case 0:
      if page != nil { Console.note("\(picture.file): no digit found; taken whole") }
      return try gray.drawn(on: options.judgedPaper(of: gray).paper).fitted(in: shape.imageSize)
    case 1: return try page?.images.resized(to: shape.imageSize) ?? gray
    default:
      throw DataError(
        file: Folder.kind(of: path) == .folder ? "\(path)/\(picture.file)" : path,
        place: picture.page > 1 ? "page \(picture.page)" : nil, expected: "one digit",
        found: "\(grouped(page?.digits.count ?? 0)) of them",
        remedy:
          "Read them all with tiddu read, correct them where they stand with tiddu restore --keep-place, or take the "
          + "picture whole with --resize.")
    }
  }
}
