import CKernels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files are written whole: into a temporary file beside the target, synced, then renamed over it. A crash, a full
/// disk or an error in `body` leaves the old file, or none, never half of one.
///
/// Links are followed to what they name; pipes and devices are written to as the bytes come.
package enum WholeFile {
  /// Between a file's name and six more letters, in the name of the temporary file that a kill may leave.
  package static let temporaryMark = ".tiddu-"

  /// Where `body` writes to; buffers small pieces.
  package final class Sink {
    let descriptor: Int32
    let path: String
    private var buffer: [UInt8] = []

    init(descriptor: Int32, path: String) {
      self.descriptor = descriptor
      self.path = path
      buffer.reserveCapacity(1 << 16)
    }

    /// Appends bytes; throws `SystemError`.
    package func write(_ bytes: some Sequence<UInt8>) throws {
      buffer.append(contentsOf: bytes)
      if buffer.count >= 1 << 16 { try flush() }
    }

    /// Appends text as UTF-8; throws `SystemError`.
    package func write(_ text: String) throws { try write(text.utf8) }

    /// Appends bytes at once, without buffering them; throws `SystemError`.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
      try flush()
      try Descriptor.writeAll(bytes, to: descriptor, path: path)
    }

    func flush() throws {
      try buffer.withUnsafeBytes { try Descriptor.writeAll($0, to: descriptor, path: path) }
      buffer.removeAll(keepingCapacity: true)
    }
  }

  /// Writes the file at `path` through `body`; throws `SystemError`, or what `body` throws.
  ///
  /// - Parameter group: keeps the file out of its place until the whole group is put there.
  package static func write(to path: String, in group: FileGroup? = nil, _ body: (Sink) throws -> Void) throws {
    switch try OutputTarget(path) {
    case .stream(let descriptor):
      defer { close(descriptor) }
      let sink = Sink(descriptor: descriptor, path: path)
      try body(sink)
      try sink.flush()
    case .file(let target):
      let file = try StagedFile(for: target, body)
      if let group { group.add(file) } else { try file.placeForGood() }
    }
  }

  /// Writes these bytes; throws `SystemError`.
  package static func write(_ bytes: [UInt8], to path: String, in group: FileGroup? = nil) throws {
    try write(to: path, in: group) { sink in try bytes.withUnsafeBytes(sink.write) }
  }

  /// Writes this text as UTF-8; throws `SystemError`.
  package static func write(_ text: String, to path: String, in group: FileGroup? = nil) throws {
    try write(to: path, in: group) { try $0.write(text) }
  }
}

/// A file that is written and synced beside its target, and not in its place yet; removed unless it is put there.
///
/// Unchecked: whoever shares one between threads, as `FileGroup` does, places it under a lock.
final class StagedFile: @unchecked Sendable {
  let target: String
  private let temporary: String
  private var isPlaced = false
  /// Where a signal that ends the program finds its name.
  private let entry: Int32

  /// - Throws: `SystemError`, or what `body` throws.
  init(for target: String, _ body: (WholeFile.Sink) throws -> Void) throws {
    self.target = target
    let (descriptor, temporary, entry) = try Self.create(beside: target)
    (self.temporary, self.entry) = (temporary, entry)
    defer { close(descriptor) }
    let sink = WholeFile.Sink(descriptor: descriptor, path: target)
    try body(sink)
    try sink.flush()
    guard fsync(descriptor) == 0 else { throw SystemError.last(operation: "write", path: target) }
  }

  deinit {
    if !isPlaced { unlink(temporary.systemBytes) }
    kernels_end_file(entry)
  }

  /// Renames it over the target, and waits until no loss of power takes that back; throws `SystemError`.
  func placeForGood() throws {
    try place()
    try Folder.sync(Folder.parent(of: target))
  }

  /// Renames it over the target; throws `SystemError`. What is more than one file is synced by their folders.
  func place() throws {
    guard rename(temporary.systemBytes, target.systemBytes) == 0 else {
      throw SystemError.last(operation: "write", path: target)
    }
    isPlaced = true
  }

  /// A new file under a name that nothing has. The system sets its mode by the process' umask, which cannot be read
  /// without being changed for a moment under the other threads' hands.
  private static func create(beside target: String) throws -> (descriptor: Int32, path: String, entry: Int32) {
    for _ in 0..<100 {
      let path = unusedName(beside: target)
      // Before there is a file: a signal may come at any time.
      let entry = kernels_begin_file(path.systemBytes)
      let descriptor = open(path.systemBytes, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (descriptor, path, entry) }
      let code = errno
      kernels_end_file(entry)
      errno = code
      guard code == EEXIST || code == EINTR else { break }
    }
    throw SystemError.last(operation: "write", path: target)
  }

  /// The target's name, shortened where the system's 255 bytes would not do, the mark and six letters.
  static func unusedName(beside target: String) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    let suffix = WholeFile.temporaryMark + String((0..<6).map { _ in letters[Int.random(in: letters.indices)] })
    let cut = target.utf8.lastIndex(of: UInt8(ascii: "/")).map(target.utf8.index(after:)) ?? target.startIndex
    var name = target[cut...]
    while String(name).systemLength + suffix.utf8.count > Int(NAME_MAX) { name.removeLast() }
    return target[..<cut] + name + suffix
  }
}

extension SystemError {
  /// The error that `errno` speaks of, with a word on what to do about it.
  package static func last(operation: String, path: String) -> SystemError {
    of(errno, operation: operation, path: path)
  }

  /// The same of a code that a library has kept.
  package static func of(_ code: Int32, operation: String, path: String) -> SystemError {
    SystemError(
      operation: operation, path: path, reason: String(cString: strerror(code)), remedy: remedy(for: code))
  }

  private static func remedy(for code: Int32) -> String {
    switch code {
    case ENOENT: "Check the path; a folder to write into must exist."
    case EACCES, EPERM, EROFS: "Choose a place where you may read and write, or change its permissions."
    case ENOSPC, EDQUOT: "Free some space, or choose another disk."
    case ENOTDIR, EISDIR, EEXIST: "Choose another path: a file stands where a folder is wanted, or the other way round."
    case EMFILE, ENFILE: "Close other programs, or raise the limit on open files."
    case ENAMETOOLONG: "Choose a shorter name: a file's has at most 255 bytes."
    default: "Check the path and the disk."
    }
  }
}
