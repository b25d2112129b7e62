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
    for digit in digits where digit.place.table == table + 1 {
      cells[(digit.place.row ?? 1) - 1][(digit.place.column ?? 1) - 1] = csvCell(digit.digit ?? "?")
    }
    for row in cells { Swift.print(row.joined(separator: ",")) }
    Swift.print("")
  }
}

/// "೪೫ 45"; what has no digits stays as it is.
func inBothDigits(_ text: String) -> String {
  let kannada = inKannadaDigits(text)
  return kannada == text ? text : "\(kannada) \(text)"
}
