import Foundation
import Support
import TestSupport
import Testing

/// Two programs do not write into one folder.
@Suite(.enabled(if: Tiddu.isBuilt)) struct LockTests {
  @Test func aRunIsNotResumedWhileItIsTrained() throws {
    try withTemporaryFolder { folder in
      let run = "\(folder)/run"
      let train = ["train", "--subset", "2000", "--epochs", "1000", "--threads", "1"]
      let first = try Tiddu.start(train + ["--into", run]).process
      defer {
        kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
      }
      let deadline = Date(timeIntervalSinceNow: 20)
      while Folder.kind(of: "\(run)/last.safetensors") == .absent, Date() < deadline { usleep(10_000) }
      try Tiddu.fail(74, ["train", "--resume", run], saying: [run, "process \(first.processIdentifier)"])
    }
  }

  @Test func aReproductionIsNotMadeTwiceAtOnce() throws {
    try withTemporaryFolder { folder in
      let into = "\(folder)/report"
      let reproduce = ["reproduce", "--into", into, "--threads", "1"]
      let first = try Tiddu.start(reproduce).process
      defer {
        kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
      }
      let deadline = Date(timeIntervalSinceNow: 30)
      while Folder.kind(of: "\(into)/.lock") == .absent, Date() < deadline { usleep(10_000) }
      usleep(100_000)
      try Tiddu.fail(74, reproduce, saying: [into, "process \(first.processIdentifier)"])
      try Tiddu.fail(64, ["reproduce", "--into", "\(folder)/other", "--seed", "9007199254740993"], saying: ["seed"])
      #expect(Folder.kind(of: "\(folder)/other") == .absent)
    }
  }
}
