import Foundation
import Groundwork

/// A folder that one training works in: locked before anything in it is looked at or changed. Until `keep`, letting it go
/// leaves the folder as it was found.
package final class FolderClaim {
  private var lock: FileLock?
  private let path: String
  private let kind: String
  private let lockFile: String
  private let madeLock: Bool
  /// Made for this claim, the outermost first.
  private var folders: [String]
  private var files: [String] = []
  private var isKept = false

  /// Makes the folder where there is none.
  ///
  /// - Parameter kind: what it holds: "run", "model".
  /// - Throws: `SystemError`, where another process works in it with the number of that one.
  package init(_ path: String, kind: String = "run") throws {
    (self.path, self.kind) = (path, kind)
    folders = try Folder.create(path)
    lockFile = "\(path)/.lock"
    madeLock = Folder.kind(of: lockFile) == .absent
    do { lock = try FileLock(lockFile, for: path, kind: kind) } catch {
      for folder in folders.reversed() { rmdir(folder) }
      throw error
    }
  }

  /// Of a run that is there already, which is left as it is whatever happens.
  package static func existing(_ path: String) throws -> FolderClaim {
    let claim = try FolderClaim(path)
    claim.keep()
    return claim
  }

  /// Writes a file that goes away again with the claim; throws `SystemError`.
  package func write(_ text: String, to file: String) throws {
    let isNew = Folder.kind(of: file) == .absent
    try WholeFile.write(text, to: file)
    if isNew { files.append(file) }
  }

  /// What was written is worth keeping.
  package func keep() { isKept = true }

  /// Lets others work in a folder that is kept, until `hold`.
  func release() { if isKept { lock = nil } }

  /// Locks the folder again; throws `SystemError` where another process works in it.
  func hold() throws { if lock == nil { lock = try FileLock(lockFile, for: path, kind: kind) } }

  deinit {
    guard !isKept else { return }
    for file in files.reversed() { unlink(file) }
    // While it is still locked: whoever waits for it sees that its name is gone, and makes another.
    if madeLock { unlink(lockFile) }
    for folder in folders.reversed() { rmdir(folder) }
  }
}
