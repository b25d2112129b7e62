import Foundation
import Support
import TestSupport
import Testing

/// A run that is killed and resumed, again and again, ends with the very bytes of one that never was.
@Suite(.enabled(if: Tiddu.isBuilt)) struct KillTests {
  @Test func tenKills() throws {
    try killAndResume(
      ["--subset", "2000", "--epochs", "12", "--bottleneck", "16", "--validation", "0.1", "--threads", "1"])
  }

  /// At real size, with both threads; `make check-long` runs it.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["TIDDU_LONG"] != nil, "runs by make check-long"))
  func tenKillsLong() throws {
    try killAndResume(["--epochs", "20", "--schedule", "cosine", "--validation", "test"])
  }

  private func killAndResume(_ options: [String]) throws {
    try withTemporaryFolder { folder in
      let (whole, broken) = ("\(folder)/whole", "\(folder)/broken")
      let train = ["train", "--distort", "each-epoch"] + options
      let start = ContinuousClock.now
      #expect(try Tiddu.run(train + ["--into", whole]).status == 0)
      let seconds = (ContinuousClock.now - start) / .seconds(1)

      var generator = Philox(seed: 11)
      var kills = 0
      while kills < 10 {
        // Ten kills on average within the run's time, start-up and resuming included.
        let delay = seconds * Double(generator.uniform()) / 8
        let process = try Tiddu.start(arguments(train, broken)).process
        usleep(UInt32(delay * 1e6))
        guard process.isRunning else { break }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        kills += 1
      }
      #expect(kills == 10)
      #expect(try Tiddu.run(arguments(train, broken)).status == 0)
      for name in ["best.safetensors", "last.safetensors", "last.optimizer.safetensors"] {
        let equal = try Folder.read("\(whole)/\(name)") == Folder.read("\(broken)/\(name)")
        #expect(equal, "\(name) differs")
      }
      #expect(try Folder.names(in: broken) == Folder.names(in: whole))
    }
  }

  /// Killed before it had written its plan, a run starts anew.
  private func arguments(_ train: [String], _ folder: String) -> [String] {
    Folder.kind(of: "\(folder)/config.yaml") == .file ? ["train", "--resume", folder] : train + ["--into", folder]
  }
}
