import Groundwork

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Keeps two processes from writing one study. The system lets it go when the process ends, however it ends.
final class StudyLock {
  private let descriptor: Int32

  /// - Throws: `SystemError` that names the process which holds the study, or where the lock cannot be made.
  init(for path: String) throws {
    let file = "\(path).lock"
    descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw SystemError.last(operation: "write", path: file) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = (try? Folder.read(file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
      close(descriptor)
      throw SystemError(
        operation: "write", path: path,
        reason: "another process is working on this study" + (holder.isEmpty ? "" : " (process \(holder))"),
        remedy: "Wait for it or end it; tiddu search show can look on meanwhile.")
    }
    ftruncate(descriptor, 0)
    let text = "\(getpid())"
    _ = text.withCString { write(descriptor, $0, strlen($0)) }
  }

  deinit { close(descriptor) }
}
