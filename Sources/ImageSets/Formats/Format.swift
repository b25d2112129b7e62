import Support

/// The formats that sets of images are read from and written in; all but NPZ and images also inside gzip.
public enum Format: String, Sendable, CaseIterable {
  /// MNIST's own, labels in a file beside the images.
  case idx
  /// Kaggle's rows of numbers.
  case csv
  /// One numpy array.
  case npy
  /// Several numpy arrays in a zip archive.
  case npz
  /// One PNG or JPEG file.
  case image
  /// A folder of PNG and JPEG files.
  case images

  private static let known =
    "IDX (-ubyte, .idx), CSV (.csv), NPY (.npy), each also with .gz, NPZ (.npz), one image (.png, "
    + ".jpg), and a folder of them (no ending)"

  /// Tells a file's format by what is in it. The name counts only where an empty or broken file shows nothing.
  ///
  /// - Throws: `SystemError` where it cannot be read, `DataError` where it is in none of the formats.
  public static func recognize(_ path: String) throws -> Format {
    if Folder.kind(of: path) == .folder { return .images }
    let head = try Gzip.open(path, options: ReadOptions(largestSize: .max)).read(upTo: 512)
    let named = (try? named(by: path)).flatMap { $0 == .images ? nil : $0 }
    if let format = recognize(head: head) ?? named {
      if format == .npz, try Gzip.isGzip(path) {
        throw DataError(
          file: path, expected: "an NPZ file as it is", found: "one inside gzip", remedy: "Unpack it with gunzip.")
      }
      return format
    }
    throw DataError(
      file: path, place: "byte 0", expected: "one of the formats \(known)",
      found: head.isEmpty ? "an empty file" : "something else", remedy: "Give a file in one of these formats.")
  }

  /// Whether a file is one of gzip's.
  public static func isCompressed(_ path: String) throws -> Bool {
    try Folder.kind(of: path) == .file && Gzip.isGzip(path)
  }

  private static func recognize(head: [UInt8]) -> Format? {
    if head.starts(with: [0, 0]) { return .idx }
    if head.starts(with: NPY.magic) { return .npy }
    if head.starts(with: Array("PK\u{3}\u{4}".utf8)) || head.starts(with: Array("PK\u{5}\u{6}".utf8)) { return .npz }
    if head.starts(with: [0x89] + Array("PNG".utf8)) || head.starts(with: [0xFF, 0xD8, 0xFF]) { return .image }
    // Text has no control characters but tabulators and line ends; that it has columns, a comma shows.
    let isText = !head.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    return isText && head.prefix { $0 != 0x0A }.contains(0x2C) ? .csv : nil
  }

  /// The format that a file's ending asks for; throws `UsageError`, which lists the endings, for any other.
  public static func named(by path: String) throws -> Format {
    let name = FilePath.name(of: path).lowercased()
    let compressed = name.hasSuffix(".gz")
    let plain = compressed ? String(name.dropLast(3)) : name
    if plain.hasSuffix("-ubyte") || plain.hasSuffix(".ubyte") || plain.hasSuffix(".idx") { return .idx }
    if plain.hasSuffix(".csv") { return .csv }
    if plain.hasSuffix(".npy") { return .npy }
    if plain.hasSuffix(".npz"), !compressed { return .npz }
    if ImageFileFormat(named: path) != nil { return .image }
    if path.hasSuffix("/") || !name.contains(".") || Folder.kind(of: path) == .folder { return .images }
    throw UsageError(
      "\(path): this ending names no format", remedy: "Choose a name that ends as one of these do: \(known).")
  }
}
