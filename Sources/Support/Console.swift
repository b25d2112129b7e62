@preconcurrency import Glibc
import Synchronization

/// The process' standard input, output and error, whatever they lead to.
package enum Console {
  /// Call first in `main`: opens those of the three that are closed, so that no file of ours gets one of their numbers
  /// and messages for the user go into it.
  ///
  /// What is printed to a closed standard output fails, so that `flush` tells of it; what is said to a closed standard
  /// error is dropped.
  package static func openAll() {
    for (descriptor, mode) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is taken, which is this one.
      _ = open("/dev/null", mode)
    }
  }

  private static let quiet = Atomic(false)

  /// From now on nothing is said besides results and complaints.
  package static func beQuiet() { quiet.store(true, ordering: .relaxed) }

  /// Progress and remarks, on standard error.
  package static func note(_ text: String, terminator: String = "\n") {
    if !quiet.load(ordering: .relaxed) { complain(text, terminator: terminator) }
  }

  /// Writes to standard error, or nothing where that is full, closed or a pipe that nobody reads: progress and
  /// complaints must not end the work that they are about.
  package static func complain(_ text: String, terminator: String = "\n") {
    withoutBrokenPipeSignal {
      var bytes = Array((text + terminator).utf8)[...]
      while !bytes.isEmpty {
        let written = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { return }
        bytes = bytes.dropFirst(written)
      }
    }
  }

  /// Brings what was printed to where standard output leads.
  ///
  /// - Throws: `SystemError` where a part of it could not be written, now or earlier.
  package static func flush() throws {
    let hasFailed = ferror(stdout) != 0
    if fflush(stdout) == 0 && !hasFailed { return }
    let reason = hasFailed ? "a part of it could not be written" : String(cString: strerror(errno))
    throw SystemError(
      operation: "write", path: "standard output", reason: reason,
      remedy: "What was printed is incomplete: free some space, or send it elsewhere, and run the command again.")
  }

  /// Prints what a command did.
  package static func report(_ text: String) {
    if !quiet.load(ordering: .relaxed) { print(text.legible) }
  }

  /// Prints what a command did: on standard output, or on standard error where its result itself, written to `path`,
  /// went to standard output.
  package static func report(_ text: String, on path: String) {
    if Folder.isOpen(path, as: STDOUT_FILENO) { note(text.legible) } else { report(text) }
  }

  /// With SIGPIPE held back on this thread, and taken away if `body` caused one.
  private static func withoutBrokenPipeSignal(_ body: () -> Void) {
    var pipe = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    var (pending, before) = (sigset_t(), sigset_t())
    sigpending(&pending)
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    body()
    if sigismember(&pending, SIGPIPE) == 0 {
      var now = timespec()
      while sigtimedwait(&pipe, nil, &now) < 0 && errno == EINTR {}
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }
}
