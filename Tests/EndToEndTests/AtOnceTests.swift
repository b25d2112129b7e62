import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// What works without training and without naming a model, and models handed on.
@Suite(.enabled(if: Tiddu.isBuilt)) struct AtOnceTests {
  @Test func imagesAreCorrectedAndClassified() throws {
    try withTemporaryFolder { folder in
      try Tiddu.succeed("data", "synthesize", "--part", "test", "--count", "30", "--into", "\(folder)/clean.npz")
      try Tiddu.succeed(
        "distort", "\(folder)/clean.npz", "--recipe", "report-multiple", "--into", "\(folder)/damaged.npz")
      try Tiddu.succeed(
        "restore", "\(folder)/damaged.npz", "--expect", "report-multiple", "--into", "\(folder)/corrected.npz")
      func right(_ name: String) throws -> Int {
        let lines = try Tiddu.succeed("classify", "\(folder)/\(name).npz").split(separator: "\n").dropFirst()
        #expect(lines.count == 30)
        return lines.enumerated().count { number, line in
          line.split(separator: ",").dropFirst().first == "\(number % 10)"
        }
      }
      let (clean, damaged, corrected) = (try right("clean"), try right("damaged"), try right("corrected"))
      #expect(clean >= 28 && damaged <= 15 && corrected >= 24, "\(clean) \(damaged) \(corrected)")

      // One image of a size of its own, as people have them.
      try Tiddu.succeed("data", "synthesize", "--count", "3", "--into", "\(folder)/images")
      let one = try #require(try ImageFolder.names(in: "\(folder)/images").first)
      try Tiddu.succeed("restore", "\(folder)/images/\(one)", "--into", "\(folder)/one.png")
      #expect(try Tiddu.succeed("classify", "\(folder)/one.png").split(separator: "\n").count == 2)
      try Tiddu.succeed("restore", "tiddu-small", "\(folder)/clean.npz", "--into", "\(folder)/small.npz")
    }
  }

  @Test func namesThatAreNone() throws {
    try withTemporaryFolder { folder in
      try Tiddu.succeed("data", "synthesize", "--count", "2", "--into", "\(folder)/a.npz")
      try Tiddu.fail(64, ["restore", "--into", "\(folder)/b.npz"], saying: ["Missing expected argument"])
      try Tiddu.fail(64, ["restore", "a", "b", "c", "--into", "\(folder)/b.npz"], saying: ["Name an image"])
      try Tiddu.fail(
        64, ["restore", "\(folder)/a.npz", "--expect", "report-multipel", "--into", "\(folder)/b.npz"],
        saying: ["Did you mean \"report-multiple\"?"])
      try Tiddu.fail(64, ["restore", "tiddu-reader", "\(folder)/a.npz", "--into", "\(folder)/b.npz"])
    }
  }

  /// Where the training images lay is nobody's business.
  @Test func pathsStayAtHome() throws {
    try withTemporaryFolder { folder in
      try Tiddu.succeed("data", "synthesize", "--count", "64", "--into", "\(folder)/digits.npz")
      try Tiddu.succeed(
        "train", "--data", "\(folder)/digits.npz", "--epochs", "1", "--bottleneck", "8", "--threads", "1", "--into",
        "\(folder)/own")
      try Tiddu.succeed("export", "\(folder)/own", "--into", "\(folder)/a.safetensors")
      func header(_ name: String) throws -> String {
        String(decoding: try Folder.read("\(folder)/\(name)").prefix(20_000), as: UTF8.self)
      }
      #expect(try header("own/best.safetensors").contains(folder))
      #expect(try !header("a.safetensors").contains(folder) && header("a.safetensors").contains("digits.npz"))
    }
  }

  /// A model in half the bytes restores the same to a grey level, and one that is named alone is told from an image.
  @Test func handedOn() throws {
    try WholeWayTests.withModel { folder, model in
      try Tiddu.succeed("data", "synthesize", "--count", "40", "--into", "\(folder)/a.npz")
      try Tiddu.succeed("export", model, "--into", "\(folder)/whole.safetensors")
      let said = try Tiddu.succeed("export", model, "--dtype", "float16", "--into", "\(folder)/half.safetensors")
      #expect(said.contains("float16"))
      func size(_ name: String) throws -> Int { try Folder.read("\(folder)/\(name).safetensors").count }
      #expect(try Double(size("half")) < 0.55 * Double(size("whole")))
      for name in ["whole", "half"] {
        try Tiddu.succeed(
          "restore", "\(folder)/\(name).safetensors", "\(folder)/a.npz", "--into", "\(folder)/\(name).npz")
      }
      let (whole, half) = (
        try ImageSet.read("\(folder)/whole.npz").pixels, try ImageSet.read("\(folder)/half.npz").pixels
      )
      #expect(zip(whole, half).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
      try Tiddu.fail(
        64, ["restore", "\(folder)/half.safetensors", "--into", "\(folder)/b.png"],
        saying: ["name the images behind it"])
      try Tiddu.fail(64, ["export", model, "--into", "\(folder)/a.bin"], saying: [".safetensors", ".onnx"])
      try Tiddu.fail(
        64, ["export", model, "--into", "\(folder)/a.onnx", "--dtype", "float16"], saying: ["--dtype"])
      try Tiddu.fail(
        64, ["export", model, "--into", "\(folder)/a.safetensors", "--pixels", "uint8"], saying: ["--pixels"])
      #expect(
        try Tiddu.succeed("export", model, "--into", "\(folder)/a.onnx", "--pixels", "uint8").contains("uint8, nhwc"))
    }
  }
}
