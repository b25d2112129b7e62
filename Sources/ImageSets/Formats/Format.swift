import Support

/// The formats that sets of images are read from and written in; tables and arrays also inside gzip.
package enum Format: String, Sendable, CaseIterable {
  /// MNIST's own, labels in a file beside the images.
  case idx
  /// Rows of numbers.
  case csv
  /// One numpy array.
  case npy
  /// Several numpy arrays in a zip archive.
  case npz
  /// One image file.
  case image
  /// A folder of image files.
  case images
  /// A zip archive of image files; only read.
  case archive
  /// CIFAR's binary batches; only read.
  case cifar

  /// Those that are written.
  package static let written: [Format] = [.idx, .csv, .npy, .npz, .image, .images]

  private static let imageEndings = ImageFileFormat.allCases.map { $0.endings[0] }.joined(separator: ", ")
  private static let known =
    "IDX (-ubyte, .idx), CSV (.csv), NPY (.npy), each also with .gz, NPZ (.npz), one image (\(imageEndings)), and a "
    + "folder of them (no ending)"

  /// Tells a file's format by what is in it. The name counts only where an empty or broken file shows nothing.
  ///
  /// - Throws: `SystemError` where it cannot be read, `DataError` where it is in none of the formats.
  package static func recognize(_ path: String) throws -> Format {
    if Folder.kind(of: path) == .folder { return .images }
    let head = try Gzip.open(path, options: ReadOptions(largestSize: .max)).read(upTo: 512)
    if head.starts(with: Self.zip) || head.starts(with: Array("PK\u{5}\u{6}".utf8)) {
      return try recognizeArchive(path)
    }
    let named = (try? named(by: path)).flatMap { $0 == .images ? nil : $0 }
    if CIFAR.isBatch(path, size: try FileStream(path).bound) { return .cifar }
    if let format = recognize(head: head) { return format }
    if let foreign = ForeignFile(recognizing: head) {
      throw DataError(file: path, expected: "images or labels", found: foreign.name, remedy: foreign.remedy)
    }
    if let named { return named }
    throw DataError(
      file: path, place: "byte 0", expected: "one of the formats \(known)",
      found: head.isEmpty ? "an empty file" : "something else", remedy: "Give a file in one of these formats.")
  }

  /// Whether a file is one of gzip's.
  package static func isCompressed(_ path: String) throws -> Bool {
    try Folder.kind(of: path) == .file && Gzip.isGzip(path)
  }

  private static let zip = Array("PK\u{3}\u{4}".utf8)

  private static func recognize(head: [UInt8]) -> Format? {
    if ImageFileFormat(recognizing: head) != nil { return .image }
    if head.starts(with: [0, 0, 8]) || head.starts(with: [0, 0]) && ForeignFile(recognizing: head) == nil {
      return .idx
    }
    if head.starts(with: NPY.magic) { return .npy }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return .csv }
    if ForeignFile(recognizing: head) != nil { return nil }
    // Text has no control characters but tabulators and line ends; that it has columns, what separates them shows.
    let isText = !head.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    let line = head.prefix { $0 != 0x0A }
    let isTable =
      line.contains { [0x2C, 0x3B, 0x09, 0x7C].contains($0) }
      || line.allSatisfy { "0123456789+-.eE \r".utf8.contains($0) }
    return isText && !line.isEmpty && isTable ? .csv : nil
  }

  /// What a zip archive is: arrays or images.
  private static func recognizeArchive(_ path: String) throws -> Format {
    if try Gzip.isGzip(path) {
      throw DataError(
        file: path, expected: "a zip archive (NPZ) as it is", found: "one inside gzip",
        remedy: "Unpack it with gunzip.")
    }
    let archive = try ZipArchive(path)
    let names = archive.files.map(\.name)
    func has(_ endings: String...) -> Bool {
      names.contains { name in endings.contains(where: name.lowercased().hasSuffix) }
    }
    if has(".npy") || names.isEmpty { return .npz }
    if let foreign = ForeignFile(archive: archive.entries.map(\.name)) {
      throw DataError(file: path, expected: "arrays or images", found: foreign.name, remedy: foreign.remedy)
    }
    if names.contains(where: { ImageFileFormat(named: $0) != nil }) { return .archive }
    let inner = names.first { name in
      [".zip", ".gz", ".tar", ".tgz", ".7z", ".rar", ".bz2", ".xz"].contains(where: name.lowercased().hasSuffix)
    }
    if let inner {
      throw DataError(
        file: path, expected: "arrays (.npy) or images",
        found: "another archive in it, \(String(excerptOf: inner.utf8))",
        remedy: "Unpack it, and give what is in that one.")
    }
    throw DataError(
      file: path, expected: "arrays (.npy) or images (\(imageEndings))",
      found: names.prefix(5).map { String(excerptOf: $0.utf8) }.joined(separator: ", ")
        + (names.count > 5 ? ", …" : ""),
      remedy: "Unpack it, and give what is in it.")
  }

  /// The format that a file's ending asks for; throws `UsageError`, which lists the endings, for any other.
  package static func named(by path: String) throws -> Format {
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

  static func notWritten(_ path: String) -> UsageError {
    UsageError("\(path): this format is only read", remedy: "Choose one of \(known).")
  }
}
