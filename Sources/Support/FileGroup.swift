import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Files that change together or not at all: all are written beside their targets first, and put in place by
/// `commit`. A group that is let go without it removes what it wrote and the folders that it made.
package final class FileGroup: Sendable {
  private struct State {
    var files: [StagedFile] = []
    /// Made for this group, the outermost first.
    var folders: [String] = []
  }

  private let state = Mutex(State())

  package init() {}

  deinit {
    state.withLock { state in
      state.files = []
      Folder.remove(state.folders)
    }
  }

  /// From any thread.
  func add(_ file: StagedFile) { state.withLock { $0.files.append(file) } }

  /// Makes the folder and those above it, as `Folder.create` does; throws `SystemError`.
  package func createFolder(_ path: String) throws {
    let made = try Folder.create(path)
    state.withLock { $0.folders += made }
  }

  /// Puts all files in their places.
  ///
  /// - Throws: `SystemError` where one cannot be put there; those before it are then what they were before, and where
  ///   that fails too, the error names them.
  package func commit() throws {
    try state.withLock { state in
      var placed: [Placed] = []
      do {
        for file in state.files { placed.append(try Placed(file)) }
      } catch let error as SystemError {
        throw Self.undo(placed, after: error)
      }
      let folders = Set(placed.map { Folder.parent(of: $0.target) })
      for one in placed { one.forgetOld() }
      state = State()
      for folder in folders { try Folder.sync(folder) }
    }
  }

  private static func undo(_ placed: [Placed], after error: SystemError) -> SystemError {
    let changed = placed.reversed().filter { !$0.restoreOld() }.map(\.target)
    var error = error
    error.remedy +=
      changed.isEmpty
      ? " Nothing was changed." : " Already written, and not to be taken back: \(changed.joined(separator: ", "))."
    return error
  }

  /// A file in its place, and a second name for what stood there.
  private struct Placed {
    let target: String
    private let old: String?

    init(_ file: StagedFile) throws {
      target = file.target
      old = try Self.secondName(of: file.target)
      do {
        try file.place()
      } catch {
        forgetOld()
        throw error
      }
    }

    private static func secondName(of target: String) throws -> String? {
      var status = stat()
      guard lstat(target.systemBytes, &status) == 0 else { return nil }
      let name = StagedFile.unusedName(beside: target)
      if link(target.systemBytes, name.systemBytes) == 0 { return name }
      guard errno != ENOENT else { return nil }
      // Some file systems know no second names: then the file itself steps aside for a moment.
      guard status.st_mode & S_IFMT == S_IFREG, rename(target.systemBytes, name.systemBytes) == 0 else {
        throw SystemError.last(operation: "write", path: target)
      }
      return name
    }

    func forgetOld() { if let old { unlink(old.systemBytes) } }

    /// Whether the target is again what it was.
    func restoreOld() -> Bool {
      (old.map { rename($0.systemBytes, target.systemBytes) } ?? unlink(target.systemBytes)) == 0
    }
  }
}
