#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Keeps two processes from writing one thing. The system lets it go when the process ends, however it ends.
package final class FileLock {
  /// Whether the file was made by this.
  package let isNew: Bool
  private let file: String
  private let descriptor: Int32

  /// - Parameters:
  ///   - file: is made, holds the number of the process, and stays, unless it is removed.
  ///   - path: what must not be written by two.
  ///   - kind: what that is: "study", "run".
  /// - Throws: `SystemError` that names the process which holds it, or where the lock cannot be made.
  package init(_ file: String, for path: String, kind: String) throws {
    self.file = file
    // The file may be taken away between opening and locking it: a lock on what has no name any more keeps nobody out.
    while true {
      guard let (descriptor, isNew) = try Self.open(file) else { continue }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        close(descriptor)
        throw Self.held(file, path, kind)
      }
      if Folder.isOpen(file, as: descriptor) {
        (self.descriptor, self.isNew) = (descriptor, isNew)
        break
      }
      close(descriptor)
    }
    ftruncate(descriptor, 0)
    let text = "\(getpid())"
    _ = text.withCString { write(descriptor, $0, strlen($0)) }
  }

  /// Nil where the file was taken away just now.
  private static func open(_ file: String) throws -> (descriptor: Int32, isNew: Bool)? {
    let fresh = Glibc.open(file.systemBytes, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if fresh >= 0 { return (fresh, true) }
    guard errno == EEXIST else { throw SystemError.last(operation: "write", path: file) }
    let old = Glibc.open(file.systemBytes, O_RDWR | O_CLOEXEC)
    if old >= 0 { return (old, false) }
    if errno == ENOENT, !isLink(file) { return nil }
    throw SystemError.last(operation: "write", path: file)
  }

  /// A link to nothing is there and cannot be opened.
  private static func isLink(_ file: String) -> Bool {
    var status = stat()
    return lstat(file.systemBytes, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  private static func held(_ file: String, _ path: String, _ kind: String) -> SystemError {
    let holder = (try? Folder.read(file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return SystemError(
      operation: "write", path: path,
      reason: "another process is working on this \(kind)" + (holder.isEmpty ? "" : " (process \(holder))"),
      remedy: "Wait for it, or end it.")
  }

  /// Takes the file away while it is still locked: whoever has opened it sees that, and makes another.
  package func removeFile() { unlink(file.systemBytes) }

  deinit {
    // A process that was forked meanwhile has it open, too, and would keep the lock until it ends.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
