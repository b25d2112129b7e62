import Restoration
import Support

extension PageResult {
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
