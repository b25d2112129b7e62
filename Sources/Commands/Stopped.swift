import Foundation
import Support

/// A signal has ended a command that can go on where it was; the exit status is a shell's for that signal: 130 after Ctrl-C.
struct Stopped: Error, CustomStringConvertible {
  var signal: StopSignal
  /// What goes on.
  var remedy: String

  var status: Int32 { 128 + signal.number }
  var description: String { "stopped by \(name); what was done is kept\n\(remedy)" }

  private var name: String {
    switch signal.number {
    case SIGINT: "Ctrl-C"
    case SIGHUP: "the terminal's end"
    default: "SIGTERM"
    }
  }

  /// Calls `body`; says of a signal what goes on.
  static func saying<Result>(_ remedy: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let signal as StopSignal { throw Stopped(signal: signal, remedy: remedy) }
  }
}
