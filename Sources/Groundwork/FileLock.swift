#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Keeps two processes from writing one thing. The system lets it go when the process ends, however it ends.
package final class FileLock {
  private let descriptor: Int32

  /// - Parameters:
  ///   - file: is made, holds the number of the process, and stays.
  ///   - path: what must not be written by two.
  ///   - kind: what that is: "study", "run".
  /// - Throws: `SystemError` that names the process which holds it, or where the lock cannot be made.
  package init(_ file: String, for path: String, kind: String) throws {
    // The file may be taken away between opening and locking it: a lock on what has no name any more keeps nobody out.
    while true {
      let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw SystemError.last(operation: "write", path: file) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        close(descriptor)
        throw Self.held(file, path, kind)
      }
      if Self.isNamed(file, descriptor) {
        self.descriptor = descriptor
        break
      }
      close(descriptor)
    }
    ftruncate(descriptor, 0)
    let text = "\(getpid())"
    _ = text.withCString { write(descriptor, $0, strlen($0)) }
  }

  private static func isNamed(_ file: String, _ descriptor: Int32) -> Bool {
    var (named, opened) = (stat(), stat())
    return stat(file, &named) == 0 && fstat(descriptor, &opened) == 0 && named.st_dev == opened.st_dev
      && named.st_ino == opened.st_ino
  }

  private static func held(_ file: String, _ path: String, _ kind: String) -> SystemError {
    let holder = (try? Folder.read(file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    return SystemError(
      operation: "write", path: path,
      reason: "another process is working on this \(kind)" + (holder.isEmpty ? "" : " (process \(holder))"),
      remedy: "Wait for it, or end it.")
  }

  deinit { close(descriptor) }
}
