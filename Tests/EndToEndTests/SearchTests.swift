import Foundation
import Support
import TestSupport
import Testing

/// `tiddu search` as its users run it.
@Suite(.enabled(if: Tiddu.isBuilt)) struct SearchTests {
  private static let space = """
    name: small
    architectures:
      - dense: {layers: [2, 3], neurons: [8, 16]}
    losses: [bce, mse]
    epochs: 4
    """

  @Test func aStudyIsMadeShownAndExported() throws {
    try withTemporaryFolder { folder in
      let (space, study) = ("\(folder)/space.yaml", "\(folder)/study.sqlite")
      try WholeFile.write(Self.space, to: space)
      let table = try Tiddu.succeed("search", space, "--subset", "400", "--into", study)
      #expect(table.contains("report-dense-3-16-mse") && table.contains("best val_loss with bce"))
      #expect(try Tiddu.succeed("search", "show", study).split(separator: "\n").count >= 10)
      let best = try Tiddu.succeed("search", "best", study, "--metric", "val_accuracy")
      #expect(best.hasPrefix("best val_accuracy:"))
      let weights = try #require(best.split(separator: "\n").last?.split(separator: " ").last.map(String.init))
      #expect(Folder.kind(of: weights) == .file)
      #expect(try Tiddu.succeed("search", "export", study).split(separator: "\n").count == 9)
      try Tiddu.succeed("search", "export", study, "--into", "\(folder)/study.json")
      let json = try JSONSerialization.jsonObject(with: Data(Folder.read("\(folder)/study.json")))
      #expect(((json as? [String: Any])?["trials"] as? [Any])?.count == 8)
      // The winner's weights restore.
      let recipe = try Tiddu.succeed("evaluate", weights, "--subset", "20", "--json")
      #expect(recipe.contains("psnr"))
    }
  }

  @Test func badInputIsSaidClearly() throws {
    try withTemporaryFolder { folder in
      let (space, study) = ("\(folder)/space.yaml", "\(folder)/study.sqlite")
      try WholeFile.write(Self.space.replacing("losses", with: "loses"), to: space)
      try Tiddu.fail(65, ["search", space, "--into", study], saying: [space, "\"loses\"", "\"losses\""])
      try Tiddu.fail(64, ["search", "report-gird", "--into", study], saying: ["report-grid"])
      try WholeFile.write("architectures: []", to: space)
      try Tiddu.fail(65, ["search", space, "--into", study], saying: ["nothing to search"])
      try Tiddu.fail(
        64, ["search", "report-grid", "--architectures", "dnse", "--into", study], saying: ["dense, conv"])
      try Tiddu.fail(64, ["search", "report-grid", "--workers", "0", "--into", study], saying: ["--workers"])
      try Tiddu.fail(
        74, ["search", "report-grid", "--data", "\(folder)/nowhere", "--into", study], saying: ["nowhere"])
      try Tiddu.fail(74, ["search", "show", study], saying: [study])
      try WholeFile.write("not a database, only some text", to: study)
      for verb in ["show", "best", "export"] { try Tiddu.fail(65, ["search", verb, study], saying: [study]) }
      try Tiddu.fail(65, ["search", "report-grid", "--subset", "50", "--into", study], saying: [study])
      #expect(try Folder.names(in: folder) == ["space.yaml", "study.sqlite"])
    }
  }

  @Test func twoProcessesAreKeptFromOneStudy() throws {
    try withTemporaryFolder { folder in
      let study = "\(folder)/study.sqlite"
      let search = ["search", "report-grid", "--architectures", "dense", "--subset", "4000", "--into", study]
      let first = try Tiddu.start(search).process
      defer {
        kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
      }
      while Folder.kind(of: study) == .absent || (try? Tiddu.run("search", "show", study).status) != 0 {
        usleep(50_000)
      }
      try Tiddu.fail(74, search, saying: [study, "process \(first.processIdentifier)"])
      #expect(try Tiddu.succeed("search", "show", study).contains("running"))
    }
  }

  /// Killed again and again, and then let to its end, a search gives the table of one that never was.
  @Test func tenKills() throws { try killAndResume(subset: 600, epochs: 4) }

  /// The report's own 18 dense networks; `make check-long` runs it.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["TIDDU_LONG"] != nil, "runs by make check-long"))
  func tenKillsLong() throws { try killAndResume(subset: 4000, epochs: 5) }

  private func killAndResume(subset: Int, epochs: Int) throws {
    try withTemporaryFolder { folder in
      let (whole, broken) = ("\(folder)/whole.sqlite", "\(folder)/broken.sqlite")
      func search(_ study: String) -> [String] {
        [
          "search", "report-grid", "--architectures", "dense", "--subset", "\(subset)", "--epochs", "\(epochs)",
          "--workers", "2", "--into", study,
        ]
      }
      let start = ContinuousClock.now
      let unbroken = try Tiddu.run(search(whole))
      #expect(unbroken.status == 0, "\(unbroken.errors)")
      let seconds = (ContinuousClock.now - start) / .seconds(1)

      var generator = Philox(seed: 12)
      var finished: Set<String> = []
      var kills = 0
      while kills < 10 {
        let process = try Tiddu.start(search(broken)).process
        usleep(UInt32(seconds * Double(generator.uniform()) / 7 * 1e6))
        guard process.isRunning else { break }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        kills += 1
        guard Folder.kind(of: broken) == .file, let lines = try? trials(of: broken) else { continue }
        let ended = Set(lines.filter { $0.contains(",finished,") })
        #expect(ended.isSuperset(of: finished), "a finished trial was lost")
        finished = ended
      }
      #expect(kills == 10)
      let last = try Tiddu.run(search(broken))
      #expect(last.status == 0, "\(last.errors)")
      #expect(try trials(of: broken) == trials(of: whole))
      #expect(
        try Tiddu.succeed("search", "best", broken).split(separator: "\n").first
          == Tiddu.succeed("search", "best", whole).split(separator: "\n").first)
    }
  }

  /// A line a trial, without its time.
  private func trials(of study: String) throws -> [String] {
    try Tiddu.succeed("search", "export", study).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).dropLast().joined(separator: ",")
    }
  }
}
