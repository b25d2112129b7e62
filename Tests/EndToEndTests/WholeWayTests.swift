import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// From images to a model, and from distorted images to restored ones, with the tool alone.
@Suite(.enabled(if: Tiddu.isBuilt)) struct WholeWayTests {
  /// A folder with a run in it, small and quick, on synthetic digits.
  static func withModel(_ body: (_ folder: String, _ model: String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let model = "\(folder)/run"
      try Tiddu.succeed(
        "train", "--subset", "640", "--epochs", "1", "--bottleneck", "8", "--threads", "1", "--into", model)
      try body(folder, model)
    }
  }

  @Test func trainEvaluateDraw() throws {
    try Self.withModel { folder, model in
      #expect(
        try Folder.names(in: model)
          == ["best.safetensors", "config.yaml", "history.csv", "last.optimizer.safetensors", "last.safetensors"])
      let table = try Tiddu.succeed("evaluate", model, "--subset", "50")
      for word in ["PSNR in dB, peak 1", "SSIM", "ceiling", "±", "50 images"] { #expect(table.contains(word)) }
      let json = try Tiddu.succeed("evaluate", model, "--subset", "50", "--json")
      let result = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
      #expect((result["table"] as? [String: Any])?["images"] as? Int == 50)
      #expect(try Tiddu.succeed("summary", model).contains("dense_4"))
      try Tiddu.succeed("figure", "restored", model, "--count", "4", "--into", "\(folder)/a.svg")
      try Tiddu.succeed("figure", "curves", model, "--into", "\(folder)/b.png")
      #expect(String(decoding: try Folder.read("\(folder)/a.svg"), as: UTF8.self).contains("reconstructed"))
      #expect(try Folder.read("\(folder)/b.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }
  }

  @Test func summaryCountsAsTheReport() throws {
    #expect(try Tiddu.succeed("summary", "report-final").contains("863,312"))
    let json = try Tiddu.succeed("summary", "report-final", "--json")
    let summary = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    #expect(summary?["parameters"] as? Int == 863_312)
  }

  @Test func peoplesOwnImages() throws {
    try Self.withModel { folder, model in
      try Tiddu.succeed("data", "synthesize", "--count", "12", "--into", "\(folder)/digits")
      let names = try ImageFolder.read("\(folder)/digits").names
      try Tiddu.succeed("restore", model, "\(folder)/digits", "--into", "\(folder)/clean/")
      let restored = try ImageFolder.read("\(folder)/clean")
      #expect(restored.names == names)
      #expect(restored.images.shape == .init(height: 28, width: 28, channels: 1))

      let photo = TinyImages.ramp(count: 1, height: 30, width: 40, channels: 3, labels: false)
      try ImageFile.write(photo, to: "\(folder)/photo.jpg")
      let arguments = ["restore", model, "\(folder)/photo.jpg", "--into", "\(folder)/out.png"]
      try Tiddu.fail(EX_USAGE, arguments, saying: ["--resize", "28×28×1"])
      #expect(Folder.kind(of: "\(folder)/out.png") == .absent)
      #expect(try Tiddu.run(arguments + ["--resize"]).status == 0)
      #expect(try ImageFile.read("\(folder)/out.png").images.shape == restored.images.shape)
    }
  }

  @Test func distortRecordsWhatItDid() throws {
    try withTemporaryFolder { folder in
      try Tiddu.succeed("data", "synthesize", "--count", "30", "--into", "\(folder)/a.npz")
      let options = ["--recipe", "report-multiple", "--seed", "7", "--record", "\(folder)/record.csv"]
      for (name, threads) in [("b", "1"), ("c", "2")] {
        let into = ["--into", "\(folder)/\(name).npz", "--threads", threads]
        #expect(try Tiddu.run(["distort", "\(folder)/a.npz"] + options + into).status == 0)
      }
      let (clean, one, two) = (
        try ImageSet.read("\(folder)/a.npz"), try ImageSet.read("\(folder)/b.npz"), try ImageSet.read("\(folder)/c.npz")
      )
      #expect(one.pixels == two.pixels)
      #expect(one.pixels != clean.pixels)
      #expect(one.labels == clean.labels)
      let record = String(decoding: try Folder.read("\(folder)/record.csv"), as: UTF8.self)
      #expect(record.split(separator: "\n").count == 31)
    }
  }

  @Test func figureOfRows() throws {
    try withTemporaryFolder { folder in
      try Tiddu.succeed("data", "synthesize", "--count", "10", "--into", "\(folder)/a.npz")
      try Tiddu.succeed(
        "figure", "rows", "--row", "clean=\(folder)/a.npz", "--labels", "--into", "\(folder)/rows.svg")
      #expect(String(decoding: try Folder.read("\(folder)/rows.svg"), as: UTF8.self).contains("clean"))
    }
  }

  /// What `--json` prints is one JSON object and nothing else.
  @Test func jsonParses() throws {
    try Self.withModel { folder, model in
      let images = "\(folder)/a.npz"
      try Tiddu.succeed("data", "synthesize", "--count", "10", "--into", images)
      for (arguments, key) in [
        (["train", "--subset", "64", "--epochs", "1", "--into", "\(folder)/b"], "best"),
        (["restore", model, images, "--into", "\(folder)/c.npz"], "images"),
        (["distort", images, "--recipe", "identity", "--into", "\(folder)/d.npz"], "counts"),
        (["data", "info", images], "parts"), (["summary", model], "rows"),
      ] {
        let result = try Tiddu.run(arguments + ["--json"])
        let object = try? JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        #expect(result.status == 0 && object?[key] != nil, "\(arguments): \(result.errors)")
      }
    }
  }

  /// All commands that there are, by the program's own list of them.
  @Test func helpHasAnExample() throws {
    let tree = try JSONDecoder().decode(Help.self, from: Data(Tiddu.succeed("--experimental-dump-help").utf8))
    let commands = tree.command.all().filter { $0 != ["help"] }
    #expect(commands.count >= 24)
    for command in commands {
      let help = try Tiddu.succeed(command + ["--help"])
      #expect(help.contains("EXAMPLE: tiddu \(command.first ?? "")"), "\(command)")
    }
  }

  private struct Help: Decodable {
    var command: Command

    struct Command: Decodable {
      var commandName: String
      var subcommands: [Command]?

      /// The words that name each command, below the program's own name.
      func all(below words: [String] = []) -> [[String]] {
        [words] + (subcommands ?? []).flatMap { $0.all(below: words + [$0.commandName]) }
      }
    }
  }
}
