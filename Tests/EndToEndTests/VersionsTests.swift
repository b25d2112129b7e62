import Foundation
import Support
import TestSupport
import Testing

/// What earlier versions have written is read, and gone on with (Tools/versions.sh makes the files, once for each version).
@Suite(.enabled(if: Tiddu.isBuilt)) struct VersionsTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Versions").path
  static let versions = (try? Folder.names(in: folder)) ?? []

  @Test func thereAreSome() { #expect(Self.versions.count >= 2) }

  private func withFiles(of version: String, _ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let copy = "\(folder)/files"
      try FileManager.default.copyItem(atPath: "\(Self.folder)/\(version)", toPath: copy)
      try body(copy)
    }
  }

  @Test(arguments: versions) func aRunGoesOn(version: String) throws {
    try withFiles(of: version) { files in
      func lines() throws -> [Substring] {
        String(decoding: try Folder.read("\(files)/run/history.csv"), as: UTF8.self).split(separator: "\n")
      }
      let before = try lines()
      #expect(try Tiddu.succeed("evaluate", "\(files)/run", "--subset", "5", "--json").contains("psnr"))
      try Tiddu.succeed("train", "--resume", "\(files)/run", "--epochs", "3", "--quiet")
      let after = try lines()
      #expect(before.count == 3 && after.count == 4 && Array(after.prefix(3)) == before)
    }
  }

  @Test(arguments: versions) func aStudyIsRead(version: String) throws {
    try withFiles(of: version) { files in
      let table = String(decoding: try Folder.read("\(files)/study.csv"), as: UTF8.self)
      #expect(try Tiddu.succeed("search", "export", "\(files)/study.sqlite") == table)
      #expect(try Tiddu.succeed("search", "show", "\(files)/study.sqlite").contains("report-conv-2-4-bce"))
    }
  }

  /// The folder of trials is gone, so that both train anew, in the study that stands there.
  @Test(arguments: versions) func aSearchGoesOn(version: String) throws {
    try withFiles(of: version) { files in
      let command = ["search", "\(files)/space.yaml", "--subset", "20", "--into", "\(files)/study.sqlite", "--quiet"]
      try Tiddu.succeed(command)
      #expect(try Tiddu.succeed("search", "export", "\(files)/study.sqlite").contains("finished"))
    }
  }

  /// Later than any that there is.
  @Test func tooNew() throws {
    try withFiles(of: try #require(Self.versions.last)) { files in
      let study = "\(files)/study.sqlite"
      var bytes = try Folder.read(study)
      // SQLite's user version, a big-endian number at byte 60.
      bytes[63] = 99
      try WholeFile.write(bytes, to: study)
      try Tiddu.fail(65, ["search", "show", study], saying: ["version 99", "made by a newer tiddu"])
      let weights = "\(files)/run/best.safetensors"
      var model = try Folder.read(weights)
      let mark = Array("\"version\":\"1\"".utf8)
      let place = try #require(model.indices.first { model[$0...].starts(with: mark) })
      model[place + mark.count - 2] = UInt8(ascii: "9")
      try WholeFile.write(model, to: weights)
      try Tiddu.fail(65, ["summary", weights], saying: ["version 9", "made by a newer tiddu"])
    }
  }
}
