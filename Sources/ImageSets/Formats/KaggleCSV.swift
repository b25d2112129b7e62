import CKernels
import Support

/// Rows of numbers under a line of names, as Kaggle hands images out: `label` and the pixels (`train.csv`), `id` and
/// the pixels (`test.csv`), the pixels alone, or `id` and `label` without images (`sample_submission.csv`).
///
/// Ids are skipped. Pixels are whole numbers from 0 to 255, the image's rows one after the other, in colour red,
/// green and blue of each pixel together.
enum KaggleCSV {
  /// What the columns hold, as their names say.
  struct Layout {
    var columns: [String]
    var label: Int?
    var id: Int?

    /// Bytes of an image; 0 where there are labels alone.
    var pixels: Int { columns.count - (label == nil ? 0 : 1) - (id == nil ? 0 : 1) }

    var forKernel: csv_layout {
      csv_layout(columns: columns.count, label_column: label ?? -1, id_column: id ?? -1)
    }
  }

  static func read(_ path: String, options: ReadOptions) throws -> Contents {
    try parse(Gzip.readAll(path, options: options), file: path, options: options)
  }

  static func parse(_ bytes: [UInt8], file: String, options: ReadOptions) throws -> Contents {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let headerEnd = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
    let layout = try Layout(header: bytes[start..<headerEnd], file: file)
    // Line ends at the file's end may be missing, or be more than one.
    var end = bytes.count
    while end > headerEnd, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    let first = min(headerEnd + 1, end)
    guard first < end else {
      throw DataError(
        file: file, place: "line 2", expected: "rows of numbers", found: "the header only",
        remedy: "The file holds no images: fetch or make it again.")
    }
    let shape = try layout.shape(file: file, options: options)
    let table = try Table(bytes: bytes, text: first..<end, layout: layout, file: file)
    let (pixels, labels) = try table.read()
    let name = FilePath.name(of: file)
    guard let shape else { return .labels(Labels(labels ?? [], name: name, source: file)) }
    return .images(ImageSet(shape: shape, pixels: pixels, labels: labels, name: name, source: file))
  }

  /// The rows below the header.
  struct Table {
    let bytes: [UInt8]
    let layout: Layout
    let file: String
    /// Ranges of whole lines, one a thread at most, and the number of lines in each.
    private let blocks: [(text: Range<Int>, rows: Int)]

    init(bytes: [UInt8], text: Range<Int>, layout: Layout, file: String) throws {
      self.bytes = bytes
      self.layout = layout
      self.file = file
      let pieces = Threads.mapRanges(of: text.count, grain: 1 << 18) { $0 }
      var cuts = [text.lowerBound]
      for piece in pieces.dropFirst() {
        let cut = bytes[(text.lowerBound + piece.lowerBound)..<text.upperBound].firstIndex(of: 0x0A).map { $0 + 1 }
        cuts.append(max(cuts.last!, cut ?? text.upperBound))
      }
      cuts.append(text.upperBound)
      let ranges = zip(cuts, cuts.dropFirst()).map { $0..<$1 }.filter { !$0.isEmpty }
      let rows = Threads.mapRanges(of: ranges.count, grain: 1) { part in
        part.map { index in Self.lines(in: bytes, ranges[index], last: index == ranges.count - 1) }
      }
      blocks = Array(zip(ranges, rows.joined()))
      // Every field takes a digit and a separator: more rows than that leaves room for, and one of them is short.
      // Known before room for the pixels is made, of which a few false bytes could otherwise ask for any amount.
      let (needed, overflows) = rowCount.multipliedReportingOverflow(by: 2 * layout.columns.count)
      if overflows || needed > text.count + 1 { throw firstFault() }
    }

    var rowCount: Int { blocks.reduce(0) { $0 + $1.rows } }

    /// Pixels (row, column) and labels of all rows.
    func read() throws -> (pixels: [UInt8], labels: [Int]?) {
      let size = layout.pixels
      let count = rowCount
      var labels = [Int](repeating: 0, count: layout.label == nil ? 0 : count)
      var isWhole = true
      let pixels = labels.withUnsafeMutableBufferPointer { labels in
        nonisolated(unsafe) let labels = labels
        return [UInt8](unsafeUninitializedCapacity: max(1, count * size)) { pixels, filled in
          nonisolated(unsafe) let pixels = pixels
          let whole = Threads.mapRanges(of: blocks.count, grain: 1) { part in
            part.allSatisfy { readBlock($0, pixels: pixels, labels: labels) }
          }
          isWhole = whole.allSatisfy(\.self)
          filled = isWhole ? count * size : 0
        }
      }
      guard isWhole else { throw firstFault() }
      return (pixels, layout.label == nil ? nil : labels)
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
            base + text.lowerBound, base + text.upperBound, layout.forKernel, rows,
            pixels.baseAddress! + firstRow * layout.pixels, labels.baseAddress.map { $0 + firstRow })
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

    /// What is wrong with the first faulty row, found by reading slowly what the kernel has read fast.
    private func firstFault() -> DataError {
      let text = blocks.first!.text.lowerBound..<blocks.last!.text.upperBound
      var start = text.lowerBound
      for row in 1... {
        let end = bytes[start..<text.upperBound].firstIndex(of: 0x0A) ?? text.upperBound
        if let fault = layout.fault(in: bytes[start..<end], row: row, file: file) { return fault }
        if end == text.upperBound { break }
        start = end + 1
      }
      return DataError(
        file: file, expected: "\(layout.columns.count) numbers a row", found: "something else",
        remedy: "Write the rows as plain numbers between commas.")
    }
  }
}
