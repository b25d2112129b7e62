import Foundation
import ImageSets
import Support
import TestSupport
import Testing

@Suite struct FileChecksumTests {
  /// From `git hash-object` and `md5sum`.
  @Test func knownNames() {
    #expect(FileChecksum.gitBlob(of: []) == .gitBlob("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"))
    #expect(FileChecksum.gitBlob(of: Array("hello\n".utf8)) == .gitBlob("ce013625030ba8dba906f756967f9e9ca394464a"))
  }
}

@Suite(.timeLimit(.minutes(1))) struct FetcherTests {
  static let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
  let file = PublishedFile(name: "ramp.bin", checksum: .gitBlob(of: content))

  /// A server with the file and an empty folder to fetch it into.
  func withServer(
    _ manner: LittleServer.Manner = .proper, content: [UInt8] = content,
    _ body: (_ server: LittleServer, _ fetch: () throws -> [Fetcher.Arrival], _ path: String) throws -> Void
  ) throws {
    let server = LittleServer(files: ["ramp.bin": content], manner: manner)
    defer { server.stop() }
    try withTemporaryFolder { folder in
      let fetcher = try Fetcher(from: server.address, into: folder + "/in/here", patience: 2)
      try body(server, { try fetcher.fetch([file]) }, folder + "/in/here/ramp.bin")
    }
  }

  @Test(.enabled(if: RealData.isThere)) func wholeFilesOfTestAndDig() throws {
    let files = [Dataset.Part.test, .dig].flatMap(PublishedDataset.kannadaMNIST.files)
    let contents = try files.map { ($0.name, try Folder.read("\(RealData.root)/\($0.name)")) }
    let server = LittleServer(files: Dictionary(uniqueKeysWithValues: contents))
    defer { server.stop() }
    try withTemporaryFolder { folder in
      let arrivals = try Fetcher(from: server.address + "/", into: folder).fetch(files)
      #expect(arrivals.map(\.outcome) == [.fetched, .fetched, .fetched, .fetched])
      #expect(arrivals.map(\.checksum) == files.map { "\($0.checksum)" })
      for (name, bytes) in contents { #expect(try Folder.read("\(folder)/\(name)") == bytes) }
      #expect(try Folder.names(in: folder) == files.map(\.name).sorted())
    }
  }

  @Test(arguments: [LittleServer.Manner.proper, .ignoresRanges, .hidesLength])
  func wholeFile(manner: LittleServer.Manner) throws {
    try withServer(manner) { (server, fetch, path) throws in
      #expect(try fetch().map(\.outcome) == [.fetched])
      #expect(try Folder.read(path) == Self.content)
      #expect(server.records == [.init(path: "/ramp.bin", start: nil, sent: 300_000)])
    }
  }

  @Test func progressGrowsToTheWhole() throws {
    let server = LittleServer(files: ["ramp.bin": Self.content])
    defer { server.stop() }
    try withTemporaryFolder { folder in
      var seen: [Fetcher.Progress] = []
      _ = try Fetcher(from: server.address, into: folder).fetch([file]) { seen.append($0) }
      #expect(seen.map(\.received) == seen.map(\.received).sorted())
      #expect(seen.last?.received == 300_000)
      #expect(seen.allSatisfy { $0.total == 300_000 && $0.file == "ramp.bin" })
    }
  }

  @Test func afterABreakOnlyTheRestIsFetched() throws {
    try withServer(.breaksAfter(200_000)) { (server, fetch, path) throws in
      let failure = #expect(throws: SystemError.self) { try fetch() }
      #expect(failure?.reason == "the connection broke")
      #expect(failure?.remedy.hasPrefix("200000 bytes have come") == true)
      #expect(Folder.kind(of: path) == .absent)
      server.behave(.proper)
      #expect(try fetch().map(\.outcome) == [.resumed])
      #expect(try Folder.read(path) == Self.content)
      #expect(server.records.last == .init(path: "/ramp.bin", start: 200_000, sent: 100_000))
      #expect(Folder.kind(of: path + ".part") == .absent)
    }
  }

  @Test func withoutRangesItStartsAnew() throws {
    try withServer(.breaksAfter(200_000)) { (server, fetch, path) throws in
      _ = try? fetch()
      server.behave(.ignoresRanges)
      #expect(try fetch().map(\.outcome) == [.fetched])
      #expect(try Folder.read(path) == Self.content)
    }
  }

  @Test(arguments: [100, 299_999, 300_000, 300_001, 400_000])
  func thePartOfAnotherFileIsThrownAway(size: Int) throws {
    try withServer { (_, fetch, path) throws in
      try Folder.create(String(path.dropLast("/ramp.bin".count)))
      try WholeFile.write([UInt8](repeating: 7, count: size), to: path + ".part")
      #expect(try fetch().map(\.outcome) == [.fetched])
      #expect(try Folder.read(path) == Self.content)
    }
  }

  @Test func aWholePartNeedsNoServer() throws {
    try withServer { (server, fetch, path) throws in
      try Folder.create(String(path.dropLast("/ramp.bin".count)))
      try WholeFile.write(Self.content, to: path + ".part")
      #expect(try fetch().map(\.outcome) == [.resumed])
      #expect(try Folder.read(path) == Self.content)
      #expect(server.records.isEmpty)
    }
  }

  @Test(arguments: [LittleServer.Manner.proper, .hidesLength])
  func wrongBytesAreThrownAway(manner: LittleServer.Manner) throws {
    try withServer(manner, content: Array("no such luck".utf8)) { (_, fetch, path) throws in
      let failure = #expect(throws: DataError.self) { try fetch() }
      #expect(failure?.found.hasPrefix("12 other bytes") == true)
      #expect(Folder.kind(of: path) == .absent)
      #expect(Folder.kind(of: path + ".part") == .absent)
    }
  }

  @Test func whatIsThereAndRightStays() throws {
    try withServer { (server, fetch, path) throws in
      _ = try fetch()
      #expect(try fetch().map(\.outcome) == [.alreadyThere])
      #expect(server.records.count == 1)
    }
  }

  @Test func anotherFileOfThatNameIsLeftAlone() throws {
    try withServer { (server, fetch, path) throws in
      try Folder.create(String(path.dropLast("/ramp.bin".count)))
      try WholeFile.write("mine", to: path)
      let failure = #expect(throws: DataError.self) { try fetch() }
      #expect(failure?.file == path)
      #expect(failure?.remedy.hasPrefix("It was not touched.") == true)
      #expect(try Folder.read(path) == Array("mine".utf8))
      #expect(server.records.isEmpty)
    }
  }

  @Test(arguments: [404, 500, 416])
  func refusals(code: Int) throws {
    try withServer(.answers(code)) { (_, fetch, path) throws in
      let failure = #expect(throws: SystemError.self) { try fetch() }
      #expect(failure?.reason == "the server answered \(code)")
      #expect(try Folder.names(in: String(path.dropLast("/ramp.bin".count))).isEmpty)
    }
  }

  @Test func aSilentServer() throws {
    try withServer(.stallsAfter(1000)) { (_, fetch, path) throws in
      let failure = #expect(throws: SystemError.self) { try fetch() }
      #expect(failure?.reason == "the server is silent")
      #expect(Folder.kind(of: path) == .absent)
      #expect(try Folder.read(path + ".part").count == 1000)
    }
  }

  @Test func nobodyListens() throws {
    try withServer { (server, fetch, _) throws in
      server.stop()
      let failure = #expect(throws: SystemError.self) { try fetch() }
      #expect(failure?.remedy.hasPrefix("Check the network") == true)
    }
  }

  @Test(arguments: ["file:///etc/hostname", "ftp://127.0.0.1/ramp.bin", "/ramp.bin"])
  func redirectsLeadNeitherToFilesNorRound(target: String) throws {
    try withServer(.redirects(to: target)) { (server, fetch, path) throws in
      #expect(throws: SystemError.self) { try fetch() }
      #expect(server.records.count <= 6)
      #expect(Folder.kind(of: path) == .absent)
    }
  }

  @Test(arguments: ["file:///tmp", "kannada", "http://", "ftp://example.org"])
  func addressesOfOtherKinds(address: String) {
    #expect(throws: UsageError.self) { try Fetcher(from: address, into: "x") }
  }

  @Test func aFullDisk() throws {
    try withServer { (_, fetch, path) throws in
      try Folder.create(String(path.dropLast("/ramp.bin".count)))
      symlink("/dev/full", path + ".part")
      let failure = #expect(throws: SystemError.self) { try fetch() }
      #expect(failure?.reason == "No space left on device")
      #expect(Folder.kind(of: path) == .absent)
    }
  }

  @Test func aFileWhereTheFolderShouldBe() throws {
    try withTemporaryFolder { folder in
      try WholeFile.write("", to: folder + "/file")
      let failure = #expect(throws: SystemError.self) {
        try Fetcher(from: "http://127.0.0.1:1", into: folder + "/file").fetch([file])
      }
      #expect(failure?.operation == "create the folder")
    }
  }
}
