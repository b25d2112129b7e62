import CKernels
import Support

extension KaggleCSV {
  /// What the columns hold, as their names or the first rows say.
  struct Layout {
    enum Role: UInt8 {
      case pixel = 0x70
      case label = 0x6C
      case skipped = 0x73
    }

    /// Of the columns; "column 1" and so on where the file names none.
    var names: [String]
    var roles: [Role]
    var separator: UInt8
    var hasHeader: Bool
    /// Where the first row begins.
    var firstRow: Int

    var label: Int? { roles.firstIndex(of: .label) }
    /// Bytes of an image; 0 where there are labels alone.
    var pixels: Int { roles.count { $0 == .pixel } }

    /// For rows of plain bytes between commas, with at most one column to be skipped; nil for others.
    var forKernel: csv_layout? {
      let skipped = roles.indices.filter { roles[$0] == .skipped }
      guard separator == UInt8(ascii: ","), skipped.count <= 1 else { return nil }
      return csv_layout(columns: roles.count, label_column: label ?? -1, id_column: skipped.first ?? -1)
    }

    /// How the file was read, where that is not by the names of columns between commas alone.
    func note(scale: Float?) -> String? {
      var parts: [String] = []
      if separator != UInt8(ascii: ",") { parts.append("separated by \(Self.word(for: separator))") }
      if !hasHeader { parts.append("no names of columns") }
      if let label, !hasHeader || names[label].lowercased() != "label" { parts.append("labels in \(named(label))") }
      let skipped = roles.indices.filter { roles[$0] == .skipped && !Self.isID(names[$0]) }
      if !skipped.isEmpty { parts.append("not read: \(skipped.map(named).joined(separator: ", "))") }
      if let scale { parts.append(scale == 255 ? "numbers from 0 to 1" : "numbers from 0 to 255") }
      return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private func named(_ column: Int) -> String {
      hasHeader && !names[column].isEmpty
        ? "column \(String(excerptOf: names[column].utf8))" : "column \(column + 1)"
    }

    static func isID(_ name: String) -> Bool { ["id", "imageid"].contains(name.lowercased()) }

    private static func word(for separator: UInt8) -> String {
      switch separator {
      case 0x3B: "semicolons"
      case 0x09: "tabulators"
      case 0x7C: "bars"
      default: "blanks"
      }
    }
  }
}

// MARK: - Telling

extension KaggleCSV.Layout {
  /// Rows that are looked at to tell columns apart.
  private static let looks = 50
  static let labelNames = ["label", "labels", "class", "target", "category", "digit", "y", "classes", "character"]
  private static let idNames = ["id", "imageid", "image_id", "index", "idx", "unnamed: 0", "rowid", "row_id"]

  init(of bytes: [UInt8], file: String, options: ReadOptions) throws {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw DataError(
        file: file, place: "byte 0", expected: "text in UTF-8", found: "text in UTF-16",
        remedy: "Save it as \"CSV UTF-8\".")
    }
    var text = CSVText(bytes: bytes)
    let first = text.line(at: text.start)
    guard first.line.contains(where: { $0 != 0x20 }) else {
      throw DataError(
        file: file, place: "line 1", expected: "the names of the columns, or numbers", found: "nothing",
        remedy: "The file is empty: fetch or make it again.")
    }
    separator = CSVText.separator(of: first.line)
    text.separator = separator
    let cells = text.cells(of: first.line)
    let isNumbers = cells.allSatisfy { $0.isEmpty || text.number($0) != nil }
    let areNamesNumbers = isNumbers && Self.areNumbersOfColumns(cells.map(text.number))
    hasHeader = !isNumbers || areNamesNumbers
    firstRow = hasHeader ? first.next : text.start
    names = hasHeader ? cells.map(CSVText.text) : cells.indices.map { "column \($0 + 1)" }
    roles = names.map { _ in .pixel }
    if !areNamesNumbers && hasHeader {
      try tellByNames(text.rows(from: firstRow, most: 2), file: file, wanted: options.labelColumn)
    } else {
      tellByRows(
        text.rows(from: firstRow, most: Self.looks), text, shape: options.shape,
        wanted: options.labelColumn.flatMap { Int($0) })
    }
  }

  /// A data frame without names of its columns is saved with their numbers, from 0, which no row of pixels is like.
  private static func areNumbersOfColumns(_ cells: [Double?]) -> Bool {
    let hasIndex = cells.first == .some(nil)
    let numbers = hasIndex ? cells.dropFirst() : cells[...]
    return numbers.count > 1 && (hasIndex || numbers.count > 257)
      && zip(numbers, 0...).allSatisfy { $0 == Double($1) }
  }

  private mutating func tellByNames(_ rows: [[ArraySlice<UInt8>]], file: String, wanted: String?) throws {
    let plain = names.map { $0.lowercased() }
    if let wanted {
      let number = Int(wanted).flatMap { (1...plain.count).contains($0) ? $0 - 1 : nil }
      guard let column = names.firstIndex(of: wanted) ?? plain.firstIndex(of: wanted.lowercased()) ?? number else {
        throw DataError(
          file: file, place: "line 1", expected: "a column \(wanted)",
          found: String(excerptOf: names.joined(separator: ", ").utf8),
          remedy: "Give the name of one of these by --label-column.")
      }
      roles[column] = .label
    } else if let name = Self.labelNames.first(where: plain.contains), let column = plain.firstIndex(of: name) {
      roles[column] = .label
      if let second = plain[(column + 1)...].firstIndex(of: name) {
        throw DataError(
          file: file, place: "line 1, column \(second + 1)", expected: "one column \"\(name)\"", found: "a second one",
          remedy: "Remove one of them, or choose the other by --label-column \(second + 1).")
      }
    }
    for column in plain.indices where roles[column] == .pixel {
      let isEdge = column == 0 || column == plain.count - 1
      let isUnused = names[column].isEmpty && (isEdge || rows.allSatisfy { $0.count > column && $0[column].isEmpty })
      if isUnused || Self.idNames.contains(plain[column]) { roles[column] = .skipped }
    }
  }

  /// Without names: a label is what a square of pixels leaves over, at the end where the first column never changes and
  /// the last one does; before it there may be the rows' numbers.
  private mutating func tellByRows(
    _ rows: [[ArraySlice<UInt8>]], _ text: CSVText, shape: ImageSet.Shape?, wanted: Int?
  ) {
    var pixels = Array(roles.indices)
    func isEmpty(_ column: Int) -> Bool { rows.allSatisfy { $0.count > column && $0[column].isEmpty } }
    if let last = pixels.last, pixels.count > 1, isEmpty(last) { roles[pixels.removeLast()] = .skipped }
    if hasHeader, names.first?.isEmpty == true { roles[pixels.removeFirst()] = .skipped }
    func isWhole(_ count: Int) -> Bool {
      shape.map { $0.size == count } ?? (ImageSet.Shape(squareOf: count) != nil)
    }
    func values(_ column: Int) -> [Double?] { rows.map { $0.count > column ? text.number($0[column]) : nil } }
    func isCounting(_ column: Int) -> Bool {
      let values = values(column).compactMap(\.self)
      return values.count == rows.count && zip(values, values.dropFirst()).allSatisfy { $1 == $0 + 1 }
    }
    if let wanted, pixels.contains(wanted - 1) {
      roles[wanted - 1] = .label
      pixels.removeAll { $0 == wanted - 1 }
      if !isWhole(pixels.count), isWhole(pixels.count - 1), isCounting(pixels[0]) { roles[pixels[0]] = .skipped }
      return
    }
    if !isWhole(pixels.count), !isWhole(pixels.count - 1), pixels.count > 2, isWhole(pixels.count - 2),
      isCounting(pixels[0])
    {
      roles[pixels.removeFirst()] = .skipped
    }
    guard !isWhole(pixels.count), pixels.count > 1, isWhole(pixels.count - 1) else { return }
    let ends = [pixels[0], pixels[pixels.count - 1]].map { Set(values($0)).count > 1 }
    roles[!ends[0] && ends[1] ? pixels[pixels.count - 1] : pixels[0]] = .label
  }
}
