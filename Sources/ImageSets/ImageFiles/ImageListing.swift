import Support

/// The image files of a folder or an archive, in the order in which they are read.
package struct ImageListing {
  struct Entry {
    /// Path below the folder
    var name: String
    var label: Int?
  }

  var entries: [Entry] = []
  var labelNames: [String]?
  /// Whether images lie at several depths, or in folders of folders, which are no labels.
  var hasFoldersWithoutLabels = false
  /// Files that are no images by their endings, as paths below the folder.
  var passedOver: [String] = []

  /// Endings of the notes that people keep beside images; such files are passed over.
  static let notes = [".txt", ".md", ".csv", ".json", ".yaml", ".yml", ".ini", ".db"]

  /// Folders inside folders; a link that leads back upwards would never end.
  private static let deepest = 32

  init(of folder: String) throws {
    var files: [String] = []
    try Self.walk(folder, below: "", depth: 0, into: &files)
    try self.init(of: files, in: folder)
  }

  /// - Parameter files: paths below the folder, or in the archive, in their order.
  init(of files: [String], in folder: String) throws {
    passedOver = files.filter(Self.isNote)
    let images = files.filter { !Self.isNote($0) }
    guard !images.isEmpty else {
      throw DataError(
        file: folder, expected: "\(ImageFileFormat.allTitles) images, or one sub-folder of them for each label",
        found: "none", remedy: "Choose another folder.")
    }
    let folders = Self.withoutCommon(images.map { $0.split(separator: "/").dropLast() })
    guard folders.allSatisfy({ $0.count == 1 }) else {
      entries = images.map { Entry(name: $0) }
      hasFoldersWithoutLabels = !folders.allSatisfy(\.isEmpty)
      return
    }
    var names: [String] = []
    for name in folders.map({ String($0.first ?? "") }) where names.last != name && !names.contains(name) {
      names.append(name)
    }
    let labels = Self.labels(of: names)
    labelNames = labels.names
    let byName = Dictionary(uniqueKeysWithValues: zip(names, labels.values))
    entries = zip(images, folders).map { Entry(name: $0, label: byName[String($1.first ?? "")]) }
  }

  /// Without the folders that all images lie in, such as the one that an archive was made of: a name in words that is
  /// the only one tells nothing apart.
  private static func withoutCommon(_ folders: [ArraySlice<Substring>]) -> [ArraySlice<Substring>] {
    var folders = folders
    while let first = folders[0].first, number(String(first)) == nil, folders.allSatisfy({ $0.first == first }) {
      folders = folders.map { $0.dropFirst() }
    }
    return folders
  }

  /// Throws a `DataError` for what is neither a folder nor a regular file: a pipe or a device may never end.
  private static func walk(_ folder: String, below path: String, depth: Int, into files: inout [String]) throws {
    guard depth <= deepest else {
      throw DataError(
        file: folder, expected: "folders at most \(deepest) deep", found: "deeper ones",
        remedy: "Take out links that lead back to a folder above.")
    }
    let names = try Folder.names(in: folder).sorted(by: naturally)
    var folders: [String] = []
    for name in names {
      switch Folder.content(of: FilePath.join(folder, name)) {
      case .folder: folders.append(name)
      case .regular: files.append(path + name)
      case _ where isNote(name): files.append(path + name)
      case let other:
        throw DataError(
          file: FilePath.join(folder, name), expected: "a regular file", found: other.rawValue,
          remedy: "Take it out of the folder, or put a file in its place.")
      }
    }
    for name in folders {
      try walk(FilePath.join(folder, name), below: "\(path)\(name)/", depth: depth + 1, into: &files)
    }
  }

  private static func isNote(_ name: String) -> Bool { notes.contains { name.lowercased().hasSuffix($0) } }

  /// Numbers, in European or Kannada digits, are the labels themselves; where one is none, all are numbered in their
  /// order.
  private static func labels(of names: [String]) -> (values: [Int], names: [String]?) {
    let values = names.compactMap(number)
    return values.count == names.count && Set(values).count == values.count
      ? (values, nil) : (Array(names.indices), names)
  }

  private static func number(_ name: String) -> Int? {
    let digits = name.map { $0.wholeNumberValue ?? -1 }
    guard !digits.isEmpty, digits.count <= 18, digits.allSatisfy((0...9).contains) else { return nil }
    return digits.reduce(0) { $0 * 10 + $1 }
  }

  /// Runs of digits count as numbers, so that "2.png" comes before "10.png"; the rest goes by bytes.
  package static func naturally(_ left: String, _ right: String) -> Bool {
    var (a, b) = (Substring(left).utf8, Substring(right).utf8)
    while let x = a.first, let y = b.first {
      if isDigit(x) && isDigit(y) {
        let (m, n) = (takeNumber(from: &a), takeNumber(from: &b))
        if m.count != n.count { return m.count < n.count }
        if !m.elementsEqual(n) { return m.lexicographicallyPrecedes(n) }
      } else {
        if x != y { return x < y }
        a.removeFirst()
        b.removeFirst()
      }
    }
    if a.isEmpty != b.isEmpty { return a.isEmpty }
    return left.utf8.lexicographicallyPrecedes(right.utf8)  // "01" and "1"
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func takeNumber(from text: inout Substring.UTF8View) -> Substring.UTF8View {
    let digits = text.prefix(while: isDigit)
    text = text.dropFirst(digits.count)
    return digits.drop { $0 == 0x30 }
  }
}
