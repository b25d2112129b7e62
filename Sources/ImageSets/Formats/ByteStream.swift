import Support

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bytes one after the other: a plain file's, those that a gzip file inflates to, or an entry's of a zip archive.
///
/// Readers take from it what a header declares and no more, so that neither a false header nor a file made to inflate
/// to terabytes can fill the memory.
package protocol ByteStream: AnyObject {
  /// The file as errors name it.
  var file: String { get }
  /// The number of bytes read so far.
  var position: Int { get }
  /// No more bytes than this can come in all, whatever a header says.
  var bound: Int { get }
  /// Fills the buffer from its beginning; returns less than its size only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

extension ByteStream {
  /// The next `count` bytes, or as many as there are.
  package func read(upTo count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      // A large number may be false: room is made for 64 MiB, then for as much again as has really come.
      let wanted = min(count - bytes.count, bound - position, max(1 << 26, bytes.count))
      if wanted <= 0 { break }
      let piece = try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
        filled = try read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      if bytes.isEmpty { bytes = piece } else { bytes += piece }
      if piece.count < wanted { break }
    }
    return bytes
  }

  /// Exactly the `count` bytes that a header promised and then the file's end.
  func readRest(_ count: Int, of what: String) throws -> [UInt8] {
    let start = position
    let bytes = try read(upTo: count)
    let expected = "\(count) bytes of \(what) from byte \(start) on, as the header says"
    guard bytes.count == count else {
      throw DataError(
        file: file, place: "byte \(start + bytes.count)", expected: expected, found: "the end after \(bytes.count)",
        remedy: "The file is cut short: fetch or copy it again.")
    }
    guard try read(upTo: 1).isEmpty else {
      throw DataError(
        file: file, place: "byte \(start + count)", expected: expected + " and then the end", found: "more bytes",
        remedy: "The header and the data do not belong together: fetch or make the file again.")
    }
    return bytes
  }
}

/// A regular file.
package final class FileStream: ByteStream {
  package let file: String
  package let bound: Int
  package private(set) var position = 0
  private let descriptor: Int32

  package init(_ path: String) throws {
    file = path
    (descriptor, bound) = try Folder.openRegular(path)
  }

  deinit { close(descriptor) }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try read(into: buffer, at: position)
    position += count
    return count
  }

  private func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = try Descriptor.read(
        descriptor, into: .init(rebasing: buffer[filled...]), at: offset + filled, path: file)
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  /// The whole file, copied by all threads: a large file's time goes into the pages that it is copied to.
  func readAll() throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: bound) { buffer, filled in
      nonisolated(unsafe) let bytes = UnsafeMutableRawBufferPointer(buffer)
      nonisolated(unsafe) let stream = self
      let pieces = Threads.mapRanges(of: bytes.count, grain: 1 << 20) { range in
        Result { try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[range]), at: range.lowerBound) }
      }
      // Short only if the file shrank meanwhile; an end before the last piece leaves nothing behind it.
      for piece in pieces { filled += try piece.get() }
    }
  }
}
