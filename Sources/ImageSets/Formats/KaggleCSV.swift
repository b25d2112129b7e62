import CKernels
import Support

/// Rows of numbers, as Kaggle hands images out and programs save tables: `label` and the pixels (`train.csv`), `id` and
/// the pixels (`test.csv`), the pixels alone, or `id` and `label` without images (`sample_submission.csv`).
///
/// The columns may have names or none, be separated by commas, semicolons, tabulators, bars or blanks, and stand in quotes;
/// ids and the rows' numbers are skipped. Pixels are numbers from 0 to 255 or, written as fractions, from 0 to 1: the
/// image's rows one after the other, in colour red, green and blue of each pixel together. Labels are whole numbers, or
/// words, which are then numbered in their order.
enum KaggleCSV {
  static func read(_ path: String, options: ReadOptions) throws -> Contents {
    try parse(Gzip.readAll(path, options: options), file: path, options: options)
  }

  static func parse(_ bytes: [UInt8], file: String, options: ReadOptions) throws -> Contents {
    let layout = try Layout(of: bytes, file: file, options: options)
    var end = bytes.count
    // Most files end with one line end, and some with several.
    while end > layout.firstRow, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    guard layout.firstRow < end else {
      throw DataError(
        file: file, place: "line 2", expected: "rows of numbers", found: "the header only",
        remedy: "The file holds no images: fetch or make it again.")
    }
    let shape = try layout.shape(file: file, options: options)
    let text = layout.firstRow..<end
    let plain = layout.forKernel.flatMap {
      PlainRows(bytes: bytes, text: text, layout: $0, pixels: layout.pixels)?.read()
    }
    let table = try plain ?? CellRows(bytes: bytes, text: text, layout: layout, file: file).read()
    if let words = layout.note(scale: table.scale) { options.note?(words) }
    let name = FilePath.name(of: file)
    guard let shape else {
      return .labels(Labels(table.labels ?? [], name: name, source: file))
    }
    var set = ImageSet(shape: shape, pixels: table.pixels, labels: table.labels, name: name, source: file)
    set.labelNames = table.labelNames
    return .images(StoredImages(images: set))
  }

  /// What rows hold.
  struct Table {
    /// (row, column)
    var pixels: [UInt8]
    var labels: [Int]?
    /// Of labels in words.
    var labelNames: [Int: String]?
    /// What fractions were multiplied by; nil for whole numbers.
    var scale: Float?
  }

  /// Ranges of whole lines, at most one a thread, that together are `text`.
  static func blocks(of text: Range<Int>, in bytes: [UInt8]) -> [Range<Int>] {
    let pieces = Threads.mapRanges(of: text.count, grain: 1 << 18) { $0 }
    var cuts = [text.lowerBound]
    for piece in pieces.dropFirst() {
      let cut = bytes[(text.lowerBound + piece.lowerBound)..<text.upperBound].firstIndex(of: 0x0A).map { $0 + 1 }
      cuts.append(max(cuts.last!, cut ?? text.upperBound))
    }
    cuts.append(text.upperBound)
    return zip(cuts, cuts.dropFirst()).map { $0..<$1 }.filter { !$0.isEmpty }
  }
}

/// Rows of whole numbers between commas, and nothing else: what most files hold, read as fast as memory allows.
private struct PlainRows {
  let bytes: [UInt8]
  let layout: csv_layout
  /// Of a row.
  let pixels: Int
  private let blocks: [(text: Range<Int>, rows: Int)]

  /// Nil where there are more rows than the text has room for, so that one of them is short.
  init?(bytes: [UInt8], text: Range<Int>, layout: csv_layout, pixels: Int) {
    (self.bytes, self.layout, self.pixels) = (bytes, layout, pixels)
    let ranges = KaggleCSV.blocks(of: text, in: bytes)
    let rows = Threads.mapRanges(of: ranges.count, grain: 1) { part in
      part.map { index in Self.lines(in: bytes, ranges[index], last: index == ranges.count - 1) }
    }
    blocks = Array(zip(ranges, rows.joined()))
    // Every field takes a digit and a separator. Known before room for the pixels is made, of which a few false bytes
    // could otherwise ask for any amount.
    let (needed, overflows) = rowCount.multipliedReportingOverflow(by: 2 * layout.columns)
    if overflows || needed > text.count + 1 { return nil }
  }

  private var rowCount: Int { blocks.reduce(0) { $0 + $1.rows } }

  /// Nil where a row is not plain.
  func read() -> KaggleCSV.Table? {
    let count = rowCount
    let hasLabels = layout.label_column >= 0
    var labels = [Int](repeating: 0, count: hasLabels ? count : 0)
    var isWhole = true
    let pixels = labels.withUnsafeMutableBufferPointer { labels in
      nonisolated(unsafe) let labels = labels
      return [UInt8](unsafeUninitializedCapacity: max(1, count * self.pixels)) { pixels, filled in
        nonisolated(unsafe) let pixels = pixels
        let whole = Threads.mapRanges(of: blocks.count, grain: 1) { part in
          part.allSatisfy { readBlock($0, pixels: pixels, labels: labels) }
        }
        isWhole = whole.allSatisfy(\.self)
        filled = isWhole ? count * self.pixels : 0
      }
    }
    return isWhole ? KaggleCSV.Table(pixels: pixels, labels: hasLabels ? labels : nil) : nil
  }

  private func readBlock(
    _ index: Int, pixels: UnsafeMutableBufferPointer<UInt8>, labels: UnsafeMutableBufferPointer<Int>
  ) -> Bool {
    let (text, rows) = blocks[index]
    let firstRow = blocks[..<index].reduce(0) { $0 + $1.rows }
    return bytes.withUnsafeBufferPointer { bytes in
      let base = bytes.baseAddress!
      let read = labels.withMemoryRebound(to: Int64.self) { labels in
        kernels_csv_read(
          base + text.lowerBound, base + text.upperBound, layout, rows,
          pixels.baseAddress! + firstRow * self.pixels, labels.baseAddress.map { $0 + firstRow })
      }
      return read == rows
    }
  }

  /// Lines in a range of whole ones; the file's last has no line end.
  private static func lines(in bytes: [UInt8], _ range: Range<Int>, last: Bool) -> Int {
    bytes.withUnsafeBufferPointer { bytes in
      kernels_csv_lines(bytes.baseAddress! + range.lowerBound, bytes.baseAddress! + range.upperBound)
    } + (last ? 1 : 0)
  }
}
