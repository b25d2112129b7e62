import Foundation
import Support
import TestSupport
import Testing

@Suite struct WholeFileTests {
  private struct Fault: Error {}

  private func text(_ path: String) throws -> String { String(decoding: try Folder.read(path), as: UTF8.self) }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func mode(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_mode & 0o777) : -1
  }

  @Test func faultsLeaveTheOldFile() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a"
      try WholeFile.write("old", to: path)
      #expect(throws: Fault.self) {
        try WholeFile.write(to: path) { sink in
          try sink.write("new")
          throw Fault()
        }
      }
      #expect(try text(path) == "old")
      #expect(try names(folder) == ["a"])
    }
  }

  @Test func linksAreFollowed() throws {
    try withTemporaryFolder { folder in
      try Folder.create("\(folder)/real")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/real/second", withDestinationPath: "target")
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/first", withDestinationPath: "real/second")
      for round in ["once", "again"] {
        try WholeFile.write(round, to: "\(folder)/first")
        #expect(try text("\(folder)/real/target") == round)
      }
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/first") == "real/second")
      #expect(try names("\(folder)/real") == ["second", "target"])
    }
  }

  @Test func linksInACircleAreAnError() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/a", withDestinationPath: "b")
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/b", withDestinationPath: "a")
      #expect(throws: SystemError.self) { try WholeFile.write("x", to: "\(folder)/a") }
    }
  }

  @Test func pipesAreWrittenTo() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/pipe"
      #expect(mkfifo(path, 0o600) == 0)
      // Read and write, so that opening waits for nobody.
      let descriptor = open(path, O_RDWR)
      defer { close(descriptor) }
      try WholeFile.write("through", to: path)
      var bytes = [UInt8](repeating: 0, count: 16)
      let count = read(descriptor, &bytes, bytes.count)
      #expect(String(decoding: bytes[..<max(0, count)], as: UTF8.self) == "through")
      var status = stat()
      #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    }
  }

  @Test func descriptorsAreWrittenTo() throws {
    try withTemporaryFolder { folder in
      let descriptor = open("\(folder)/a", O_WRONLY | O_CREAT, 0o600)
      defer { close(descriptor) }
      try WholeFile.write("one ", to: "/dev/fd/\(descriptor)")
      try WholeFile.write("two", to: "/proc/self/fd/\(descriptor)")
      #expect(try text("\(folder)/a") == "one two")
    }
  }

  @Test func foldersAreNotReplaced() throws {
    try withTemporaryFolder { folder in
      try Folder.create("\(folder)/a")
      #expect(throws: SystemError.self) { try WholeFile.write("x", to: "\(folder)/a") }
      #expect(Folder.kind(of: "\(folder)/a") == .folder)
    }
  }

  /// As long as a name may be, with letters of two bytes where it would be cut.
  @Test(arguments: [String(repeating: "x", count: 255), String(repeating: "é", count: 127)])
  func longestNames(name: String) throws {
    try withTemporaryFolder { folder in
      try WholeFile.write("x", to: "\(folder)/\(name)")
      #expect(try names(folder) == [name])
    }
  }

  /// A writer that sets the umask to 0 for a moment makes files of the other threads writable for all.
  @Test func modesFollowTheUmaskOnAllThreads() throws {
    let before = umask(0o027)
    defer { umask(before) }
    try withTemporaryFolder { folder in
      let modes = Threads.inEachOf(64) { number in
        let path = "\(folder)/\(number)"
        try? WholeFile.write("x", to: path)
        return mode(path)
      }
      #expect(modes.allSatisfy { $0 == 0o640 }, "\(modes)")
    }
  }
}

extension Threads {
  /// What `body` gives for each number, on many threads at once.
  fileprivate static func inEachOf<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    let results = UnsafeMutableBufferPointer<Result?>.allocate(capacity: count)
    results.initialize(repeating: nil)
    defer { results.deallocate() }
    nonisolated(unsafe) let shared = results
    DispatchQueue.concurrentPerform(iterations: count) { shared[$0] = body($0) }
    return results.compactMap(\.self)
  }
}
