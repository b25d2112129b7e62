import CZlib
import Support

/// Gzip, in and out, through zlib.
package enum Gzip {
  static let magic: [UInt8] = [0x1F, 0x8B]

  /// Opens a file for reading, through an inflater if its first bytes say that it is gzip's, or two if it is so twice.
  static func open(_ path: String, options: ReadOptions) throws -> any ByteStream {
    let stream = try FileStream(path)
    guard stream.bound <= options.largestSize else {
      throw options.tooLarge(file: path, size: stream.bound)
    }
    guard try isGzip(path) else { return stream }
    // Some sites and browsers pack a file again that was packed before.
    let isTwice = try InflatingStream(FileStream(path)).read(upTo: 2) == magic
    return isTwice ? InflatingStream(InflatingStream(stream)) : InflatingStream(stream)
  }

  static func isGzip(_ path: String) throws -> Bool { try FileStream(path).read(upTo: 2) == magic }

  /// All bytes of a file, inflated if they are gzip's.
  static func readAll(_ path: String, options: ReadOptions) throws -> [UInt8] {
    let stream = try open(path, options: options)
    if let file = stream as? FileStream { return try file.readAll() }
    let bytes = try stream.read(upTo: options.largestSize)
    guard try stream.read(upTo: 1).isEmpty else { throw options.tooLarge(file: path, size: nil) }
    return bytes
  }

  /// Writes a file whole, what `body` hands over deflated on its way if `compressed`.
  package static func write(
    to path: String, compressed: Bool, in group: FileGroup? = nil,
    _ body: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    try WholeFile.write(to: path, in: group) { sink in
      guard compressed else { return try body { try sink.write($0) } }
      let deflater = Deflater()
      try body { try deflater.write($0, finish: false, to: sink) }
      try deflater.write(UnsafeRawBufferPointer(start: nil, count: 0), finish: true, to: sink)
    }
  }
}

/// What a gzip file, or several one behind the other, inflates to.
final class InflatingStream: ByteStream {
  let bound: Int
  private(set) var position = 0
  private let source: any ByteStream
  private var input: [UInt8] = []
  /// In `input`: the first byte that has not been inflated yet.
  private var next = 0
  private var isAtEnd = false
  /// On the heap, for zlib keeps its address.
  private let state: UnsafeMutablePointer<z_stream>

  var file: String { source.file }

  init(_ source: any ByteStream) {
    self.source = source
    // A byte deflates to a 1032th of itself at best (zlib's technical details).
    let (product, overflows) = source.bound.multipliedReportingOverflow(by: 1032)
    bound = overflows ? .max : product
    state = .allocate(capacity: 1)
    state.initialize(to: z_stream())
    // 15 bits of window, and 16 for a gzip header.
    let status = inflateInit2_(state, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib cannot begin: status \(status)")
  }

  deinit {
    inflateEnd(state)
    state.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count, !isAtEnd {
      let made = try inflate(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      filled += made
      // Only now: zlib may hold back output after it has taken the last of the input.
      if made == 0, !isAtEnd, next == input.count { try refill() }
    }
    position += filled
    return filled
  }

  private func refill() throws {
    input = try source.read(upTo: 1 << 18)
    next = 0
    if input.isEmpty {
      throw DataError(
        file: file, place: "byte \(source.position)", expected: "more gzip data", found: "the file's end",
        remedy: "The file is cut short: fetch or copy it again.")
    }
  }

  private func inflate(into room: UnsafeMutableRawBufferPointer) throws -> Int {
    let size = min(room.count, Int(UInt32.max))
    let available = input.count - next
    let status = input.withUnsafeMutableBufferPointer { bytes in
      state.pointee.next_in = bytes.baseAddress.map { $0 + next }
      state.pointee.avail_in = UInt32(available)
      state.pointee.next_out = room.baseAddress!.assumingMemoryBound(to: UInt8.self)
      state.pointee.avail_out = UInt32(size)
      return CZlib.inflate(state, Z_NO_FLUSH)
    }
    next += available - Int(state.pointee.avail_in)
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: try beginNextMember()
    default: throw corrupt()
    }
    return size - Int(state.pointee.avail_out)
  }

  /// Gzip files may stand one behind the other (RFC 1952, section 2.2).
  private func beginNextMember() throws {
    if next == input.count {
      input = try source.read(upTo: 1 << 18)
      next = 0
    }
    isAtEnd = input.isEmpty
    if !isAtEnd { inflateReset(state) }
  }

  private func corrupt() -> DataError {
    let reason = state.pointee.msg.map { String(cString: $0) } ?? "something else"
    return DataError(
      file: file, place: "byte \(source.position - input.count + next)", expected: "gzip data", found: reason,
      remedy: "The file is damaged: fetch or copy it again.")
  }
}

/// Turns bytes into a gzip file; the same bytes always into the same file, for its header names no time.
private final class Deflater {
  private let state: UnsafeMutablePointer<z_stream>
  private var output = [UInt8](repeating: 0, count: 1 << 18)

  init() {
    state = .allocate(capacity: 1)
    state.initialize(to: z_stream())
    let status = deflateInit2_(
      state, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib cannot begin: status \(status)")
  }

  deinit {
    deflateEnd(state)
    state.deallocate()
  }

  func write(_ bytes: UnsafeRawBufferPointer, finish: Bool, to sink: WholeFile.Sink) throws {
    var rest = bytes
    repeat {
      let size = min(rest.count, 1 << 30)
      state.pointee.next_in = UnsafeMutablePointer(mutating: rest.baseAddress?.assumingMemoryBound(to: UInt8.self))
      state.pointee.avail_in = UInt32(size)
      repeat {
        let written = output.withUnsafeMutableBufferPointer { buffer in
          state.pointee.next_out = buffer.baseAddress
          state.pointee.avail_out = UInt32(buffer.count)
          deflate(state, finish ? Z_FINISH : Z_NO_FLUSH)
          return buffer.count - Int(state.pointee.avail_out)
        }
        try output.withUnsafeBytes { try sink.write(UnsafeRawBufferPointer(rebasing: $0[..<written])) }
      } while state.pointee.avail_out == 0
      rest = UnsafeRawBufferPointer(rebasing: rest[size...])
    } while !rest.isEmpty
  }
}
