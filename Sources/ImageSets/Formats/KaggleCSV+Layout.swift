import Support

extension KaggleCSV.Layout {
  /// Reads the names of the columns, which may stand in double quotes.
  init(header: ArraySlice<UInt8>, file: String) throws {
    let line = header.last == 0x0D ? header.dropLast() : header
    guard line.contains(where: { $0 != 0x20 }) else {
      throw DataError(
        file: file, place: "line 1", expected: "the names of the columns", found: "nothing",
        remedy: "The file is empty: fetch or make it again.")
    }
    columns = Self.names(in: line)
    if let first = columns.first, !first.isEmpty, first.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      throw DataError(
        file: file, place: "line 1", expected: "the names of the columns",
        found: "numbers (\(String(excerptOf: first.utf8)), …)",
        remedy: "Put a line like \"label,pixel0,pixel1,…\" before the first row.")
    }
    let plain = columns.map { $0.lowercased() }
    label = plain.firstIndex(of: "label")
    id = plain.firstIndex { $0 == "id" || $0 == "imageid" }
    if let label, let second = plain[(label + 1)...].firstIndex(of: "label") {
      throw DataError(
        file: file, place: "line 1, column \(second + 1)", expected: "one column \"label\"", found: "a second one",
        remedy: "Remove one of them.")
    }
  }

  private static func names(in line: ArraySlice<UInt8>) -> [String] {
    var names: [String] = []
    var name: [UInt8] = []
    var isQuoted = false
    for byte in line {
      switch byte {
      case 0x22: isQuoted.toggle()
      case 0x2C where !isQuoted:
        names.append(String(decoding: name, as: UTF8.self))
        name = []
      default: name.append(byte)
      }
    }
    return names + [String(decoding: name, as: UTF8.self)]
  }

  /// Of each image; nil where there are labels alone.
  func shape(file: String, options: ReadOptions) throws -> ImageSet.Shape? {
    if pixels == 0 {
      if label != nil { return nil }
      throw DataError(
        file: file, place: "line 1", expected: "columns of pixels or a column \"label\"",
        found: String(excerptOf: columns.joined(separator: ",").utf8), remedy: "Give a file with images or labels.")
    }
    if let shape = options.shape {
      if shape.size == pixels { return shape }
      throw DataError(
        file: file, place: "line 1", expected: "\(shape.size) columns of pixels for images of \(shape)",
        found: "\(pixels)", remedy: "Give the shape that the images have.")
    }
    if let shape = ImageSet.Shape(squareOf: pixels) { return shape }
    throw DataError(
      file: file, place: "line 1", expected: "as many columns of pixels as a square has, such as 784 = 28 × 28",
      found: "\(pixels)", remedy: "Give the images' shape, for instance --shape 32x32x3.")
  }

  /// What keeps a line from being a row of this layout; nil for a good row.
  func fault(in line: ArraySlice<UInt8>, row: Int, file: String) -> DataError? {
    let line = line.last == 0x0D ? line.dropLast() : line
    let fields = line.split(separator: 0x2C, omittingEmptySubsequences: false)
    for (column, field) in zip(columns.indices, fields) {
      guard let (expected, remedy) = fault(in: field, column: column) else { continue }
      return DataError(
        file: file, place: place(row: row, column: column), expected: expected,
        found: field.isEmpty ? "nothing" : "\"\(String(excerptOf: field))\"", remedy: remedy)
    }
    if fields.count == columns.count { return nil }
    let isShort = fields.count < columns.count
    return DataError(
      file: file, place: place(row: row, column: isShort ? fields.count : columns.count),
      expected: "\(columns.count) fields", found: "\(fields.count)",
      remedy: isShort
        ? "A field is missing, or the file cut short: complete the row or fetch the file again."
        : "There are fields too many: remove them, or name their columns in line 1.")
  }

  private func place(row: Int, column: Int) -> String {
    let name = String(excerptOf: columns[min(column, columns.count - 1)].utf8)
    let which = column < columns.count ? "column \(name)" : "behind the last column \(name)"
    return "row \(row) (line \(row + 1)), \(which)"
  }

  private func fault(in field: ArraySlice<UInt8>, column: Int) -> (expected: String, remedy: String)? {
    if column == id {
      return field.isEmpty || field.contains(0x0D) ? ("an id", "Number the rows, or remove the column.") : nil
    }
    let isLabel = column == label
    let largest = isLabel ? 999_999_999 : 255
    let expected = "a whole number from 0 to \(largest)"
    let digits = field.first == 0x2D ? field.dropFirst() : field
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return (expected, "Write plain digits, without quotes, spaces or a decimal point.")
    }
    let value = digits.reduce(0) { min($0 * 10 + Int($1 - 0x30), 1 << 40) }
    if field.first == 0x2D || value > largest {
      return (expected, isLabel ? "Number the labels anew." : "Scale the pixels to bytes: 0 is paper, 255 is ink.")
    }
    return nil
  }
}
