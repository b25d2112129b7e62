import Foundation

/// Runs `body` while nothing in the folder can be written, not even by root.
///
/// Root writes in spite of every mode, so for root the folder is mounted over itself, read-only; others lose the modes.
package func withReadOnly<Result>(_ folder: String, _ body: () throws -> Result) throws -> Result {
  guard getuid() == 0 else {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    for name in names { chmod("\(folder)/\(name)", 0o444) }
    chmod(folder, 0o555)
    defer {
      chmod(folder, 0o755)
      for name in names { chmod("\(folder)/\(name)", 0o644) }
    }
    return try body()
  }
  guard runs("mount", "--bind", folder, folder) else { throw CocoaError(.fileWriteNoPermission) }
  defer { runs("umount", folder) }
  guard runs("mount", "-o", "remount,bind,ro", folder) else { throw CocoaError(.fileWriteNoPermission) }
  return try body()
}

/// Whether a command of the system's succeeds; what it complains of is dropped.
@discardableResult
package func runs(_ words: String...) -> Bool {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = words
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return false }
  process.waitUntilExit()
  return process.terminationStatus == 0
}
