#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a process says when another ends it. mpirun sends SIGTERM to all ranks when one has ended, and soon after
/// SIGKILL, so the text lies ready, and the handler does no more than a signal handler may.
enum AbortMessage {
  nonisolated(unsafe) fileprivate static var text = UnsafeRawBufferPointer(start: nil, count: 0)

  /// Writes `text` to standard error on SIGTERM, and then ends as without it.
  static func prepare(_ text: String) {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
    bytes.copyBytes(from: text.utf8)
    // Never freed: the signal may come at any time.
    self.text = UnsafeRawBufferPointer(bytes)
    signal(SIGTERM) { number in
      _ = write(STDERR_FILENO, AbortMessage.text.baseAddress, AbortMessage.text.count)
      signal(number, SIG_DFL)
      raise(number)
    }
  }
}

extension Communicator {
  /// What this process writes to standard error when mpirun ends it because another has ended; nothing else is done.
  package func prepareAbortMessage(_ text: String) { AbortMessage.prepare(text) }
}
