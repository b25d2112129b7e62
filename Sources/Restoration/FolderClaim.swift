import Foundation
import Support

/// A folder that one process works in: locked before anything in it is looked at or changed. Until `keep`, letting it go
/// leaves the folder as it was found.
package final class FolderClaim {
  private let path: String
  private let kind: String
  private var lock: FileLock?
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
    // Before anything that throws is done with `self`: a claim that was refused has nothing to take away.
    (folders, lock) = try Self.enter(path, kind)
  }

  private static func enter(_ path: String, _ kind: String) throws -> (made: [String], lock: FileLock) {
    var attempts = 0
    while true {
      var made: [String] = []
      do {
        made = try Folder.create(path)
        return (made, try lock(path, kind))
      } catch {
        // One that failed may have taken its folder away between the two steps, or even one above it.
        let isGone = Folder.kind(of: path) == .absent
        Folder.remove(made)
        attempts += 1
        guard isGone, attempts < 100 else { throw error }
      }
    }
  }

  private static func lock(_ path: String, _ kind: String) throws -> FileLock {
    try FileLock("\(path)/.lock", for: path, kind: kind)
  }

  /// Writes a file that goes away again with the claim; throws `SystemError`.
  package func write(_ text: String, to file: String) throws {
    // Before: where its folder cannot be synced, the file is there all the same.
    cover(file)
    try WholeFile.write(text, to: file)
  }

  /// A file that is about to be written goes away again with the claim, unless it is there already.
  func cover(_ file: String) {
    if Folder.kind(of: file) == .absent { files.append(file) }
  }

  /// What was written is worth keeping.
  package func keep() { isKept = true }

  /// Lets others work in a folder that is kept, or was there before, until `hold`.
  func release() {
    guard isKept || files.isEmpty && folders.isEmpty else { return }
    letGo()
  }

  /// Locks the folder again; throws `SystemError` where another process works in it.
  func hold() throws { if lock == nil { lock = try Self.lock(path, kind) } }

  /// Leaves the folder as it was found, unless it is kept.
  func letGo() {
    if !isKept {
      for file in files.reversed() { unlink(file.systemBytes) }
      if lock?.isNew == true { lock?.removeFile() }
      Folder.remove(folders)
    }
    (files, folders, lock) = ([], [], nil)
  }

  deinit { letGo() }
}
