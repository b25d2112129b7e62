#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reading and writing by file descriptors, where a signal may interrupt any call. Foundation's own functions fail then.
package enum Descriptor {
  /// Reads into `buffer`.
  ///
  /// - Parameters:
  ///   - offset: from the file's begin, in bytes; nil reads on from where the last read ended.
  ///   - path: what an error calls the file.
  /// - Returns: bytes read; 0 at the end.
  /// - Throws: `SystemError`.
  package static func read(
    _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int? = nil, path: String
  ) throws -> Int {
    try uninterrupted("read", path) {
      offset.map { pread(descriptor, buffer.baseAddress, buffer.count, off_t($0)) }
        ?? Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    }
  }

  /// All that comes until the end, as of a pipe; throws `SystemError`.
  package static func readAll(_ descriptor: Int32, path: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { buffer in
      while true {
        let count = try read(descriptor, into: buffer, path: path)
        if count == 0 { return }
        bytes += buffer[..<count]
      }
    }
    return bytes
  }

  /// Writes some of the bytes.
  ///
  /// - Parameter operation: what an error says could not be done.
  /// - Returns: how many, at least one of such as are not empty.
  /// - Throws: `SystemError`.
  package static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, operation: String = "write", path: String
  ) throws -> Int {
    try uninterrupted(operation, path) { Glibc.write(descriptor, bytes.baseAddress, bytes.count) }
  }

  /// Writes all the bytes; throws `SystemError`.
  package static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, operation: String = "write", path: String
  ) throws {
    var rest = bytes
    while !rest.isEmpty {
      rest = .init(rebasing: rest[try write(rest, to: descriptor, operation: operation, path: path)...])
    }
  }

  /// Calls again while a signal interrupts.
  private static func uninterrupted(_ operation: String, _ path: String, call: () -> Int) throws -> Int {
    while true {
      let count = call()
      if count >= 0 { return count }
      guard errno == EINTR else { throw SystemError.last(operation: operation, path: path) }
    }
  }
}
