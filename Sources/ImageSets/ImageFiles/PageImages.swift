import Support

/// Pictures of pages, read one at a time, so that any number of them takes the memory of one.
package enum PageImages {
  /// One page as its file has it, upright, neither inverted nor resized.
  package struct Page: Sendable {
    /// Its file's path below the folder or in the archive, or its name.
    package var file: String
    /// From 1, in its file.
    package var page: Int
    /// One image, of 1 channel or 3.
    package var image: ImageSet
    package var encoding: ImageEncoding

    /// The file's, with the page where that is not the first: "scan-page2.tif".
    package var name: String {
      guard page > 1 else { return file }
      let name = file[(file.lastIndex(of: "/").map(file.index(after:)) ?? file.startIndex)...]
      guard let dot = name.lastIndex(of: ".") else { return "\(file)-page\(page)" }
      return "\(file[..<dot])-page\(page)\(file[dot...])"
    }
  }

  /// The pages of an image file, or of all those in a folder or an archive.
  ///
  /// - Parameters:
  ///   - skip: called with what is wrong with a file that cannot be read, in the place of throwing it.
  ///   - body: called with each page.
  /// - Throws: `SystemError` where a file cannot be read, `DataError` where it is no image, and what `body` throws.
  package static func forEach(
    in path: String, skip: ((DataError) -> Void)? = nil, _ body: (Page) throws -> Void
  ) throws {
    switch try Format.recognize(path) {
    case .images: try forEach(ImageListing(of: path), of: FolderSource(path: path), skip, body)
    case .archive:
      let source = try ArchiveSource(path)
      try forEach(ImageListing(of: source.names, in: path), of: source, skip, body)
    case .image: try forEachPage(of: Folder.read(path), named: FilePath.name(of: path), at: path, body)
    default:
      throw UsageError(
        "\(path) holds no pictures of pages", remedy: "Name an image file, or a folder or a zip archive of such.")
    }
  }

  /// The first page; nil where there is none, or it cannot be read.
  package static func first(in path: String) throws -> Page? {
    struct Found: Error { var page: Page }
    func passOver(_ error: DataError) {}
    do { try forEach(in: path, skip: passOver) { throw Found(page: $0) } } catch let found as Found {
      return found.page
    }
    return nil
  }

  private static func forEach(
    _ listing: ImageListing, of source: some ImageSource, _ skip: ((DataError) -> Void)?, _ body: (Page) throws -> Void
  ) throws {
    for entry in listing.entries {
      do {
        try forEachPage(of: source.bytes(of: entry.name), named: entry.name, at: source.place(of: entry.name)) { page in
          do { try body(page) } catch let error as DataError { throw Stopped(error: error) }
        }
      } catch let stop as Stopped {
        throw stop.error
      } catch let error as DataError {
        guard let skip else { throw error }
        skip(error)
      }
    }
  }

  /// What `body` throws is never passed over.
  private struct Stopped: Error {
    var error: DataError
  }

  /// The pages of an image file's bytes; `place` is what errors call it.
  package static func forEachPage(
    of bytes: [UInt8], named name: String, at place: String, _ body: (Page) throws -> Void
  ) throws {
    var number = 0
    try ImageFileFormat.forEachPage(of: bytes, file: place, background: Paper.light.background) { page in
      number += 1
      var image = page.image
      image.hasPaper = false
      try body(Page(file: name, page: number, image: image, encoding: page.encoding))
    }
  }
}
