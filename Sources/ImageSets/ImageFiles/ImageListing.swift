import Support

/// The image files of a folder, in the order in which they are read.
package struct ImageListing {
  struct Entry {
    /// Path below the folder
    var name: String
    var label: Int?
  }

  var entries: [Entry] = []
  var labelNames: [String]?
  /// Files that are no images by their endings, as paths below the folder.
  var passedOver: [String] = []

  /// Endings of the notes that people keep beside images; such files are passed over.
  static let notes = [".txt", ".md", ".csv", ".json", ".yaml", ".yml", ".ini", ".db"]

  init(of folder: String) throws {
    let top = try Look(in: folder)
    passedOver = top.notes
    let (files, folders) = (top.files, top.folders)
    var contents: [[String]] = []
    for subfolder in folders { contents.append(try self.files(in: subfolder, of: folder)) }
    // Sub-folders without images are no labels.
    let labelled = zip(folders, contents).filter { !$0.1.isEmpty }
    guard !files.isEmpty || !labelled.isEmpty else {
      throw DataError(
        file: folder, expected: "PNG or JPEG images, or one sub-folder of them for each label", found: "none",
        remedy: "Choose another folder.")
    }
    guard files.isEmpty || labelled.isEmpty else {
      throw DataError(
        file: folder, expected: "images, or sub-folders of images",
        found: "both: \(files[0]) beside the folder \(labelled[0].0)", remedy: "Move the images into a sub-folder.")
    }
    entries = files.map { Entry(name: $0) }
    if labelled.isEmpty { return }
    let labels = try Self.labels(of: labelled.map(\.0), in: folder)
    labelNames = labels.names
    for (index, (subfolder, files)) in labelled.enumerated() {
      entries += files.map { Entry(name: "\(subfolder)/\($0)", label: labels.values[index]) }
    }
  }

  /// What stands in a folder, in the natural order of names.
  private struct Look {
    var files: [String] = []
    var folders: [String] = []
    var notes: [String] = []

    /// Throws a `DataError` for what is neither a folder nor a regular file: a pipe or a device may never end.
    init(in folder: String) throws {
      for name in try Folder.names(in: folder).sorted(by: naturally) {
        switch Folder.content(of: "\(folder)/\(name)") {
        case .folder: folders.append(name)
        case _ where ImageListing.isNote(name): notes.append(name)
        case .regular: files.append(name)
        case let other:
          throw DataError(
            file: "\(folder)/\(name)", expected: "a regular file", found: other.rawValue,
            remedy: "Take it out of the folder, or put a file in its place.")
        }
      }
    }
  }

  private static func isNote(_ name: String) -> Bool { notes.contains { name.lowercased().hasSuffix($0) } }

  private mutating func files(in subfolder: String, of folder: String) throws -> [String] {
    let path = "\(folder)/\(subfolder)"
    let look = try Look(in: path)
    passedOver += (look.notes + look.folders.filter(Self.isNote)).map { "\(subfolder)/\($0)" }
    if let deeper = look.folders.first(where: { !Self.isNote($0) }) {
      throw DataError(
        file: "\(path)/\(deeper)", expected: "an image", found: "a folder inside a label's folder",
        remedy: "Keep all images of a label in one folder.")
    }
    return look.files
  }

  /// Numbers, in European or Kannada digits, are the labels themselves; names in words are numbered in their order.
  private static func labels(of names: [String], in folder: String) throws -> (values: [Int], names: [String]?) {
    let numbers = names.map(number)
    if let word = numbers.firstIndex(of: nil), let figure = numbers.firstIndex(where: { $0 != nil }) {
      throw DataError(
        file: folder, expected: "sub-folders all named by numbers, or all in words",
        found: "\(names[figure]) and \(names[word])", remedy: "Rename one of them.")
    }
    let values = numbers.compactMap { $0 }
    return values.isEmpty ? (Array(names.indices), names) : (values, nil)
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
