import Foundation
import TestSupport
import Testing

/// Standard output and error that are full, closed or read by nobody.
@Suite(.serialized) struct StandardStreamsTests {
  /// Runs it through the shell with these redirections; `tiddu` in them is the program.
  private func shell(_ command: String, in folder: String) throws -> Tiddu.Result {
    try Tiddu.shell(command, in: folder)
  }

  private static let training = "tiddu train --data synthetic --subset 200 --preset report-final --epochs 1"

  @Test(arguments: ["2>/dev/full", "2>&-", "2> >(true)"]) func trainingGoesOn(redirection: String) throws {
    try withTemporaryFolder { folder in
      let result = try shell("\(Self.training) --into r \(redirection)", in: folder)
      #expect(result.status == 0, "\(redirection): \(result.errors)")
      #expect(result.output.contains("r/best.safetensors: epoch 1"))
      let lock = try String(contentsOfFile: "\(folder)/r/.lock", encoding: .utf8)
      #expect(lock.allSatisfy { $0.isNumber }, "progress went into the lock's file: \(lock)")
    }
  }

  @Test(arguments: ["2>/dev/full", "2>&-", "2> >(true)"]) func complaintsKeepTheirStatus(redirection: String) throws {
    try withTemporaryFolder { folder in
      let result = try shell("tiddu summary no-such-preset \(redirection)", in: folder)
      #expect(result.status == 64)
    }
  }

  @Test(arguments: [
    "summary report-final", "data info synthetic", "search space report-grid", "--help", "--version",
    "summary report-final --json",
  ])
  func whatCannotBePrintedIsAFailure(command: String) throws {
    try withTemporaryFolder { folder in
      for redirection in [">/dev/full", ">&-"] {
        let result = try shell("tiddu \(command) \(redirection)", in: folder)
        #expect(result.status == 74, "\(command) \(redirection)")
        #expect(result.errors.contains("standard output"), "\(result.errors)")
      }
    }
  }

  /// More than a pipe and the buffer before it hold: what a reader who has seen enough leaves unread is no failure.
  @Test func aBrokenPipeIsQuiet() throws {
    try withTemporaryFolder { folder in
      let result = try shell(
        "set -o pipefail; for i in 1 2 3 4 5 6 7 8; do tiddu search space report-grid; done | true; true", in: folder)
      #expect(result.errors.isEmpty, "\(result.errors)")
    }
  }

  @Test func standardOutputAsAFile() throws {
    try withTemporaryFolder { folder in
      try Tiddu.succeed("data", "synthesize", "--count", "3", "--into", "\(folder)/s.npz")
      let result = try shell("tiddu data convert s.npz /dev/stdout --format csv | wc -l", in: folder)
      #expect(result.output.trimmingCharacters(in: .whitespacesAndNewlines) == "4", "a heading and three rows")
    }
  }
}

/// A path that is empty, as an unset variable in a script makes it, must not mean the root folder.
@Suite struct EmptyArgumentTests {
  @Test(arguments: [
    "restore m in --into \"\"", "distort s.npz --recipe report-single --into=", "data convert s.npz \"\"",
    "data convert \"\" out.npz", "data synthesize --count 3 --into \"\"", "data fetch kannada-mnist --into \"\"",
    "benchmark --export \"\"", "figure all m --into \"\"", "reproduce --into \"\"", "search s.yaml --into \"\"",
    "train --into \"\"", "train --into=", "train --resume \"\"", "train --data \"\"", "train --into ' '",
    "classify \"\" s.npz", "distort s.npz --recipe r --into out.npz --record \"\"", "evaluate \"\"",
  ])
  func isRefused(arguments: String) throws {
    try withTemporaryFolder { folder in
      let result = try Tiddu.shell("tiddu \(arguments)", in: folder)
      #expect(result.status == 64, "\(arguments): \(result.errors)")
      #expect(result.errors.contains("is empty"), "\(arguments): \(result.errors)")
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty, "\(left)")
    }
  }

  @Test func aCaptionMayBeEmpty() throws {
    try withTemporaryFolder { folder in
      let result = try Tiddu.shell("tiddu figure curves none --caption '' --into f.svg", in: folder)
      #expect(!result.errors.contains("is empty"), "\(result.errors)")
    }
  }
}
