import Foundation
import Support
import TestSupport
import Testing

/// `tiddu-mpi` started by mpirun, on this machine.
@Suite(.serialized, .enabled(if: Ranks.canRun, "mpirun is not installed: make test installs it"))
struct MPITests {
  /// 360 images in batches of 50: the last has 10.
  private func train(_ folder: String, epochs: Int = 3) throws -> [String] {
    let data = "\(folder)/digits.npz"
    if Folder.kind(of: data) == .absent { try Tiddu.succeed("data", "synthesize", "--into", data, "--count", "400") }
    return ["train", "--data", data, "--epochs", "\(epochs)"] + Self.small
  }

  private static let small = [
    "--bottleneck", "16", "--validation", "0.1", "--threads", "1", "--distort", "each-epoch", "--l2", "0.0001",
    "--penalize", "all", "--batch-size", "50",
  ]

  /// Losses and accuracies of each epoch.
  private func figures(_ folder: String) throws -> [Double] {
    String(decoding: try Folder.read("\(folder)/history.csv"), as: UTF8.self).split(separator: "\n").dropFirst()
      .flatMap { $0.split(separator: ",")[2..<6].compactMap { Double($0) } }
  }

  @Test(arguments: [2, 3]) func trainsAsOneProcess(ranks: Int) throws {
    try withTemporaryFolder { folder in
      let (alone, together) = ("\(folder)/alone", "\(folder)/together")
      let train = try train(folder)
      try Tiddu.succeed(train + ["--into", alone])
      let result = try Ranks.run(ranks, train + ["--into", together])
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.split(separator: "\n").count == 1)
      #expect(result.errors.contains("\(ranks) ranks of 1 thread"))
      #expect(result.errors.components(separatedBy: "epoch 3/3").count == 2, "\(result.errors)")
      let (ours, expected) = (try figures(together), try figures(alone))
      #expect(ours.count == 12 && expected.count == 12)
      for (one, other) in zip(ours, expected) { #expect(abs(one - other) < 1e-4 * other, "\(ours) \(expected)") }
      #expect(try Folder.names(in: together) == Folder.names(in: alone))
    }
  }

  /// A rank killed in the middle: all end, rank 0 says how to go on, and what then comes is what would have come.
  @Test func killedRank() throws {
    try withTemporaryFolder { folder in
      let (whole, broken) = ("\(folder)/whole", "\(folder)/broken")
      let train = try train(folder, epochs: 20)
      let expected = try Ranks.run(2, train + ["--into", whole])
      #expect(expected.status == 0, "\(expected.errors)")

      let (process, _, errors) = try Ranks.start(2, train + ["--into", broken])
      let deadline = Date(timeIntervalSinceNow: 20)
      while Folder.kind(of: "\(broken)/last.safetensors") == .absent, Date() < deadline { usleep(1000) }
      let child = try #require(Ranks.children(of: process.processIdentifier).last)
      kill(child, SIGKILL)
      let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus != 0)
      #expect(
        complaint.contains("tiddu-mpi train --resume \(broken) goes on from the last whole epoch"), "\(complaint)")

      let resumed = try Ranks.run(2, ["train", "--resume", broken])
      #expect(resumed.status == 0, "\(resumed.errors)")
      #expect(resumed.errors.contains("going on after epoch"), "killed too late: \(resumed.errors)")
      for name in ["best.safetensors", "last.safetensors", "last.optimizer.safetensors"] {
        let equal = try Folder.read("\(whole)/\(name)") == Folder.read("\(broken)/\(name)")
        #expect(equal, "\(name) differs")
      }
      #expect(try Folder.names(in: broken) == Folder.names(in: whole))
    }
  }

  /// Ranks 0 and 2 see the data, rank 1 does not.
  @Test func rankWithoutData() throws {
    try withTemporaryFolder { folder in
      let train = try train(folder) + ["--into", "\(folder)/run"]
      let elsewhere = train.map { $0.hasSuffix(".npz") ? "/nowhere" : $0 }
      let result = try Ranks.run(parts: [(1, train), (1, elsewhere), (1, train)])
      #expect(result.status == 74)
      #expect(result.errors.components(separatedBy: "cannot read /nowhere").count == 2, "\(result.errors)")
      #expect(result.errors.contains("tiddu: rank 1 on "))
      #expect(Folder.kind(of: "\(folder)/run") == .absent)
    }
  }

  @Test func refusals() throws {
    let plain = try Ranks.run(2, program: "tiddu", ["train"])
    #expect(plain.status == 64)
    #expect(plain.errors.components(separatedBy: "mpirun -n 2 tiddu-mpi").count == 2, "\(plain.errors)")
    let other = try Ranks.run(2, ["summary", "report-final"])
    #expect(other.status == 64)
    #expect(other.errors.contains("rank 0 on"))
    #expect(other.errors.contains("only tiddu-mpi train and search work in several processes, and 2 were started"))
    let usage = try Ranks.run(2, ["train", "--epochs", "many"])
    #expect(usage.status == 64)
    #expect(usage.errors.components(separatedBy: "'many' is invalid").count == 2, "\(usage.errors)")
  }

  @Test func helpAndOneRank() throws {
    for arguments in [["--help"], []] {
      let help = try Ranks.run(2, arguments)
      #expect(help.status == 0, "\(help.errors)")
      #expect(help.output.components(separatedBy: "SUBCOMMANDS").count == 2)
    }
    let summary = try Ranks.run(1, ["summary", "report-final"])
    #expect(summary.status == 0)
    #expect(summary.output.contains("863,312"))
  }

  @Test func messages() throws {
    let result = try Ranks.run(3, program: "tiddu-mpi-bench", ["messages"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("\"messages\": 16"))
  }
}
