import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// What is written where, and what is not: told before the work begins.
@Suite(.serialized, .enabled(if: Tiddu.isBuilt)) struct MannersTests {
  private static func prepared(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try Tiddu.succeed(
        "train", "--subset", "64", "--epochs", "1", "--bottleneck", "4", "--threads", "1", "--into", "\(folder)/m")
      let set = TinyImages.ramp(count: 3, height: 28, width: 28)
      try set.write(to: "\(folder)/a-images.npy")
      try set.write(to: "\(folder)/a.npz")
      try set.write(to: "\(folder)/folder/")
      try ImageFile.write(set.prefix(1), to: "\(folder)/a.png")
      try body(folder)
    }
  }

  /// `tiddu restore MODEL - --into - < a.png > b.png`, and the same with arrays and tables.
  @Test(arguments: ["a.png", "a-images.npy", "a.npz"]) func throughStandardStreams(name: String) throws {
    try Self.prepared { folder in
      let piped = try Tiddu.shell(
        "tiddu restore m - --into - < \(name) > piped && cat \(name) | tiddu restore m - --into - | cmp - piped",
        in: folder)
      #expect(piped.status == 0, "\(piped.errors)")
      try Tiddu.succeed("restore", "\(folder)/m", "\(folder)/\(name)", "--into", "\(folder)/to-\(name)")
      #expect(try Folder.read("\(folder)/piped") == Folder.read("\(folder)/to-\(name)"))
      #expect(try Format.recognize("\(folder)/piped") == Format.recognize("\(folder)/\(name)"))
    }
  }

  /// With --quiet commands say nothing but results and complaints; without it each of these says something.
  @Test(arguments: [
    "restore m a.npz --into c.npz", "distort a.npz --recipe identity --into d.npz", "data convert a.npz e.csv",
    "data synthesize --count 20 --into s.npz", "export m --into m.onnx",
    "classify tiddu-reader a.npz --submission s.csv > /dev/null",
    "train --subset 64 --epochs 1 --bottleneck 4 --into n", "data sheet --print sheet.pdf",
    "search tiny.yaml --subset 64 --into s.sqlite > /dev/null",
  ]) func quiet(command: String) throws {
    try Self.prepared { folder in
      let space = "name: tiny\narchitectures: [report-dense-3-8-bce]\nepochs: 1\n"
      try WholeFile.write(space, to: "\(folder)/tiny.yaml")
      let quiet = try Tiddu.shell(
        "tiddu \(command.replacing(" >", with: " --quiet >"))\(command.contains(">") ? "" : " --quiet")", in: folder)
      #expect(quiet.status == 0 && quiet.output.isEmpty && quiet.errors.isEmpty, "\(quiet)")
      let told = try Tiddu.shell("rm -rf n s.sqlite* s.trials; tiddu \(command)", in: folder)
      #expect(told.status == 0 && !(told.output.isEmpty && told.errors.isEmpty))
    }
  }

  @Test func quietResultsAndComplaints() throws {
    try Self.prepared { folder in
      let read = try Tiddu.shell("tiddu classify tiddu-reader a.npz --quiet", in: folder)
      #expect(read.status == 0 && read.output.hasPrefix("image,label,"))
      let refused = try Tiddu.shell("tiddu restore m nothing.npz --into c.npz --quiet", in: folder)
      #expect(refused.status == 74 && refused.errors.contains("nothing.npz"))
      let passedOver = try Tiddu.shell(
        "echo x > folder/bad.png; tiddu restore m folder --into c --skip-unreadable --quiet", in: folder)
      #expect(passedOver.status == 0 && passedOver.errors.contains("bad.png") && passedOver.output.isEmpty)
    }
  }

  @Test func standardInputIsCalledSo() throws {
    try Self.prepared { folder in
      let bad = try Tiddu.shell("echo nonsense | tiddu restore m - --into - ", in: folder)
      #expect(bad.status == 65 && bad.errors.contains("standard input") && !bad.errors.contains("/proc"))
      let told = try Tiddu.shell("tiddu data info - < a.png", in: folder)
      #expect(told.status == 0 && told.output.contains("standard input") && !told.output.contains("/proc"))
      let folderToStream = try Tiddu.shell("tiddu restore m folder --into -", in: folder)
      #expect(folderToStream.status == 64)
    }
  }

  /// Restoring writes images and no labels; distorting and converting say where these go.
  @Test func labelsBeside() throws {
    try Self.prepared { folder in
      let restored = try Tiddu.shell("tiddu restore m a-images.npy --into clean.npy && ls", in: folder)
      #expect(restored.status == 0 && !restored.output.contains("clean-labels"), "\(restored.errors)")
      for command in ["distort a-images.npy --recipe identity --into d.npy", "data convert a-images.npy c.npy"] {
        let result = try Tiddu.shell("tiddu \(command)", in: folder)
        let name = command.hasPrefix("distort") ? "d-labels.npy" : "c-labels.npy"
        #expect(result.status == 0 && result.output.contains(name), "\(result.output)")
        #expect(try Labels.read("\(folder)/\(name)").values == [0, 1, 2])
      }
      #expect(try ImageSet.read("\(folder)/c.npy").labels == [0, 1, 2])
    }
  }

  @Test(arguments: [
    "restore m a.png --into a.png", "restore m folder --into folder", "restore m a.png --into ./../x/a.png",
    "distort a-images.npy --recipe identity --into a-images.npy", "data convert a.npz a.npz",
    "distort a.png --recipe identity --into b.png --record a.png", "restore m folder/0/00000.png --into folder/0",
  ])
  func overTheInput(command: String) throws {
    try Self.prepared { folder in
      let line = command.replacing("./../x", with: "../" + (folder.split(separator: "/").last ?? ""))
      let before = try Folder.read("\(folder)/a.png")
      let refused = try Tiddu.shell("tiddu \(line)", in: folder)
      #expect(refused.status == 64 && refused.errors.contains("--overwrite"), "\(refused.errors)")
      #expect(try Folder.read("\(folder)/a.png") == before)
      let allowed = try Tiddu.shell("tiddu \(line) --overwrite", in: folder)
      #expect(allowed.status == 0, "\(allowed.errors)")
    }
  }

  /// Refused before anything is computed: a model of many steps would take longer than a second.
  @Test(arguments: [
    ("restore m a-images.npy --into out.png", 64, "one image"),
    ("restore m a.png --into nowhere/out.png", 74, "nowhere"),
    ("restore m a-images.npy --into out.csv --dtype float32", 64, "float32"),
    ("restore m a.png --into out.png --dtype float32", 64, "float32"),
    ("restore m a.png --into out.gif", 64, "ending"), ("restore m folder --into a.png/x", 74, "a.png"),
    ("distort a.png --recipe identity --into d.png --record nowhere/r.csv", 74, "nowhere"),
  ])
  func refusedBefore(command: String, status: Int32, word: String) throws {
    try Self.prepared { folder in
      let names = try Folder.names(in: folder)
      let result = try Tiddu.shell("tiddu \(command)", in: folder)
      #expect(result.status == status && result.errors.contains(word), "\(result.status) \(result.errors)")
      #expect(try Folder.names(in: folder) == names)
    }
  }

  @Test func typesOfArrays() throws {
    try Self.prepared { folder in
      try Tiddu.succeed("data", "convert", "\(folder)/a.npz", "\(folder)/f-images.npy", "--dtype", "float32")
      try Tiddu.succeed("restore", "\(folder)/m", "\(folder)/f-images.npy", "--into", "\(folder)/r.npy")
      let read = try StoredImages.read("\(folder)/r.npy")
      #expect(read.encoding == ArrayEncoding(.float32))
      let values = try #require(read.images.values)
      #expect(!values.allSatisfy { $0 * 255 == ($0 * 255).rounded() }, "not rounded to bytes")
      try Tiddu.succeed("restore", "\(folder)/m", "\(folder)/a.npz", "--into", "\(folder)/w.npz", "--dtype", "uint16")
      #expect(try StoredImages.read("\(folder)/w.npz").encoding == ArrayEncoding(.uint16))
      try Tiddu.succeed("data", "convert", "\(folder)/a.npz", "\(folder)/deep", "--dtype", "uint16")
      #expect(try StoredImages.read("\(folder)/deep").files?.allSatisfy { $0.pages[0].bits == 16 } == true)
      try Tiddu.succeed("restore", "\(folder)/m", "\(folder)/a.png", "--into", "\(folder)/w.png", "--dtype", "uint16")
      #expect(try StoredImages.read("\(folder)/w.png").files?[0].pages[0].bits == 16)
    }
  }

  @Test func partsOfAFile() throws {
    try withTemporaryFolder { folder in
      let (train, test) = (
        TinyImages.ramp(count: 3, height: 5, width: 5), TinyImages.ramp(count: 2, height: 5, width: 5)
      )
      try NPZ.write(
        [("train_images", NPY.encode(train)), ("test_images", NPY.encode(test))], to: "\(folder)/mnist.npz")
      let refused = try Tiddu.run("data", "convert", "\(folder)/mnist.npz", "\(folder)/o.npz")
      #expect(refused.status == 64 && refused.errors.contains("train, test") && refused.errors.contains("--part"))
      try Tiddu.succeed("data", "convert", "\(folder)/mnist.npz", "\(folder)/o.npz", "--part", "test")
      #expect(try ImageSet.read("\(folder)/o.npz").pixels == test.pixels)
    }
  }
}
