import Foundation
import Support
import TestSupport
import Testing

/// `tiddu-mpi search`: ranks take trials from rank 0, which alone writes the study.
@Suite(.serialized, .enabled(if: Ranks.canRun, "mpirun is not installed: make test installs it"))
struct MPISearchTests {
  private func search(_ study: String, epochs: Int = 2) -> [String] {
    [
      "search", "report-grid", "--architectures", "dense", "--subset", "300", "--epochs", "\(epochs)",
      "--workers", "1", "--threads", "1", "--into", study,
    ]
  }

  /// A line a trial, without its time.
  private func trials(of study: String) throws -> [String] {
    try Tiddu.succeed("search", "export", study).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).dropLast().joined(separator: ",")
    }
  }

  @Test func ranksFindWhatOneProcessFinds() throws {
    try withTemporaryFolder { folder in
      let (alone, together) = ("\(folder)/alone.sqlite", "\(folder)/together.sqlite")
      #expect(try Tiddu.run(search(alone)).status == 0)
      let result = try Ranks.run(3, search(together))
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.contains("3 at a time with 1 thread each, on 3 ranks"))
      #expect(result.output.components(separatedBy: "no best val_loss").count == 2, "one rank alone prints")
      #expect(try trials(of: together) == trials(of: alone))
    }
  }

  /// Open MPI ends all ranks when one dies: said clearly, and nothing that has finished is done again.
  @Test func killedRank() throws {
    try withTemporaryFolder { folder in
      let (whole, broken) = ("\(folder)/whole.sqlite", "\(folder)/broken.sqlite")
      #expect(try Tiddu.run(search(whole, epochs: 6)).status == 0)
      let (process, _, errors) = try Ranks.start(3, search(broken, epochs: 6))
      let deadline = Date(timeIntervalSinceNow: 30)
      var finished: [String] = []
      while finished.count < 3, Date() < deadline {
        usleep(20_000)
        guard Folder.kind(of: broken) == .file, let result = try? Tiddu.run("search", "export", broken) else {
          continue
        }
        finished = result.output.split(separator: "\n").map(String.init).filter { $0.contains(",finished,") }
      }
      kill(try #require(Ranks.children(of: process.processIdentifier).last), SIGKILL)
      let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus != 0)
      #expect(complaint.contains("the same command goes on with \(broken)"), "\(complaint)")

      let resumed = try Ranks.run(3, search(broken, epochs: 6))
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(resumed.errors.contains("going on after"), "killed too late: \(resumed.errors)")
      let lines = try Tiddu.succeed("search", "export", broken).split(separator: "\n").map(String.init)
      #expect(Set(lines).isSuperset(of: finished), "what had finished was done again")
      #expect(try trials(of: broken) == trials(of: whole))
    }
  }

  @Test func aRankThatCannotSeeTheDataIsNamed() throws {
    try withTemporaryFolder { folder in
      let study = "\(folder)/study.sqlite"
      let blind = try Ranks.run(
        parts: [(1, search(study)), (1, search(study) + ["--data", "/nowhere"])])
      #expect(blind.status == 74)
      #expect(blind.errors.contains("tiddu: rank 1 on ") && blind.errors.contains("cannot read /nowhere"))
      let other = try Ranks.run(parts: [(1, search(study)), (1, search(study) + ["--part", "test"])])
      #expect(other.status == 65)
      #expect(other.errors.contains("the 300 images and labels that rank 0 has"), "\(other.errors)")
      #expect(Folder.kind(of: study) == .absent)
    }
  }
}
