#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files are written whole: into a temporary file beside the target, synced, then renamed over it. A crash, a full
/// disk or an error in `body` leaves the old file, or none, never half of one.
public enum WholeFile {
  /// Between a file's name and six more letters, in the name of the temporary file that a kill may leave.
  package static let temporaryMark = ".tiddu-"

  /// Where `body` writes to; buffers small pieces.
  public final class Sink {
    let descriptor: Int32
    let path: String
    private var buffer: [UInt8] = []

    init(descriptor: Int32, path: String) {
      self.descriptor = descriptor
      self.path = path
      buffer.reserveCapacity(1 << 16)
    }

    /// Appends bytes; throws `SystemError`.
    public func write(_ bytes: some Sequence<UInt8>) throws {
      buffer.append(contentsOf: bytes)
      if buffer.count >= 1 << 16 { try flush() }
    }

    /// Appends text as UTF-8; throws `SystemError`.
    public func write(_ text: String) throws { try write(text.utf8) }

    /// Appends bytes at once, without buffering them; throws `SystemError`.
    public func write(_ bytes: UnsafeRawBufferPointer) throws {
      try flush()
      try writeAll(bytes)
    }

    func flush() throws {
      try buffer.withUnsafeBytes(writeAll)
      buffer.removeAll(keepingCapacity: true)
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) throws {
      var rest = bytes
      while let base = rest.baseAddress, !rest.isEmpty {
        let written = Glibc.write(descriptor, base, rest.count)
        if written < 0 {
          if errno == EINTR { continue }
          throw SystemError.last(operation: "write", path: path)
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
    }
  }

  /// Writes the file at `path` through `body`; throws `SystemError`, or what `body` throws.
  public static func write(to path: String, _ body: (Sink) throws -> Void) throws {
    var template = Array("\(path)\(temporaryMark)XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw SystemError.last(operation: "write", path: path) }
    let temporary = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    do {
      defer { close(descriptor) }
      let sink = Sink(descriptor: descriptor, path: path)
      try body(sink)
      try sink.flush()
      let mask = umask(0)
      umask(mask)
      guard fchmod(descriptor, 0o666 & ~mask) == 0, fsync(descriptor) == 0 else {
        throw SystemError.last(operation: "write", path: path)
      }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let failure = SystemError.last(operation: "write", path: path)
      unlink(temporary)
      throw failure
    }
  }

  /// Writes these bytes; throws `SystemError`.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    try write(to: path) { sink in try bytes.withUnsafeBytes(sink.write) }
  }

  /// Writes this text as UTF-8; throws `SystemError`.
  public static func write(_ text: String, to path: String) throws {
    try write(to: path) { try $0.write(text) }
  }
}

extension SystemError {
  /// The error that `errno` speaks of, with a word on what to do about it.
  public static func last(operation: String, path: String) -> SystemError {
    let code = errno
    return SystemError(
      operation: operation, path: path, reason: String(cString: strerror(code)), remedy: remedy(for: code))
  }

  private static func remedy(for code: Int32) -> String {
    switch code {
    case ENOENT: "Check the path; a folder to write into must exist."
    case EACCES, EPERM, EROFS: "Choose a place where you may read and write, or change its permissions."
    case ENOSPC, EDQUOT: "Free some space, or choose another disk."
    case ENOTDIR, EISDIR, EEXIST: "Choose another path: a file stands where a folder is wanted, or the other way round."
    case EMFILE, ENFILE: "Close other programs, or raise the limit on open files."
    default: "Check the path and the disk."
    }
  }
}
