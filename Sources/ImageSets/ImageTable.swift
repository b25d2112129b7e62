import Support

/// A table that names image files and their labels, one a row, beside the images or above them: the form in which many
/// datasets are handed out, Chinese MNIST's among them.
package struct ImageTable: Sendable {
  package let path: String
  /// That the files' names are below.
  private let folder: String
  private let names: [String]
  private let rows: [[String]]
  private let files: [String]
  /// The column with the files' names; nil where they are put together from others.
  private let fileColumn: Int?

  /// Nil for a table that names no files that are there.
  ///
  /// - Parameter folders: sub-folders of its own in which the files may lie.
  init?(recognizing path: String, folders: [String]) {
    guard let bytes = try? Gzip.readAll(path, options: ReadOptions(largestSize: 1 << 28)) else { return nil }
    var text = CSVText(bytes: bytes)
    let first = text.line(at: text.start).line
    guard first.count < 4096 else { return nil }
    text.separator = CSVText.separator(of: first)
    let cells = text.rows(from: text.start, most: 3)
    guard let width = cells.first?.count, (2...64).contains(width), cells.count >= 1 else { return nil }
    let head = cells.map { $0.map(CSVText.text) }
    let parent = FilePath.folder(of: path)
    guard let place = FilePlace(of: head, in: parent, folders: folders) else { return nil }
    let all = text.rows(from: text.start, most: .max).map { $0.map(CSVText.text) }
    let hasHeader = place.hasHeader
    self.path = path
    folder = parent
    names = hasHeader ? head[0] : []
    rows = (hasHeader ? Array(all.dropFirst()) : all)
    files = rows.map(place.file)
    fileColumn = place.column
  }

  /// The images with their labels.
  ///
  /// - Throws: `DataError` where the labels' column cannot be told or an image cannot be read, `SystemError`.
  func read(options: ReadOptions) throws -> StoredImages {
    let (column, classes) = try labelColumn(options.labelColumn)
    if let short = rows.firstIndex(where: { $0.count <= max(column, classes ?? 0) }) {
      throw DataError(
        file: path, place: "row \(short + 1)", expected: "\(names.isEmpty ? rows[0].count : names.count) fields",
        found: "\(rows[short].count)", remedy: "Complete the row, or remove it.")
    }
    let words = rows.map { $0[column] }
    let numbers = words.map { Int($0) }
    let isNumbered = numbers.allSatisfy { $0.map { (0...999_999_999).contains($0) } ?? false } && classes == nil
    let order = isNumbered ? [] : Set(words).sorted(by: ImageListing.naturally)
    let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    let labels = isNumbered ? numbers.map { $0 ?? 0 } : words.map { places[$0] ?? 0 }
    let entries = zip(files, labels).map { ImageListing.Entry(name: $0, label: $1) }
    var set = try ImageFolder.read(entries, of: FolderSource(path: folder), options: options.images)
    if !isNumbered {
      let called = classes.map { column in Dictionary(zip(labels, rows.map { $0[column] })) { first, _ in first } }
      set.images.labelNames = called ?? Dictionary(uniqueKeysWithValues: order.enumerated().map { ($0, $1) })
    }
    options.note?(
      "labels of \(FilePath.name(of: path)), \(names.isEmpty ? "column \(column + 1)" : "column \(names[column])")")
    return set
  }

  /// The column with the labels, and one that names them.
  private func labelColumn(_ wanted: String?) throws -> (column: Int, classes: Int?) {
    let plain = names.map { $0.lowercased() }
    if let wanted {
      let width = rows.first?.count ?? 0
      let number = Int(wanted).flatMap { (1...max(1, width)).contains($0) ? $0 - 1 : nil }
      if let column = plain.firstIndex(of: wanted.lowercased()) ?? number { return (column, nil) }
    } else if let code = plain.firstIndex(of: "code"), let character = plain.firstIndex(of: "character") {
      return (code, character)
    } else if let name = KaggleCSV.Layout.labelNames.first(where: plain.contains),
      let column = plain.firstIndex(of: name)
    {
      return (column, nil)
    } else if let fileColumn, rows.first?.count == 2 {
      return (1 - fileColumn, nil)
    }
    throw DataError(
      file: path, place: "line 1", expected: wanted.map { "a column \($0)" } ?? "a column \"label\" or \"class\"",
      found: String(excerptOf: (names.isEmpty ? rows.first ?? [] : names).joined(separator: ", ").utf8),
      remedy: "Say which column holds the labels: --label-column NAME, or its number.")
  }
}

/// Where the files lie that rows name.
private struct FilePlace {
  var hasHeader: Bool
  var column: Int?
  /// The columns that Chinese MNIST's files are called after.
  private var parts: [Int] = []
  private var before = ""
  private var behind = ""

  init?(of head: [[String]], in folder: String, folders: [String]) {
    let names = head[0].map { $0.lowercased() }
    let ids = ["suite_id", "sample_id", "code"].compactMap(names.firstIndex)
    hasHeader = true
    if ids.count == 3, head.count > 1 {
      parts = ids
      for place in ["data/", ""] + folders.map({ $0 + "/" }) {
        (before, behind) = (place + "input_", ".jpg")
        if head[1].count == names.count, Self.isFile(file(of: head[1]), in: folder) { return }
      }
      parts = []
    }
    let endings = [""] + ImageFileFormat.allCases.flatMap(\.endings)
    for row in head.prefix(2).indices {
      for (column, cell) in head[row].enumerated() where !cell.isEmpty {
        for place in [""] + folders.map({ $0 + "/" }) {
          for ending in endings {
            (before, behind, self.column) = (place, ending, column)
            guard Self.isFile(place + cell + ending, in: folder) else { continue }
            hasHeader = row == 1
            return
          }
        }
      }
    }
    return nil
  }

  private static func isFile(_ name: String, in folder: String) -> Bool {
    ImageFileFormat(named: name) != nil && !name.hasPrefix("/")
      && Folder.content(of: FilePath.join(folder, name)) == .regular
  }

  /// The file that a row names, below the table's folder.
  func file(of row: [String]) -> String {
    guard parts.isEmpty else {
      return before + parts.map { row.count > $0 ? row[$0] : "" }.joined(separator: "_") + behind
    }
    return before + (column.flatMap { row.count > $0 ? row[$0] : nil } ?? "") + behind
  }
}
