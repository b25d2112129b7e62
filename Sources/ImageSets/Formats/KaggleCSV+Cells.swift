import CKernels
import Support

/// Rows of cells of any spelling.
struct CellRows {
  let bytes: [UInt8]
  let text: Range<Int>
  let layout: KaggleCSV.Layout
  let file: String
  private let blocks: [(text: Range<Int>, rows: Int)]

  init(bytes: [UInt8], text: Range<Int>, layout: KaggleCSV.Layout, file: String) throws {
    (self.bytes, self.text, self.layout, self.file) = (bytes, text, layout, file)
    let ranges = KaggleCSV.blocks(of: text, in: bytes)
    let rows = Threads.mapRanges(of: ranges.count, grain: 1) { part in
      part.map { index in
        Self.withCells(layout) { cells in
          bytes.withUnsafeBufferPointer {
            kernels_csv_count(
              $0.baseAddress! + ranges[index].lowerBound, $0.baseAddress! + ranges[index].upperBound, cells)
          }
        }
      }
    }
    blocks = Array(zip(ranges, rows.joined()))
    // Every field has a separator or a line's end behind it: see `PlainRows`.
    let (needed, overflows) = rowCount.multipliedReportingOverflow(by: layout.names.count)
    if rowCount == 0 || overflows || needed > text.count + 1 { throw firstFault() }
  }

  private var rowCount: Int { blocks.reduce(0) { $0 + $1.rows } }

  private static func withCells<Result>(_ layout: KaggleCSV.Layout, _ body: (csv_cells) -> Result) -> Result {
    layout.roles.map(\.rawValue).withUnsafeBufferPointer { roles in
      body(csv_cells(columns: roles.count, roles: roles.baseAddress, separator: layout.separator))
    }
  }

  func read() throws -> KaggleCSV.Table {
    let count = rowCount
    let (numbers, places, hasFractions) = try readCells(count)
    let scale = try scale(numbers, hasFractions: hasFractions)
    var table = KaggleCSV.Table(pixels: numbers.map { UInt8(min(max($0 * scale, 0), 255).rounded()) })
    if layout.label != nil { try name(&table, by: places) }
    table.scale = hasFractions ? scale : nil
    return table
  }

  /// Numbers as they stand, and where each label does: its first byte and its length.
  private func readCells(_ count: Int) throws -> (numbers: [Float], places: [Int64], hasFractions: Bool) {
    let size = layout.pixels
    var places = [Int64](repeating: 0, count: 2 * count)
    var parts: [(isWhole: Bool, hasFractions: Bool)] = []
    let numbers = places.withUnsafeMutableBufferPointer { places in
      nonisolated(unsafe) let places = places
      return [Float](unsafeUninitializedCapacity: max(1, count * size)) { numbers, filled in
        nonisolated(unsafe) let numbers = numbers
        parts = Threads.mapRanges(of: blocks.count, grain: 1) { part in
          part.map { readBlock($0, numbers: numbers.baseAddress!, places: places.baseAddress!) }
        }.flatMap(\.self)
        filled = parts.allSatisfy(\.isWhole) ? count * size : 0
      }
    }
    guard parts.allSatisfy(\.isWhole) else { throw firstFault() }
    return (numbers, places, parts.contains(where: \.hasFractions))
  }

  private func readBlock(
    _ index: Int, numbers: UnsafeMutablePointer<Float>, places: UnsafeMutablePointer<Int64>
  ) -> (isWhole: Bool, hasFractions: Bool) {
    let (text, rows) = blocks[index]
    let firstRow = blocks[..<index].reduce(0) { $0 + $1.rows }
    var hasPoint: Int32 = 0
    let read = Self.withCells(layout) { cells in
      bytes.withUnsafeBufferPointer { bytes in
        let base = bytes.baseAddress!
        return kernels_csv_read_cells(
          base + text.lowerBound, base + text.upperBound, cells, rows, numbers + firstRow * layout.pixels, base,
          places + 2 * firstRow, &hasPoint)
      }
    }
    return (read == rows, hasPoint != 0)
  }

  /// What numbers are multiplied by: whole ones are bytes, and fractions are from 0 to 1 where none is larger.
  private func scale(_ numbers: [Float], hasFractions: Bool) throws -> Float {
    guard hasFractions, let largest = numbers.max() else { return 1 }
    if largest <= 1 + 0.5 / 255 { return 255 }
    if largest >= 2 { return 1 }
    throw DataError(
      file: file, expected: "numbers from 0 to 1 or from 0 to 255", found: "\(largest) as the largest",
      remedy: "Cut them off at 1, or scale them to whole numbers up to 255.")
  }

  /// Whole numbers are the labels; where one is none, all are words.
  private func name(_ table: inout KaggleCSV.Table, by places: [Int64]) throws {
    let cells: [ArraySlice<UInt8>] = (0..<rowCount).map { row in
      let start = Int(places[2 * row])
      return bytes[start..<start + Int(places[2 * row + 1])]
    }
    let text = CSVText(bytes: [], separator: layout.separator)
    let numbers: [Int?] = cells.map { cell in text.number(cell).flatMap { Int(exactly: $0) } }
    if !numbers.contains(nil) {
      let labels = numbers.compactMap(\.self)
      let range = 0...999_999_999
      if let wrong = labels.firstIndex(where: { !range.contains($0) }) {
        throw DataError(
          file: file, place: "\(place(ofRow: wrong)), \(columnName)",
          expected: "a whole number from 0 to \(range.upperBound)",
          found: "\"\(labels[wrong])\"", remedy: "Number the labels anew.")
      }
      table.labels = labels
      return
    }
    if let wrong = cells.firstIndex(where: { text.number($0) != nil }), numbers.count > 1 {
      // Among numbers, a word is a fault rather than a name.
      let word = numbers[wrong] == nil ? wrong : numbers.firstIndex(of: nil) ?? wrong
      throw DataError(
        file: file, place: "\(place(ofRow: word)), \(columnName)", expected: "a whole number, as the other labels are",
        found: "\"\(String(excerptOf: cells[word]))\"", remedy: "Number all labels, or name all of them in words.")
    }
    let words = cells.map(CSVText.text)
    let classes = Set(words).sorted(by: ImageListing.naturally)
    let byName = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    table.labels = words.map { byName[$0] ?? 0 }
    table.labelNames = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($0, $1) })
  }

  private var columnName: String {
    let name = String(excerptOf: layout.names[layout.label ?? 0].utf8)
    return layout.hasHeader ? "column \(name)" : name
  }

  private func place(ofRow wanted: Int) -> String {
    let lines = CSVText(bytes: bytes, separator: layout.separator)
    var (next, row, line) = (layout.firstRow, -1, layout.hasHeader ? 1 : 0)
    while next < bytes.count {
      let found = lines.line(at: next)
      (next, line) = (found.next, line + 1)
      if !lines.isEmpty(found.line) { row += 1 }
      if row == wanted { break }
    }
    return "row \(wanted + 1) (line \(line))"
  }

  private func firstFault() -> DataError {
    layout.firstFault(in: CSVText(bytes: bytes, separator: layout.separator), file: file)
      ?? DataError(
        file: file, expected: "\(layout.names.count) numbers a row", found: "something else",
        remedy: "Write the rows as plain numbers, one line a row.")
  }
}
