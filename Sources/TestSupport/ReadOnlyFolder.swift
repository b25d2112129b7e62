import Foundation

/// Runs `body` while nothing in the folder can be written, not even by root.
///
/// Root writes in spite of every mode, so for root the folder is mounted over itself, read-only; others lose the modes.
public func withReadOnly<Result>(_ folder: String, _ body: () throws -> Result) throws -> Result {
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
  try mounting("--bind", folder, folder)
  defer { try? run("umount", folder) }
  try mounting("-o", "remount,bind,ro", folder)
  return try body()
}

private func mounting(_ words: String...) throws { try run(["mount"] + words) }

private func run(_ words: String...) throws { try run(words) }

private func run(_ words: [String]) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = words
  try process.run()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteNoPermission) }
}
