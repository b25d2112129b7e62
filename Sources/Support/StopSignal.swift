import CKernels

/// SIGINT (Ctrl-C), SIGTERM or SIGHUP has told the program to end, and what it was doing is written down.
package struct StopSignal: Error, Equatable {
  /// The system's number for it.
  package var number: Int32

  /// For a program's `main`: without it these signals do as the system has it.
  ///
  /// No temporary file is left behind; and what `watching` calls can write down where it stands. The second signal always
  /// ends the program at once.
  package static func handleAll() { kernels_end_cleanly_on_signals() }

  /// Calls `body`, which calls `check` again and again.
  package static func watching<Result>(_ body: () throws -> Result) rethrows -> Result {
    kernels_watch_for_signals(1)
    defer { kernels_watch_for_signals(-1) }
    return try body()
  }

  /// Throws the signal that has come, if one has; it stays there for all who ask.
  package static func check() throws(StopSignal) {
    let number = kernels_signal_received()
    if number != 0 { throw StopSignal(number: number) }
  }
}
