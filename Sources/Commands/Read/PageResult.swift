import Distortions
import Foundation
import ImageSets
import Pages
import Restoration
import Support

/// What was read on one page, as it is printed.
struct PageResult: Encodable {
  var file: String
  /// From 1.
  var page: Int
  var width: Int
  var height: Int
  var tables: [Table]
  var digits: [DigitResult]
  /// Nil unless asked for.
  var numbers: [NumberResult]?

  struct Table: Encodable {
    var rows: Int
    var columns: Int
    /// What was done to it, and was undone.
    var orientation: Orientation
    var orientationProbability: Float
  }

  init(_ reading: PageReading, file: String, page: Int, options: ReadOutputOptions) {
    (self.file, self.page) = (file, page)
    (width, height) = (reading.page.size.width, reading.page.size.height)
    digits = reading.digits.map { DigitResult($0, file: file, page: page, onlyIfSure: options.onlyIfSure ?? 0) }
    tables = reading.grids.enumerated().map { number, size in
      let vote = reading.digits.first { $0.place?.grid == number }?.orientation
      return Table(
        rows: size.rows, columns: size.columns, orientation: vote?.orientation ?? .upright,
        orientationProbability: vote?.probability ?? 1)
    }
    guard options.numbers else { return }
    let groups = Dictionary(grouping: reading.digits.indices) { reading.digits[$0].number }
    numbers = groups.sorted { $0.key < $1.key }.map { _, members in NumberResult(members.map { digits[$0] }) }
  }

  func print(_ options: ReadOutputOptions) {
    if options.grid {
      for table in tables.indices { printGrid(table) }
    } else if options.csv {
      for line in numbers?.map(\.csv) ?? digits.map(\.csv) { Swift.print(line) }
    } else if !digits.isEmpty {
      let rows =
        numbers.map { [NumberResult.headings] + $0.map(\.cells) } ?? [DigitResult.headings] + digits.map(\.cells)
      Swift.print("\(file)\(page > 1 ? ", page \(page)" : "")")
      for line in alignedColumns(rows) { Swift.print(line) }
    }
  }

  private func printGrid(_ table: Int) {
    var cells = Array(repeating: Array(repeating: "", count: tables[table].columns), count: tables[table].rows)
    for digit in digits where digit.table == table + 1 {
      cells[(digit.row ?? 1) - 1][(digit.column ?? 1) - 1] = csvCell(digit.digit ?? "?")
    }
    for row in cells { Swift.print(row.joined(separator: ",")) }
    Swift.print("")
  }
}

struct DigitResult: Encodable {
  var file: String
  var page: Int
  /// Each from 1; nil outside of tables.
  var table: Int?
  var row: Int?
  var column: Int?
  /// In pixels.
  var left: Int
  var top: Int
  var width: Int
  var height: Int
  /// Its class; nil where that is not sure enough.
  var digit: String?
  var probability: Float
  /// What was done to it, and was undone.
  var orientation: Orientation
  /// Whether the corrector changed it.
  var restored: Bool
  var damage: String?

  init(_ digit: ReadDigit, file: String, page: Int, onlyIfSure least: Float) {
    (self.file, self.page) = (file, page)
    (table, row, column) = (
      digit.place.map { $0.grid + 1 }, digit.place.map { $0.row + 1 }, digit.place.map { $0.column + 1 }
    )
    (left, top, width, height) = (digit.box.left, digit.box.top, digit.box.width, digit.box.height)
    self.digit = digit.probability >= least ? digit.name : nil
    probability = digit.probability
    orientation = digit.orientation.orientation
    restored = digit.isRestored
    damage = digit.damage.map { "\($0)" }
  }

  static let columns =
    "file,page,table,row,column,left,top,width,height,digit,probability,orientation,restored,damage"
  var csv: String {
    [
      csvCell(file), "\(page)", text(table), text(row), text(column), "\(left)", "\(top)", "\(width)", "\(height)",
      csvCell(digit ?? ""), fixed(Double(probability), 4), orientation.rawValue, restored ? "1" : "0", damage ?? "",
    ].joined(separator: ",")
  }

  static let headings = ["digit", "probability", "table", "row", "column", "x", "y", "width", "height", "undone"]
  var cells: [String] {
    let undone = [orientation == .upright ? nil : orientation.label, restored ? damage : nil].compactMap(\.self)
    return [
      digit.map(inBothDigits) ?? "?", fixed(Double(probability), 3), text(table), text(row), text(column), "\(left)",
      "\(top)", "\(width)", "\(height)", undone.isEmpty ? "-" : undone.joined(separator: ", "),
    ]
  }
}

/// Digits that are written next to each other.
struct NumberResult: Encodable {
  var file: String
  var page: Int
  var table: Int?
  var row: Int?
  /// Of the first digit.
  var column: Int?
  var left: Int
  var top: Int
  var width: Int
  var height: Int
  /// With a question mark for each digit that is not sure enough.
  var number: String
  var kannada: String
  /// Of the least sure digit.
  var probability: Float

  /// - Precondition: there is a digit.
  init(_ digits: [DigitResult]) {
    let first = digits[0]
    (file, page, table, row, column) = (first.file, first.page, first.table, first.row, first.column)
    let (right, bottom) = (digits.map { $0.left + $0.width }.max() ?? 0, digits.map { $0.top + $0.height }.max() ?? 0)
    (left, top) = (digits.map(\.left).min() ?? 0, digits.map(\.top).min() ?? 0)
    (width, height) = (right - left, bottom - top)
    number = digits.map { $0.digit ?? "?" }.joined()
    kannada = inKannadaDigits(number)
    probability = digits.map(\.probability).min() ?? 0
  }

  static let columns = "file,page,table,row,column,left,top,width,height,number,kannada,probability"
  var csv: String {
    [
      csvCell(file), "\(page)", text(table), text(row), text(column), "\(left)", "\(top)", "\(width)", "\(height)",
      csvCell(number), csvCell(kannada), fixed(Double(probability), 4),
    ].joined(separator: ",")
  }

  static let headings = ["number", "probability", "table", "row", "column", "x", "y", "width", "height"]
  var cells: [String] {
    [
      inBothDigits(number), fixed(Double(probability), 3), text(table), text(row), text(column), "\(left)", "\(top)",
      "\(width)", "\(height)",
    ]
  }
}

private func text(_ number: Int?) -> String { number.map(String.init) ?? "" }

/// "೪೫ 45"; what has no digits stays as it is.
private func inBothDigits(_ text: String) -> String {
  let kannada = inKannadaDigits(text)
  return kannada == text ? text : "\(kannada) \(text)"
}
