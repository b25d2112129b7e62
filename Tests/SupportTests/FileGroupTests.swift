import Foundation
import Support
import TestSupport
import Testing

@Suite struct FileGroupTests {
  private func text(_ path: String) throws -> String { String(decoding: try Folder.read(path), as: UTF8.self) }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test func filesAppearTogether() throws {
    try withTemporaryFolder { folder in
      try WholeFile.write("old", to: "\(folder)/a")
      let group = FileGroup()
      try WholeFile.write("new", to: "\(folder)/a", in: group)
      try WholeFile.write("new", to: "\(folder)/b", in: group)
      #expect(try text("\(folder)/a") == "old")
      #expect(Folder.kind(of: "\(folder)/b") == .absent)
      try group.commit()
      #expect(try text("\(folder)/a") == "new")
      #expect(try text("\(folder)/b") == "new")
      #expect(try names(folder) == ["a", "b"])
    }
  }

  @Test func aGroupLetGoLeavesNothing() throws {
    try withTemporaryFolder { folder in
      do {
        let group = FileGroup()
        try group.createFolder("\(folder)/new/deep")
        try WholeFile.write("x", to: "\(folder)/new/deep/a", in: group)
      }
      #expect(try names(folder) == [])
    }
  }

  /// The third cannot be put in place: a folder has come to stand there since it was written.
  @Test func aFaultTakesBackWhatWasDone() throws {
    try withTemporaryFolder { folder in
      try WholeFile.write("old", to: "\(folder)/a")
      let group = FileGroup()
      for name in ["a", "b", "c"] { try WholeFile.write("new", to: "\(folder)/\(name)", in: group) }
      try Folder.create("\(folder)/c/full")
      let error = #expect(throws: SystemError.self) { try group.commit() }
      #expect(error?.remedy.contains("Nothing was changed") == true)
      #expect(error?.path == "\(folder)/c")
      #expect(try text("\(folder)/a") == "old")
      #expect(Folder.kind(of: "\(folder)/b") == .absent)
    }
  }

  @Test func foldersThatWereThereStay() throws {
    try withTemporaryFolder { folder in
      try Folder.create("\(folder)/old")
      do {
        let group = FileGroup()
        try group.createFolder("\(folder)/old")
      }
      #expect(Folder.kind(of: "\(folder)/old") == .folder)
    }
  }
}

@Suite struct FolderTests {
  @Test func missingFoldersAreMadeAndNamed() throws {
    try withTemporaryFolder { folder in
      let (first, second) = (try Folder.create("\(folder)/a/b/"), try Folder.create("\(folder)/a/b"))
      #expect(first == ["\(folder)/a", "\(folder)/a/b"])
      #expect(second == [])
    }
  }

  @Test func linksLeadToWhereAFolderIsMade() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/out", withDestinationPath: "disk/out")
      try Folder.create("\(folder)/out/deep")
      #expect(Folder.kind(of: "\(folder)/disk/out/deep") == .folder)
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/circle", withDestinationPath: "circle")
      #expect(throws: SystemError.self) { try Folder.create("\(folder)/circle") }
      try WholeFile.write("x", to: "\(folder)/file")
      #expect(throws: SystemError.self) { try Folder.create("\(folder)/file") }
      // Opened to be written, a pipe that nobody reads would never let go.
      #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/to-pipe", withDestinationPath: "pipe")
      #expect(throws: SystemError.self) { try Folder.create("\(folder)/to-pipe") }
    }
  }

  @Test func anEmptyPathIsNoFolder() { #expect(throws: UsageError.self) { try Folder.create("") } }

  @Test func onlyRegularFilesAreRead() throws {
    try withTemporaryFolder { folder in
      #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
      for path in ["\(folder)/pipe", "/dev/zero", folder] {
        #expect(throws: SystemError.self, "\(path)") { try Folder.read(path) }
      }
    }
  }

  @Test func noMoreIsReadThanAllowed() throws {
    try withTemporaryFolder { folder in
      let bytes = [UInt8](repeating: 7, count: 200_000)
      try WholeFile.write(bytes, to: "\(folder)/a")
      let read = try Folder.read("\(folder)/a", most: 200_000)
      #expect(read == bytes)
      #expect(throws: DataError.self) { try Folder.read("\(folder)/a", most: 199_999) }
    }
  }
}
