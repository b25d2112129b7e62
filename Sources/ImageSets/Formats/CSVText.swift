import Support

/// The lines of a table of text, and the cells of a line: for the few that are looked at one by one.
struct CSVText {
  let bytes: [UInt8]
  var separator: UInt8 = UInt8(ascii: ",")

  /// Behind a mark of UTF-8 at the beginning.
  var start: Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  /// The line that begins at `start`, without its end, and where the next one begins.
  func line(at start: Int) -> (line: ArraySlice<UInt8>, next: Int) {
    let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
    let line = bytes[start..<end]
    return (line.last == 0x0D ? line.dropLast() : line, min(end + 1, bytes.count))
  }

  /// Whether a line holds nothing but blanks and separators.
  func isEmpty(_ line: ArraySlice<UInt8>) -> Bool {
    line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == separator }
  }

  /// Of the first rows from `start` on.
  func rows(from start: Int, most: Int) -> [[ArraySlice<UInt8>]] {
    var rows: [[ArraySlice<UInt8>]] = []
    var next = start
    while next < bytes.count, rows.count < most {
      let line = line(at: next)
      if !isEmpty(line.line) { rows.append(cells(of: line.line)) }
      next = line.next
    }
    return rows
  }

  /// Without quotes, and without blanks around them.
  func cells(of line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var cells: [ArraySlice<UInt8>] = []
    var (first, isQuoted) = (line.startIndex, false)
    for place in line.indices {
      if line[place] == 0x22 { isQuoted.toggle() }
      guard line[place] == separator, !isQuoted else { continue }
      if separator == 0x20, first == place {
        first = place + 1
        continue
      }
      cells.append(content(of: line[first..<place]))
      first = place + 1
    }
    return separator == 0x20 && first == line.endIndex && !cells.isEmpty
      ? cells : cells + [content(of: line[first..<line.endIndex])]
  }

  private func content(of cell: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    var cell = cell.drop(while: isBlank)
    while let last = cell.last, isBlank(last) { cell.removeLast() }
    guard cell.first == 0x22 else { return cell }
    return cell.dropFirst().last == 0x22 ? cell.dropFirst().dropLast() : cell.dropFirst()
  }

  /// A cell's words: doubled quotes are single ones.
  static func text(_ cell: some Collection<UInt8>) -> String {
    String(decoding: cell, as: UTF8.self).replacing("\"\"", with: "\"")
  }

  /// A number, with a point or, where commas do not separate, a comma in it.
  func number(_ cell: ArraySlice<UInt8>) -> Double? {
    guard cell.count < 64, let first = cell.first, (0x30...0x39).contains(first) || "+-.,".utf8.contains(first) else {
      return nil
    }
    let text = String(decoding: cell, as: UTF8.self)
    return Double(separator == UInt8(ascii: ",") ? text : text.replacing(",", with: ".")).flatMap {
      $0.isFinite ? $0 : nil
    }
  }

  /// What separates the cells of a table's first line: a semicolon, a tabulator, a comma, a bar or blanks, the first of
  /// them that stands there outside of quotes.
  static func separator(of line: ArraySlice<UInt8>) -> UInt8 {
    var present = Set<UInt8>()
    var isQuoted = false
    for byte in line {
      if byte == 0x22 { isQuoted.toggle() }
      if !isQuoted { present.insert(byte) }
    }
    return [0x3B, 0x09, 0x2C, 0x7C, 0x20].first(where: present.contains) ?? 0x2C
  }
}
