import Support

/// A CSV file of numbers under named columns, such as a training's `history.csv`. Fields have no quotes.
package struct NumberTable: Sendable {
  private struct Row {
    /// In the file, counted from 1 for the header.
    var number: Int
    var fields: [Substring]
  }

  /// Names, in the file's order.
  package let columns: [String]
  private let file: String
  private let rows: [Row]

  /// - Throws: `SystemError` where the file cannot be read, otherwise as `init(parsing:file:)`.
  package static func read(_ path: String) throws -> NumberTable {
    try NumberTable(parsing: String(decoding: Folder.read(path), as: UTF8.self), file: path)
  }

  /// - Throws: `DataError` for no header, a name that stands twice in it, or a row with another number of fields.
  package init(parsing text: String, file: String) throws {
    let text = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let rows = lines.enumerated().map { Row(number: $0 + 1, fields: Self.fields(of: $1)) }.filter { $0.fields != [""] }
    guard let header = rows.first else {
      throw DataError(
        file: file, expected: "a header and rows of numbers", found: "nothing", remedy: "Choose another file.")
    }
    columns = header.fields.map(String.init)
    if let twice = Dictionary(grouping: columns, by: \.self).first(where: { $0.value.count > 1 })?.key {
      throw DataError(
        file: file, place: "row \(header.number)", expected: "each column's name once", found: "\"\(twice)\" again",
        remedy: "Rename one of the columns.")
    }
    if let row = rows.first(where: { $0.fields.count != header.fields.count }) {
      throw DataError(
        file: file, place: "row \(row.number)", expected: "\(header.fields.count) fields as in the header",
        found: "\(row.fields.count)", remedy: "Complete the row, or take it away.")
    }
    self.file = file
    self.rows = Array(rows.dropFirst())
  }

  package var rowCount: Int { rows.count }

  /// A column's values; nil where a field is empty. Other columns are not looked at.
  ///
  /// - Throws: `DataError` for a column that is not there, or a field that is no number, with its row and column.
  package func values(of name: String) throws -> [Double?] {
    guard let column = columns.firstIndex(of: name) else {
      throw DataError(
        file: file, expected: "a column named \(name)", found: columns.joined(separator: ", "),
        remedy: "Choose another file, or give its columns these names.")
    }
    return try rows.map { row in
      let field = row.fields[column]
      if field.isEmpty { return nil }
      guard let value = Double(field) else {
        throw DataError(
          file: file, place: "row \(row.number), column \(name)", expected: "a number", found: "\"\(field)\"",
          remedy: "Correct the field, or leave it empty.")
      }
      return value
    }
  }

  private static func fields(of line: Substring) -> [Substring] {
    line.split(separator: ",", omittingEmptySubsequences: false).map { field in
      let start = field.drop(while: \.isWhitespace)
      return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? ""
    }
  }
}
