import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// `tiddu show` and `tiddu doctor`.
@Suite(.enabled(if: Tiddu.isBuilt)) struct ShowTests {
  /// Ink is printed where there is ink, and nowhere else; without a terminal there are no colours.
  @Test func charactersWhereInkIs() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npy"
      let shape = ImageSet.Shape(height: 4, width: 3, channels: 1)
      let pixels: [UInt8] = [0, 255, 0, 0, 255, 0, 0, 0, 128, 0, 0, 128]
      try StoredImages(ImageSet(shape: shape, pixels: pixels, name: "a", source: "a")).write(to: path)
      let said = try Tiddu.succeed("show", path)
      #expect(said.split(separator: "\n") == ["0", " █ ", "  ▒"])
    }
  }

  @Test func besideWhatAModelMakes() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npz"
      try StoredImages(SyntheticDigits().imageSet(writers: 0..<1, perWriter: 5)).write(to: path)
      let lines = try Tiddu.succeed("show", path, "--with", "tiddu-small", "--images", "2").split(
        separator: "\n", omittingEmptySubsequences: false)
      // A title and fourteen lines for each.
      #expect(lines.count >= 30 && lines[0].contains("by tiddu-small"))
      #expect(lines[1...14].allSatisfy { $0.count == 28 + 3 + 28 })
      let sixels = try Tiddu.succeed("show", path, "--images", "1", "--graphics", "sixel")
      #expect(sixels.contains("\u{1B}Pq#") && sixels.contains("\u{1B}\\"))
      let kitty = try Tiddu.succeed("show", path, "--images", "1", "--graphics", "kitty")
      #expect(kitty.contains("\u{1B}_Ga=T,f=24,s=112,v=112,m="))
      try Tiddu.fail(64, ["show", path, "--images", "0"], saying: ["--images 0"])
      try Tiddu.fail(74, ["show", "\(folder)/b.npz"], saying: ["b.npz"])
    }
  }

  @Test func doctorSaysWhatIsThere() throws {
    let said = try Tiddu.succeed("doctor")
    for word in ["processor", "cores", "HDF5 1.", "Cairo 1.", "SQLite 3.", "tiddu-best"] {
      #expect(said.contains(word))
    }
    let report = try JSONSerialization.jsonObject(with: Data(Tiddu.succeed("doctor", "--json").utf8)) as? [String: Any]
    #expect((report?["libraries"] as? [[String: String]])?.count == 10 && (report?["threads"] as? Int ?? 0) > 0)
    #expect((report?["models"] as? [String: String])?.count == 4)
  }

  /// Status 1 where commands would fail.
  @Test func doctorMissesModels() throws {
    try withTemporaryFolder { folder in
      let result = try Tiddu.shell("TIDDU_MODELS=\(folder) tiddu doctor", in: folder)
      #expect(result.status == 1 && result.output.contains("missing     the model tiddu-best"), "\(result)")
    }
  }
}
