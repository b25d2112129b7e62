import Foundation
import Support
import TestSupport
import Testing

/// Ctrl-C, SIGTERM and a terminal that closes: what was done is written down, and goes on to the same bytes.
@Suite(.enabled(if: Tiddu.isBuilt)) struct StopTests {
  /// Starts a command, waits so many microseconds, or until `isUnderWay`, and sends it the signal.
  private func stop(
    _ arguments: [String], by signal: Int32, after microseconds: UInt32 = 0, once isUnderWay: () -> Bool = { true }
  ) throws -> Tiddu.Result {
    let started = try Tiddu.start(arguments)
    usleep(microseconds)
    while !isUnderWay(), started.process.isRunning { usleep(5000) }
    kill(started.process.processIdentifier, signal)
    return Tiddu.result(of: started)
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func trainingInTheMiddleOfAnEpoch(signal: Int32) throws {
    try withTemporaryFolder { folder in
      let options = ["train", "--subset", "4000", "--bottleneck", "8", "--epochs", "6", "--threads", "1"]
      let (whole, broken) = ("\(folder)/whole", "\(folder)/broken")
      try Tiddu.succeed(options + ["--into", whole])
      var kept = 0
      for tenths in 1...30 {
        let isBegun = Folder.kind(of: "\(broken)/config.yaml") == .file
        let command = isBegun ? ["train", "--resume", broken] : options + ["--into", broken]
        let result = try stop(command, by: signal, after: 100_000 * UInt32(tenths))
        if result.status == 0 { break }
        #expect(((try? Folder.names(in: broken)) ?? []).allSatisfy { !$0.contains(WholeFile.temporaryMark) })
        // Before there is anything to keep the system ends it at once.
        guard result.status != signal else { continue }
        #expect(result.status == 128 + signal, "\(result.errors)")
        #expect(result.errors.contains("what was done is kept\nGo on by tiddu train --resume \(broken)."))
        #expect(Folder.kind(of: "\(broken)/last.optimizer.safetensors") == .file)
        kept += 1
      }
      #expect(kept > 0)
      try Tiddu.succeed("train", "--resume", broken)
      for name in ["best.safetensors", "last.safetensors", "last.optimizer.safetensors"] {
        #expect(try Folder.read("\(whole)/\(name)") == Folder.read("\(broken)/\(name)"), "\(name) differs")
      }
    }
  }

  @Test func search() throws {
    try withTemporaryFolder { folder in
      let space = "\(folder)/space.yaml"
      try WholeFile.write(
        """
        name: two
        architectures:
          - dense: {layers: [2], neurons: [8, 16]}
        losses: [bce]
        epochs: 8
        """, to: space)
      func arguments(_ study: String) -> [String] {
        ["search", space, "--subset", "4000", "--workers", "2", "--into", study, "--json"]
      }
      let (whole, broken) = ("\(folder)/whole.sqlite", "\(folder)/broken.sqlite")
      let expected = try Tiddu.succeed(arguments(whole))
      var kept = 0
      for tenths in 1...30 {
        let result = try stop(arguments(broken), by: SIGINT, after: 100_000 * UInt32(tenths))
        if result.status == 0 { break }
        guard result.status != SIGINT else { continue }
        #expect(result.status == 130 && result.errors.contains("The same command goes on with \(broken)."))
        kept += 1
      }
      #expect(kept > 0)
      let result = try Tiddu.succeed(arguments(broken))
      #expect(try losses(result) == losses(expected))
    }
  }

  private func losses(_ table: String) throws -> [String] {
    table.split(separator: "\n").filter { $0.contains("\"loss\"") || $0.contains("val_loss") }.map(String.init)
  }

  /// What cannot go on leaves nothing behind.
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func noTemporaryFile(signal: Int32) throws {
    try withTemporaryFolder { folder in
      let command = ["data", "convert", "synthetic", "\(folder)/digits.csv", "--part", "train"]
      let result = try stop(command, by: signal) { (try? Folder.names(in: folder))?.isEmpty == false }
      #expect(result.status == signal)
      #expect(try Folder.names(in: folder) == [])
    }
  }

  /// A signal that whoever started the program had it ignore, as nohup does, changes nothing.
  @Test func ignoredSignals() throws {
    try withTemporaryFolder { folder in
      let result = try Tiddu.shell(
        """
        trap '' HUP
        tiddu train --subset 2000 --epochs 1 --bottleneck 8 --into run & sleep 0.5; kill -HUP $!; wait $!
        """, in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
  }
}
