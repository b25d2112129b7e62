import Support
import Synchronization

/// Image files in a zip archive, read as a folder of them is.
enum ImageArchive {
  static func read(_ path: String, options: ImageFileOptions) throws -> StoredImages {
    let source = try ArchiveSource(path)
    let listing = try ImageListing(of: source.names, in: path)
    return try ImageFolder.read(listing, of: source, options: options)
  }
}

/// Archives are read by one thread at a time, and what is in them is decoded by all.
final class ArchiveSource: ImageSource {
  let path: String
  let names: [String]
  private let archive: Mutex<ZipArchive>
  private let entries: [String: ZipArchive.Entry]
  private let fileSize: Int
  /// Bytes of one entry.
  private static let most = 1 << 31

  init(_ path: String) throws {
    self.path = path
    fileSize = try FileStream(path).bound
    let archive = try ZipArchive(path)
    entries = Dictionary(archive.files.map { ($0.name, $0) }) { first, _ in first }
    names = archive.files.map(\.name)
    self.archive = Mutex(archive)
  }

  func bytes(of name: String) throws -> [UInt8] {
    guard let entry = entries[name] else { return [] }
    return try archive.withLock { archive in
      let stream = try archive.open(entry, fileSize: fileSize)
      let bytes = try stream.read(upTo: Self.most)
      guard bytes.count < Self.most else {
        throw DataError(
          file: place(of: name), expected: "at most \(Self.most) bytes", found: "more", remedy: "Take it out.")
      }
      return bytes
    }
  }

  func place(of name: String) -> String { "\(path), entry \(String(excerptOf: name.utf8))" }
}
