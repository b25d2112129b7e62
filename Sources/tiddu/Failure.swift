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
    FileHandle.standardError.write(Data("tiddu: \(message)\n".utf8))
    Foundation.exit(status)
  }
}

/// For `validate()`: ArgumentParser knows its own kind of error as wrong usage (exit status 64), any other as 1.
func validating(_ body: () throws -> Void) throws {
  do { try body() } catch let error as UsageError { throw ValidationError(error.description) }
}
