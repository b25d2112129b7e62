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
      // The parser wraps what a command's `validate()` throws, and would end with status 1.
      case _ where Tiddu.exitCode(for: error) == .failure: (Tiddu.message(for: error), EX_USAGE)
      default: Tiddu.exit(withError: error)
      }
    FileHandle.standardError.write(Data("tiddu: \(message)\n".utf8))
    Foundation.exit(status)
  }
}
