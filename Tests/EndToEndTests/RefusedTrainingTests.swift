import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// What a training that does not come to its first epoch leaves: nothing; and what two that meet in one folder do.
@Suite(.enabled(if: Tiddu.isBuilt)) struct RefusedTrainingTests {
  private static let small = "--data synthetic --subset 200 --epochs 1"

  @Test(arguments: [
    "train --data letters.csv --preset tiddu-small --synthetic 9 --into runs/m",
    "train --data letters.csv --preset report-classifier --validation dig --into runs/m",
    "train --data none --into runs/m", "train --data none --preset tiddu-small --into runs/m",
    "train \(small) --learning-rate 1e30 --into runs/m",
    "train \(small) --preset tiddu-small --synthetic 0 --learning-rate 1e30 --into runs/m",
    "train \(small) --validation 0.001 --into runs/m", "train \(small) --validation last:200 --into runs/m",
    "train --data letters.csv --epochs 1 --validation nope --into runs/m",
  ])
  func leavesNothing(arguments: String) throws {
    try withTemporaryFolder { folder in
      let letters = TinyImages.ramp(count: 20, height: 28, width: 28, labels: false)
      try ImageSet(
        shape: letters.shape, pixels: letters.pixels, labels: (0..<20).map { 10 + $0 % 3 }, name: "", source: ""
      ).write(to: "\(folder)/letters.csv")
      let result = try Tiddu.shell("tiddu \(arguments)", in: folder)
      #expect([64, 65, 74].contains(result.status), "\(arguments): \(result.errors)")
      #expect(Folder.kind(of: "\(folder)/runs") == .absent, "\(arguments): \(result.errors)")
    }
  }

  @Test func leavesAFolderThatWasThereAsItWas() throws {
    try withTemporaryFolder { folder in
      try WholeFile.write("mine", to: "\(folder)/notes.txt")
      let result = try Tiddu.shell("tiddu train \(Self.small) --learning-rate 1e30 --into .", in: folder)
      #expect(result.status == 64, "\(result.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["notes.txt"])
    }
  }

  /// Two of every kind at once in one folder: one at most is refused, and the other's run goes on.
  @Test(arguments: ["--preset report-final", "--preset tiddu-small --synthetic 0"])
  func theWinnersRunIsUntouched(preset: String) throws {
    try withTemporaryFolder { folder in
      let line = """
        for i in 1 2 3; do rm -rf r
        tiddu train \(Self.small) \(preset) --threads 1 --seed 1 --into r >/dev/null 2>a & a=$!
        tiddu train \(Self.small) \(preset) --threads 1 --seed 2 --learning-rate 0.002 --into r >/dev/null 2>b & b=$!
        wait $a; sa=$?; wait $b; sb=$?
        tiddu train --resume r >/dev/null 2>c || cat c >&2
        [ $sa = 0 ] || [ $sb = 0 ] || echo "neither finished" >&2
        done
        """
      let result = try Tiddu.shell(line, in: folder)
      #expect(result.errors.isEmpty, "\(result.errors)")
    }
  }

  @Test(arguments: [
    "--subset 10", "--part test", "--part train", "--preset tiddu-small", "--preset report-final", "--synthetic 0",
    "--into x", "--crop 8", "--validation none", "--threads 1", "--l2 0.1",
  ])
  func resumingTakesNoSettings(option: String) throws {
    try Tiddu.fail(
      64, ["train", "--resume", "r"] + option.split(separator: " ").map(String.init),
      saying: [String(option.split(separator: " ")[0])])
  }

  @Test(arguments: ["1.0", "0", "-0.2", "nan", "train", "last:0", "last:x", "nope", "1e999"])
  func validationThatIsNone(text: String) throws {
    try withTemporaryFolder { folder in
      try Tiddu.fail(64, ["train", "--validation=\(text)", "--into", "\(folder)/r"], saying: ["--validation \(text)"])
    }
  }

  @Test func settingsThatNothingReads() throws {
    try withTemporaryFolder { folder in
      _ = try Tiddu.shell("tiddu train \(Self.small) --into r", in: folder)
      let config = "\(folder)/r/config.yaml"
      let text = String(decoding: try Folder.read(config), as: UTF8.self)
      try WholeFile.write(text + "epochz: 3\n", to: config)
      let result = try Tiddu.shell("tiddu train --resume r", in: folder)
      #expect(result.status == 65, "\(result.errors)")
      #expect(result.errors.contains("\"epochz\"") && result.errors.contains("take it out"))
    }
  }

  /// At limits from far too little to nearly enough: an error or success, never a crash.
  @Test func withoutMemory() throws {
    try withTemporaryFolder { folder in
      for limit in [260_000, 600_000, 940_000, 980_000, 1_060_000, 1_150_000, 1_200_000] {
        let result = try Tiddu.shell(
          "ulimit -v \(limit); tiddu train --data synthetic --subset 240 --epochs 1 --preset report-conv-3-64-bce "
            + "--batch-size 240 --threads 2 --into r\(limit)", in: folder)
        #expect([0, 71].contains(result.status), "\(limit): \(result.status) \(result.errors)")
        #expect(Folder.kind(of: "\(folder)/r\(limit)") == (result.status == 0 ? .folder : .absent))
      }
    }
  }
}
