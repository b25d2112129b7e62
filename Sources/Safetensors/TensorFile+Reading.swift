import Support

extension TensorFile {
  /// The format's own limit on the header; a longer one is an attack.
  private static let longestHeader = 100_000_000

  /// Reads a file; F64, F16, BF16, I64, I32 and U8 become `Float`, integers only where that is exact.
  ///
  /// Throws `SystemError` for a file that cannot be read and `DataError` for one that is damaged.
  package static func read(_ path: String) throws -> TensorFile {
    try TensorFile(bytes: Folder.read(path), file: path)
  }

  /// What `read` does, with the bytes at hand; `file` is what errors call them.
  package init(bytes: [UInt8], file: String) throws(DataError) {
    let dataStart = try Self.headerEnd(bytes: bytes, file: file)
    var parser = HeaderParser(file: file, bytes: bytes, range: 8..<dataStart)
    let header = try parser.parse()
    try Self.checkLayout(of: header, dataSize: bytes.count - dataStart, parser: parser)

    self.init(metadata: header.metadata)
    for entry in header.entries {
      let values = bytes.withUnsafeBytes {
        entry.type.values(in: UnsafeRawBufferPointer(rebasing: $0[dataStart + entry.begin..<dataStart + entry.end]))
      }
      guard let values else {
        throw DataError(
          file: file, place: "tensor \(entry.name)", expected: "integers that a 32-bit float holds exactly",
          found: "larger ones", remedy: "Store them as F64 or F32.")
      }
      tensors[entry.name] = Tensor(shape: entry.shape, values: values)
    }
  }

  private static func headerEnd(bytes: [UInt8], file: String) throws(DataError) -> Int {
    func error(expected: String, found: String) -> DataError {
      DataError(
        file: file, place: "byte 0", expected: expected, found: found,
        remedy: "The file is cut short or no safetensors file; make or fetch it again.")
    }
    guard bytes.count >= 8 else {
      throw error(expected: "8 bytes with the header's length", found: "\(bytes.count) bytes in all")
    }
    let length = bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length <= longestHeader else {
      throw error(expected: "a header of at most \(longestHeader) bytes", found: "a length of \(length)")
    }
    guard length <= bytes.count - 8 else {
      throw error(expected: "a header of \(length) bytes", found: "\(bytes.count - 8) bytes after its length")
    }
    return 8 + Int(length)
  }

  /// The tensors' bytes follow each other without gap or overlap, as many as each shape wants, up to the file's end.
  private static func checkLayout(of header: Header, dataSize: Int, parser: HeaderParser) throws(DataError) {
    var position = 0
    for entry in header.entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      func check(_ isFine: Bool, expected: String) throws(DataError) {
        if isFine { return }
        throw parser.error(
          at: entry.place, expected: "\(entry.name) \(expected)",
          found: "shape \(entry.shape), bytes \(entry.begin) to \(entry.end)")
      }
      try check(entry.begin == position, expected: "to begin at byte \(position) of the data")
      try check(entry.end >= entry.begin && entry.end <= dataSize, expected: "to end within \(dataSize) bytes of data")
      let size = byteCount(of: entry.shape, elementSize: entry.type.size)
      try check(
        size == entry.end - entry.begin, expected: size.map { "to have \($0) bytes" } ?? "to have fewer than 2^63 bytes"
      )
      position = entry.end
    }
    guard position == dataSize else {
      throw parser.error(
        at: 0, expected: "\(position) bytes of data, as the header says", found: "\(dataSize)")
    }
  }
}
