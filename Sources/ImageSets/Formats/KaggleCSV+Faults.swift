import Support

extension KaggleCSV.Layout {
  /// Of each image; nil where there are labels alone.
  func shape(file: String, options: ReadOptions) throws -> ImageSet.Shape? {
    let place = hasHeader ? "line 1" : nil
    if pixels == 0 {
      if label != nil { return nil }
      throw DataError(
        file: file, place: place, expected: "columns of pixels or a column \"label\"",
        found: String(excerptOf: names.joined(separator: ",").utf8), remedy: "Give a file with images or labels.")
    }
    if let shape = options.shape {
      if shape.size == pixels { return shape }
      throw DataError(
        file: file, place: place, expected: "\(shape.size) columns of pixels for images of \(shape)",
        found: "\(pixels)" + oddOnes, remedy: "Give the shape that the images have." + remedyForOddOnes)
    }
    if let shape = ImageSet.Shape(squareOf: pixels) { return shape }
    throw DataError(
      file: file, place: place, expected: "as many columns of pixels as a square has, such as 784 = 28 × 28",
      found: "\(pixels)" + oddOnes, remedy: "Give the images' shape, for instance --shape 32x32x3." + remedyForOddOnes)
  }

  /// Columns taken for pixels whose names without their digits are unlike most others'.
  private var odd: [String] {
    guard hasHeader else { return [] }
    let columns = names.indices.filter { roles[$0] == .pixel }
    let stems = Dictionary(grouping: columns) { names[$0].filter { !$0.isNumber } }
    guard let most = stems.values.map(\.count).max(), most * 2 > columns.count else { return [] }
    return columns.filter { stems[names[$0].filter { !$0.isNumber }]?.count != most }.map { names[$0] }
  }

  private var oddOnes: String {
    odd.isEmpty
      ? "" : ", among them " + odd.prefix(3).map { "\"\(String(excerptOf: $0.utf8))\"" }.joined(separator: ", ")
  }

  private var remedyForOddOnes: String {
    odd.first.map {
      " If \"\(String(excerptOf: $0.utf8))\" is the label, say so by --label-column; otherwise remove it."
    }
      ?? ""
  }

  /// What keeps the first faulty row from being one of this layout; nil where all are good.
  func firstFault(in text: CSVText, file: String) -> DataError? {
    var (next, row, line) = (firstRow, 0, hasHeader ? 1 : 0)
    while next < text.bytes.count {
      let found = text.line(at: next)
      (next, line) = (found.next, line + 1)
      if text.isEmpty(found.line) { continue }
      row += 1
      if let fault = fault(in: found.line, text, place: "row \(row) (line \(line))", file: file) { return fault }
    }
    return nil
  }

  private func fault(in line: ArraySlice<UInt8>, _ text: CSVText, place: String, file: String) -> DataError? {
    let fields = text.cells(of: line)
    func name(_ column: Int) -> String { String(excerptOf: names[min(column, names.count - 1)].utf8) }
    func called(_ column: Int) -> String { hasHeader ? "column \(name(column))" : name(column) }
    for (column, field) in zip(names.indices, fields) {
      guard let (expected, remedy) = fault(in: field, text, role: roles[column]) else { continue }
      return DataError(
        file: file, place: "\(place), \(called(column))", expected: expected,
        found: field.isEmpty ? "nothing" : "\"\(String(excerptOf: field))\"", remedy: remedy)
    }
    if fields.count == names.count { return nil }
    let isShort = fields.count < names.count
    return DataError(
      file: file,
      place: place + (isShort ? ", \(called(fields.count))" : ", behind the last column \(name(names.count - 1))"),
      expected: "\(names.count) fields", found: "\(fields.count)",
      remedy: isShort
        ? "A field is missing, or the file cut short: complete the row or fetch the file again."
        : "There are fields too many: remove them, or name their columns in line 1.")
  }

  private func fault(in field: ArraySlice<UInt8>, _ text: CSVText, role: Role) -> (expected: String, remedy: String)? {
    switch role {
    case .skipped: return nil
    case .label: return field.isEmpty ? ("a label", "Complete the row, or remove it.") : nil
    case .pixel:
      guard let value = text.number(field) else {
        return ("a number from 0 to 255", "Write plain numbers: 0 is paper, 255 is ink.")
      }
      if value >= -0.5, value < 255.5 { return nil }
      return ("a number from 0 to 255", "Scale the pixels to bytes: 0 is paper, 255 is ink.")
    }
  }
}
