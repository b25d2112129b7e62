import ArgumentParser
import Foundation
import Restoration
import Search
import Support

/// How errors leave the program: one or two lines on standard error and an exit status from sysexits.h.
enum Failure {
  static func exit(with error: any Error, on processes: (any ProcessGroup)? = nil) -> Never {
    // A command that has said itself what is wrong.
    if let code = error as? ExitCode { exit(nil, code.rawValue, processes) }
    if Tiddu.exitCode(for: error) == .success { exit(withUsage: error, on: processes) }
    guard let processes, processes.collective.size > 1 else { exit(message(of: error), status(of: error), processes) }
    if let failure = error as? RankFailure {
      // All ranks know of it, and one tells.
      let text = failure.rank == processes.collective.rank ? "rank \(failure.rank) on \(failure.host): " : nil
      exit(text.map { $0 + message(of: failure.error) }, status(of: failure.error), processes)
    }
    say("rank \(processes.collective.rank) on \(processes.collective.host): \(message(of: error))")
    processes.abort(status: status(of: error))
  }

  /// Ends over arguments that do not parse or validate; also prints the help that was asked for. The parser wraps what
  /// `validate()` throws, would give an error that is not its own the status 1, and shows the whole usage.
  static func exit(withUsage error: any Error, on processes: (any ProcessGroup)? = nil) -> Never {
    let message = Tiddu.message(for: error)
    guard processes?.collective.isFirst ?? true else {
      exit(nil, Tiddu.exitCode(for: error) == .success ? EXIT_SUCCESS : EX_USAGE, processes)
    }
    guard Tiddu.exitCode(for: error) != .success else {
      print(Tiddu.fullMessage(for: error))
      do { try Console.flush() } catch { exit("\(error)", status(of: error), processes) }
      exit(nil, EXIT_SUCCESS, processes)
    }
    let hint = Tiddu.fullMessage(for: error).split(separator: "\n").last { $0.contains("--help") }
    let isWhole = message.contains("\n")
    exit(isWhole ? message : "\(message)\n\(hint?.trimmingPrefix { $0 == " " } ?? "")", EX_USAGE, processes)
  }

  private static func message(of error: any Error) -> String {
    switch error {
    case is UsageError, is DataError, is SystemError, is ResourceError, is any ComputationError, is Stopped: "\(error)"
    case let error as WorkerReport.Failure: error.reason
    default: Tiddu.message(for: error)
    }
  }

  private static func status(of error: any Error) -> Int32 {
    switch error {
    case is UsageError: EX_USAGE
    case is DataError: EX_DATAERR
    case is SystemError: EX_IOERR
    case is ResourceError: EX_OSERR
    case is any ComputationError: EX_SOFTWARE
    case let error as WorkerReport.Failure: error.status
    case let error as Stopped: error.status
    default: Tiddu.exitCode(for: error).rawValue
    }
  }

  private static func say(_ message: String) { Console.complain("tiddu: \(StandardInput.named(message))") }

  private static func exit(_ message: String?, _ status: Int32, _ processes: (any ProcessGroup)?) -> Never {
    if let message { say(message) }
    processes?.leave(status: status)
    Foundation.exit(status)
  }
}
