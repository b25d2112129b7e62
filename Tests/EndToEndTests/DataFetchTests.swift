import Foundation
import ImageSets
import Support
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct DataFetchTests {
  static let dig = PublishedDataset.kannadaMNIST.files(of: .dig)

  @Test(.enabled(if: RealData.isThere)) func killedInTheMiddle() throws {
    let contents = try Self.dig.map { ($0.name, try Folder.read("\(RealData.root)/\($0.name)")) }
    let server = LittleServer(files: Dictionary(uniqueKeysWithValues: contents), manner: .stallsAfter(500_000))
    defer { server.stop() }
    try withTemporaryFolder { (folder) throws in
      let arguments = ["data", "fetch", "kannada-mnist", "--only", "dig", "--mirror", server.address, "--into", folder]
      let process = try Tiddu.start(arguments).process
      let path = "\(folder)/\(Self.dig[0].name)"
      while (try? Folder.read(path + ".part").count) ?? 0 < 500_000, process.isRunning { usleep(10_000) }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      #expect(try Folder.names(in: folder) == ["\(Self.dig[0].name).part"])

      server.behave(.proper)
      let outcome = try Tiddu.run(arguments + ["--json"])
      #expect(outcome.status == 0)
      let arrivals = try JSONDecoder().decode([Fetcher.Arrival].self, from: Data(outcome.output.utf8))
      #expect(arrivals.map(\.outcome) == [.resumed, .fetched])
      for (name, bytes) in contents { #expect(try Folder.read("\(folder)/\(name)") == bytes) }
    }
  }

  @Test func exitStatuses() throws {
    let server = LittleServer(files: [Self.dig[0].name: [1, 2, 3]])
    defer { server.stop() }
    try withTemporaryFolder { (folder) throws in
      func fetch(_ options: String...) throws -> Tiddu.Result {
        try Tiddu.run(["data", "fetch", "kannada-mnist", "--into", folder] + options)
      }
      let wrong = try fetch("--only", "dig", "--mirror", server.address)
      #expect(wrong.status == 65)
      #expect(
        wrong.errors.hasSuffix("They were thrown away. Try again later, or name another address with --mirror.\n"))
      let missing = try fetch("--only", "test", "--mirror", server.address)
      #expect(missing.status == 74)
      #expect(missing.errors.contains("the server answered 404"))
      #expect(try fetch("--only", "test,").status == 64)
      #expect(try fetch("--mirror", "file:///somewhere").status == 64)
      #expect(try Folder.names(in: folder).isEmpty)
    }
  }
}
