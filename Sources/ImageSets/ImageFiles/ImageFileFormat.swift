import Support

/// The formats of image files.
package enum ImageFileFormat: String, Sendable, CaseIterable {
  case png, jpeg, tiff, bmp, webp

  /// The first is the usual one.
  var endings: [String] {
    switch self {
    case .png: [".png"]
    case .jpeg: [".jpg", ".jpeg", ".jpe", ".jfif"]
    case .tiff: [".tif", ".tiff"]
    case .bmp: [".bmp", ".dib"]
    case .webp: [".webp"]
    }
  }

  /// As people call it.
  var title: String { self == .webp ? "WebP" : rawValue.uppercased() }

  static let allTitles = "PNG, JPEG, TIFF, BMP or WebP"

  /// Told by a file's first bytes; nil for anything else.
  package init?(recognizing bytes: some Collection<UInt8>) {
    func begins(with signature: [UInt8]) -> Bool { bytes.starts(with: signature) }
    if begins(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if begins(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if [[0x49, 0x49, 42, 0], [0x4D, 0x4D, 0, 42], [0x49, 0x49, 43, 0], [0x4D, 0x4D, 0, 43]].contains(
      where: begins)
    {
      self = .tiff
    } else if begins(with: Array("BM".utf8)), bytes.count >= 18,
      bytes.dropFirst(15).prefix(3).allSatisfy({ $0 == 0 })
    {
      self = .bmp
    } else if begins(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      self = .webp
    } else {
      return nil
    }
  }

  /// Told by the ending of a file's name, in any case; nil for others.
  package init?(named path: String) {
    let path = path.lowercased()
    guard let format = Self.allCases.first(where: { $0.endings.contains(where: path.hasSuffix) }) else { return nil }
    self = format
  }

  /// The images in whichever of the formats `bytes` are, as their file has them (not inverted), but upright: 1 channel or
  /// 3. All formats but TIFF hold one.
  ///
  /// - Parameter background: what shines through where an image is transparent.
  package static func decode(_ bytes: [UInt8], file: String, background: UInt8) throws -> [ImagePage] {
    let format = try recognized(bytes, file: file)
    if format == .tiff {
      return try TIFF.decode(bytes, file: file, background: background).map { $0.stored(as: .tiff) }
    }
    return [try decodeOnly(format, bytes, file: file, background: background)]
  }

  /// The same, one after the other, none of them kept.
  package static func forEachPage(
    of bytes: [UInt8], file: String, background: UInt8, _ body: (ImagePage) throws -> Void
  ) throws {
    let format = try recognized(bytes, file: file)
    guard format == .tiff else { return try body(decodeOnly(format, bytes, file: file, background: background)) }
    try TIFF.forEachPage(of: bytes, file: file, background: background) { try body($0.stored(as: .tiff)) }
  }

  private static func recognized(_ bytes: [UInt8], file: String) throws -> ImageFileFormat {
    guard let format = ImageFileFormat(recognizing: bytes) else {
      let foreign = ForeignFile(recognizing: Array(bytes.prefix(512)))
      throw DataError(
        file: file, expected: "a \(allTitles) image",
        found: bytes.isEmpty ? "an empty file" : foreign?.name ?? "a file that begins with none of their signatures",
        remedy: foreign?.remedy ?? "Save it as PNG with another program, or take it away.")
    }
    return format
  }

  /// The one image of a file that is no TIFF.
  private static func decodeOnly(
    _ format: ImageFileFormat, _ bytes: [UInt8], file: String, background: UInt8
  ) throws -> ImagePage {
    let page =
      switch format {
      case .png: try PNG.decode(bytes, file: file, background: background)
      case .jpeg: try JPEG.decode(bytes, file: file, background: background)
      case .bmp: try BMP.decode(bytes, file: file, background: background)
      default: try WebP.decode(bytes, file: file, background: background)
      }
    return page.stored(as: format)
  }

  static func holdsOne(_ path: String, _ count: Int) -> UsageError {
    UsageError(
      "\(path) would hold one image, and there are \(grouped(count))",
      remedy: "Choose a folder to write them into, or a TIFF file, which holds several.")
  }

  /// - Throws: `UsageError` where the format cannot hold the images.
  package func encode(_ pages: [ImagePage], file: String) throws -> [UInt8] {
    if self == .tiff { return try TIFF.encode(pages, file: file) }
    if pages.count != 1 { throw Self.holdsOne(file, pages.count) }
    return switch self {
    case .png: try PNG.encode(pages[0], file: file)
    case .jpeg: try JPEG.encode(pages[0], file: file)
    case .bmp: try BMP.encode(pages[0], file: file)
    default: try WebP.encode(pages[0], file: file)
    }
  }
}

extension DataError {
  static func damaged(_ format: String, file: String, reason: String) -> DataError {
    DataError(
      file: file, expected: "a whole \(format) image", found: "a damaged one: \(reason)",
      remedy: "Fetch or save the image again.")
  }
}

extension ImagePage {
  fileprivate func stored(as format: ImageFileFormat) -> ImagePage {
    var page = self
    page.encoding.format = format
    return page
  }
}

extension ImageSet {
  /// One image from a file, named after it.
  init(image pixels: [UInt8], size: ImageSize, channels: Int, file: String) {
    self.init(
      shape: Shape(height: size.height, width: size.width, channels: channels), pixels: pixels,
      name: FilePath.name(of: file), source: file)
  }
}
