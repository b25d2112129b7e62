/// Lines of a table: the first column begins at the left, the others end at the right, two spaces between them. A row
/// of one cell is a line of its own that widens no column.
package func alignedColumns(_ rows: [[String]]) -> [String] {
  var widths: [Int] = []
  for row in rows where row.count > 1 {
    for (column, cell) in row.enumerated() {
      if column == widths.count { widths.append(0) }
      widths[column] = max(widths[column], cell.count)
    }
  }
  return rows.map { row in
    guard row.count > 1 else { return row.first ?? "" }
    var line = row[0]
    var end = widths[0]
    for (cell, width) in zip(row, widths).dropFirst() {
      end += 2 + width
      line += String(repeating: " ", count: end - line.count - cell.count) + cell
    }
    return line
  }
}
