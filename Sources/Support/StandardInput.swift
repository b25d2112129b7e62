import CKernels
@preconcurrency import Glibc
import Synchronization

/// What comes through standard input, kept in memory so that it can be read as a file is.
package enum StandardInput {
  /// What errors and messages call it.
  package static let name = "standard input"

  private static let file = Mutex<String?>(nil)

  /// `path`, or for "-" one under which the whole of standard input can be read, any number of times.
  ///
  /// - Parameter most: bytes that may come.
  /// - Throws: `SystemError` where it cannot be read, `DataError` where more comes.
  package static func resolve(_ path: String, most: Int = 8 << 30) throws -> String {
    guard path == "-" else { return path }
    return try file.withLock { file in
      if let file { return file }
      let descriptor = kernels_memory_file(name)
      guard descriptor >= 0 else { throw SystemError.last(operation: "read", path: name) }
      do { try copy(into: descriptor, most: most) } catch {
        close(descriptor)
        throw error
      }
      // Left open until the process ends.
      let path = "/proc/self/fd/\(descriptor)"
      file = path
      return path
    }
  }

  private static func copy(into descriptor: Int32, most: Int) throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var total = 0
    while true {
      let count = try buffer.withUnsafeMutableBytes { try Descriptor.read(STDIN_FILENO, into: $0, path: name) }
      if count == 0 { return }
      total += count
      guard total <= most else {
        throw DataError(
          file: name, expected: "at most \(grouped(most)) bytes", found: "more", remedy: "Save it as a file first.")
      }
      try buffer.withUnsafeBytes {
        try Descriptor.writeAll(.init(rebasing: $0[..<count]), to: descriptor, operation: "keep", path: name)
      }
    }
  }

  /// Whether this is the path that `resolve` gave for "-".
  package static func isPath(_ path: String) -> Bool { file.withLock { $0 == path } }

  /// A text in which standard input is called so.
  package static func named(_ text: String) -> String {
    file.withLock { $0 }.map { text.replacing($0, with: name) } ?? text
  }
}
