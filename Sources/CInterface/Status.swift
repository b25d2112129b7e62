import CTiddu
import Foundation
import Support

/// What a function answers with: 0, or an exit status and a message.
func status(_ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, of body: () throws -> Void) -> Int32 {
  do {
    message?.pointee = nil
    try body()
    return 0
  } catch {
    message?.pointee = strdup("\(error)")
    switch error {
    case is UsageError: return EX_USAGE
    case is DataError: return EX_DATAERR
    case is SystemError: return EX_IOERR
    case is ResourceError: return EX_OSERR
    default: return EX_SOFTWARE
    }
  }
}

/// A text that C keeps: made once, for as long as its owner lives.
final class CText: Sendable {
  nonisolated(unsafe) let pointer: UnsafePointer<CChar>?

  init(_ text: String) { pointer = strdup(text).map { UnsafePointer($0) } }

  deinit { free(UnsafeMutablePointer(mutating: pointer)) }
}

/// - Throws: `UsageError` where there is no text, or one that is not UTF-8.
func text(_ pointer: UnsafePointer<CChar>?, _ what: String) throws -> String {
  guard let pointer else { throw Images.missing(what) }
  guard let text = String(validatingCString: pointer) else {
    throw UsageError("\(what) is not UTF-8", remedy: "Give it as UTF-8.")
  }
  return text
}

@_cdecl("tiddu_version")
public func version() -> UnsafePointer<CChar>? { versionText.pointer }

private let versionText = CText(programVersion)

@_cdecl("tiddu_free")
public func freeMemory(_ memory: UnsafeMutableRawPointer?) { free(memory) }

@_cdecl("tiddu_use_threads")
public func useThreads(_ count: Int32, _ message: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32 {
  status(message) {
    guard (1...1024).contains(count) else {
      throw UsageError("\(count) threads", remedy: "Choose from 1 to 1024; the number of cores is best.")
    }
    try Threads.start(Int(count))
  }
}
