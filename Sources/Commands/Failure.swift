import ArgumentParser
import Foundation
import Groundwork

/// How errors leave the program: one or two lines on standard error and an exit status from sysexits.h.
enum Failure {
  static func exit(with error: any Error) -> Never {
    let (message, status): (String, Int32) =
      switch error {
      case let error as UsageError: (error.description, EX_USAGE)
      case let error as DataError: (error.description, EX_DATAERR)
      case let error as SystemError: (error.description, EX_IOERR)
      default: Tiddu.exit(withError: error)
      }
    exit(message, status: status)
  }

  /// Ends over arguments that do not parse or validate; also prints the help that was asked for. The parser wraps what
  /// `validate()` throws, would give an error that is not its own the status 1, and shows the whole usage.
  static func exit(withUsage error: any Error) -> Never {
    guard Tiddu.exitCode(for: error) != .success else { Tiddu.exit(withError: error) }
    let message = Tiddu.message(for: error)
    let hint = Tiddu.fullMessage(for: error).split(separator: "\n").last { $0.contains("--help") }
    let isWhole = message.contains("\n")
    exit(isWhole ? message : "\(message)\n\(hint?.trimmingPrefix { $0 == " " } ?? "")", status: EX_USAGE)
  }

  private static func exit(_ message: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data("tiddu: \(message)\n".utf8))
    Foundation.exit(status)
  }
}
