import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// Each kind of bad input: a clear word, the right exit status, nothing half-written.
@Suite(.enabled(if: Tiddu.isBuilt)) struct BadInputTests {
  private func write(_ bytes: [UInt8], _ path: String) throws { try WholeFile.write(bytes, to: path) }

  /// Converts `folder/name` and expects bad data, and no output.
  private func expectBadData(_ folder: String, _ name: String, saying words: [String], options: [String] = []) throws {
    try Tiddu.fail(
      EX_DATAERR, ["data", "convert", "\(folder)/\(name)", "\(folder)/out.npz"] + options, saying: [name] + words)
    #expect(try Folder.names(in: folder).allSatisfy { !$0.hasPrefix("out.npz") })
  }

  @Test func idx() throws {
    try withTemporaryFolder { folder in
      let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2]
      try write(header + [1, 2, 3], "\(folder)/short.idx")
      try expectBadData(folder, "short.idx", saying: ["8"])
      try write(header + [UInt8](repeating: 1, count: 9), "\(folder)/long.idx")
      try expectBadData(folder, "long.idx", saying: [])
      try write([0, 0, 9, 3] + header[4...] + [UInt8](repeating: 1, count: 8), "\(folder)/magic.idx")
      try expectBadData(folder, "magic.idx", saying: ["byte 0"])
      try write([0, 0, 8, 3] + [UInt8](repeating: 255, count: 12), "\(folder)/huge.idx")
      try expectBadData(folder, "huge.idx", saying: [])
    }
  }

  @Test func filesOfDifferentLengths() throws {
    try withTemporaryFolder { folder in
      try TinyImages.ramp(count: 3, height: 2, width: 2).write(to: "\(folder)/a-images.idx")
      try write([0, 0, 8, 1, 0, 0, 0, 2, 7, 8], "\(folder)/a-labels.idx")
      try Tiddu.fail(
        EX_DATAERR, ["data", "info", "\(folder)/a-images.idx"], saying: ["a-labels.idx", "3 labels"])
    }
  }

  @Test(arguments: [
    ("1,2,3", ["row 2", "pixel2", "3"]), ("1,2,3,4,5,6", ["row 2"]), ("1,2,x,4,5", ["row 2", "pixel1", "x"]),
    ("1,2,3,256,5", ["row 2", "pixel2", "256"]), ("1,-2,3,4,5", ["row 2", "pixel0"]),
  ])
  func csv(row: String, words: [String]) throws {
    try withTemporaryFolder { folder in
      let text = "label,pixel0,pixel1,pixel2,pixel3\n0,1,2,3,4\n\(row)\n"
      try write(Array(text.utf8), "\(folder)/bad.csv")
      try expectBadData(folder, "bad.csv", saying: words)
    }
  }

  @Test func labelsOverNineAreKept() throws {
    try withTemporaryFolder { folder in
      try write(Array("label,pixel0\n12,1\n".utf8), "\(folder)/a.csv")
      try Tiddu.succeed("data", "convert", "\(folder)/a.csv", "\(folder)/b.npz")
      #expect(try ImageSet.read("\(folder)/b.npz").labels == [12])
    }
  }

  @Test(arguments: [
    ("'<c8'", "(2, 3, 3)", ["c8"]), ("'|u1'", "(4294967296, 4294967296, 4294967296)", ["4294967296"]),
    ("'|O'", "(2, 3, 3)", ["object"]),
  ])
  func npy(type: String, shape: String, words: [String]) throws {
    try withTemporaryFolder { folder in
      var header = Array("{'descr': \(type), 'fortran_order': False, 'shape': \(shape), }".utf8)
      header += [UInt8](repeating: 32, count: 118 - header.count - 1) + [10]
      let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0]
      try write(magic + header + [UInt8](repeating: 0, count: 18), "\(folder)/bad.npy")
      try expectBadData(folder, "bad.npy", saying: words)
    }
  }

  @Test func archivesImagesFolders() throws {
    try withTemporaryFolder { folder in
      try write(Array("PK\u{5}\u{6}".utf8) + [UInt8](repeating: 0, count: 18), "\(folder)/empty.npz")
      try expectBadData(folder, "empty.npz", saying: [])
      try write([0x89] + Array("PNG\r\n\u{1A}\n but not really".utf8), "\(folder)/none.png")
      try expectBadData(folder, "none.png", saying: ["PNG"])
      try Folder.create("\(folder)/images")
      try expectBadData(folder, "images", saying: ["empty"])
    }
  }

  @Test func checkpoints() throws {
    try WholeWayTests.withModel { folder, model in
      let whole = try Folder.read("\(model)/best.safetensors")
      func expectBad(_ bytes: [UInt8], _ words: String...) throws {
        try write(bytes, "\(folder)/bad.safetensors")
        try Tiddu.fail(
          EX_DATAERR, ["evaluate", "\(folder)/bad.safetensors", "--subset", "2"], saying: ["bad.safetensors"] + words)
      }
      for length in [0, 7, 100, whole.count / 2, whole.count - 1] { try expectBad(Array(whole[..<length])) }
      func replacing(_ text: String, _ other: String) throws -> [UInt8] {
        // The header is text; both strings have one length, so that nothing moves.
        var data = Data(whole)
        data.replaceSubrange(try #require(data.range(of: Data(text.utf8))), with: Data(other.utf8))
        return Array(data)
      }
      try expectBad(replacing(#""version":"1""#, #""version":"7""#), "version 7")
      try expectBad(replacing(#"\"units\":256"#, #"\"units\":255"#), "dense_2/kernel")
      try expectBad(replacing(#""format":"tiddu""#, #""format":"other""#), "tiddu train")
      try Tiddu.fail(EX_DATAERR, ["restore", "\(model)/config.yaml", model, "--into", "\(folder)/out.npz"])
    }
  }

  @Test func wrongUsage() throws {
    try withTemporaryFolder { folder in
      let into = ["--into", "\(folder)/run"]
      for (setting, word) in [
        (["--preset", "report-finale"], "report-final"), (["--epochs", "0"], "epochs"),
        (["--recipe", "report-multipel"], "report-multiple"), (["--learning-rate", "nan"], "rate"),
        (["--batch-size", "0"], "batch"), (["--validation", "1.5"], "1.5"), (["--threads", "0"], "threads"),
      ] { try Tiddu.fail(EX_USAGE, ["train"] + setting + into, saying: [word]) }
      for (arguments, word) in [
        (["train", "--resume", "\(folder)/none"], "no run"), (["evaluate"], "model"), (["fly"], "fly"),
        (["train", "--fast"], "--fast"), (["train", "--epochs", "many"], "tiddu train --help"),
        (["distort", "x", "--recipe", "identity", "--into", "\(folder)/x.jp2"], "ending"),
      ] { try Tiddu.fail(EX_USAGE, arguments, saying: [word]) }
      #expect(try Folder.names(in: folder).isEmpty)
    }
  }

  @Test func unwritableAndMissingPlaces() throws {
    try withTemporaryFolder { folder in
      try write([1], "\(folder)/file")
      try Tiddu.fail(
        EX_IOERR, ["data", "synthesize", "--count", "3", "--into", "\(folder)/file/a.npz"], saying: ["file"])
      try Tiddu.fail(EX_IOERR, ["train", "--subset", "64", "--epochs", "1", "--into", "\(folder)/file/run"])
      try Tiddu.fail(EX_IOERR, ["evaluate", "\(folder)/none.safetensors"], saying: ["none.safetensors"])
      try Tiddu.fail(EX_IOERR, ["data", "info", "\(folder)/none"])
      #expect(try Folder.names(in: folder) == ["file"])
    }
  }

  /// On a file system of 1 MB, mounted for the test.
  @Test(.enabled(if: SmallDisk.canBeMounted, "only root may mount a file system")) func fullDisk() throws {
    try withTemporaryFolder { folder in
      let disk = "\(folder)/disk"
      try Folder.create(disk)
      try #require(SmallDisk.mount(disk))
      defer { SmallDisk.unmount(disk) }
      let noSpace = ["No space left", "Free some space"]
      try Tiddu.fail(
        EX_IOERR, ["data", "synthesize", "--count", "5000", "--into", "\(disk)/a-images.idx"], saying: noSpace)
      #expect(try Folder.names(in: disk).isEmpty)
      let training = try Tiddu.run("train", "--subset", "64", "--epochs", "1", "--into", "\(disk)/run")
      #expect(training.status == EX_IOERR)
      for word in noSpace { #expect(training.errors.contains(word)) }
      #expect(try Folder.names(in: disk).isEmpty)
    }
  }
}

/// A file system in memory that is soon full.
private enum SmallDisk {
  static let canBeMounted: Bool = {
    (try? withTemporaryFolder { folder in
      defer { unmount(folder) }
      return mount(folder)
    }) ?? false
  }()

  static func mount(_ folder: String) -> Bool { runs("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder) }
  static func unmount(_ folder: String) { runs("umount", "-q", folder) }
}
