import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// `tiddu benchmark`, with small models on a few synthetic digits.
@Suite(.enabled(if: Tiddu.isBuilt)) struct BenchmarkTests {
  @Test func exportMeasureAndTakeBack() throws {
    try withTemporaryFolder { folder in
      let (sets, model, classifier) = ("\(folder)/sets", "\(folder)/run", "\(folder)/classifier")
      let training = ["train", "--epochs", "1", "--threads", "1", "--data", "\(folder)/data", "--validation", "none"]
      try Folder.create("\(folder)/data")
      try Tiddu.succeed(
        "data", "synthesize", "--part", "train", "--count", "160", "--into", "\(folder)/data/train.npz")
      for options in [
        ["--bottleneck", "8", "--into", model], ["--preset", "report-classifier", "--into", classifier],
      ] {
        #expect(try Tiddu.run(training + options).status == 0)
      }
      let exported = try Tiddu.succeed("benchmark", "--export", sets, "--subset", "12")
      #expect(exported.contains("76 sets of 12 images"))
      #expect(try Folder.names(in: sets).count == 77)
      try expectSets(in: sets)
      try measure(folder, model, classifier, sets)
      try refuse(folder, model, classifier, sets)
    }
  }

  private func expectSets(in folder: String) throws {
    let clean = SyntheticDigits().imageSet(.test, subset: 12)
    #expect(try ImageSet.read("\(folder)/clean.npy").pixels == clean.pixels)
    #expect(try Labels.read("\(folder)/labels.npy").values == clean.labels)
    let noisy = try ImageSet.read("\(folder)/gaussian-noise-3.npy")
    #expect(noisy.count == 12 && noisy.shape == clean.shape && noisy.pixels != clean.pixels)
  }

  private func measure(_ folder: String, _ model: String, _ classifier: String, _ sets: String) throws {
    let options = ["benchmark", model, "--classifier", classifier, "--subset", "12", "--threads", "1"]
    let others = ["--restored", "nobody=\(sets)", "--direct", classifier]
    let json = try Tiddu.run(options + others + ["--json", "--into", "\(folder)/table.csv"])
    #expect(json.status == 0, "\(json.errors)")
    let table = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let rows = try #require(table["rows"] as? [[String: Any]])
    let title = try #require(table["benchmark"] as? String)
    #expect(title.contains("on other images") && !title.hasPrefix("Kannada-MNIST-C") && rows.count == 76)
    let columns = try #require(table["columns"] as? [[String: Any]])
    #expect(columns.map { $0["name"] as? String } == ["as is", model, "nobody", classifier])
    for row in rows {
      // Sets that come back as they were written, and the same classifier reading directly, are as good as "as is".
      let figures = try #require(row["figures"] as? [[String: Any]]).map { $0["accuracy"] as? NSDictionary }
      #expect(figures[0] == figures[2] && figures[0] == figures[3], "\(row["corruption"] ?? "")")
    }
    let csv = String(decoding: try Folder.read("\(folder)/table.csv"), as: UTF8.self)
    #expect(csv.split(separator: "\n").count == 1 + 91 * 4)

    let text = try Tiddu.run(options + ["--into", "\(folder)/table.md"])
    #expect(text.status == 0, "\(text.errors)")
    for word in ["accuracy", "PSNR", "SSIM", "corruption error", "mean, held out", "salt-and-pepper", "harm"] {
      #expect(text.output.contains(word), "\(word)")
    }
    #expect(!text.output.contains("stripes 5"))
    let markdown = String(decoding: try Folder.read("\(folder)/table.md"), as: UTF8.self)
    #expect(markdown.contains("| stripes 5 |"))
  }

  private func refuse(_ folder: String, _ model: String, _ classifier: String, _ sets: String) throws {
    let incomplete = "\(folder)/incomplete"
    try Folder.create(incomplete)
    try WholeFile.write([1, 2, 3], to: "\(incomplete)/clean.npy")
    let reading = ["benchmark", "--classifier", classifier, "--subset", "12"]
    for (status, arguments, words) in [
      (EX_USAGE, ["benchmark"], ["--classifier"]),
      (EX_USAGE, ["benchmark", model, "--export", "\(folder)/x"], ["--classifier"]),
      (EX_USAGE, ["benchmark", model, "--classifier", model], ["names no classes"]),
      (EX_USAGE, reading + [classifier], ["restores no images"]),
      (EX_USAGE, reading + [model, model], ["named twice"]),
      (EX_USAGE, reading + ["--baseline", "nobody"], ["nobody", "as is"]),
      (EX_USAGE, reading + ["--into", "\(folder)/table.txt"], [".json"]),
      (EX_USAGE, reading + ["--restored", "median"], ["median", "="]),
      (EX_USAGE, ["benchmark", "--classifier", classifier, "--subset", "0"], ["at least one"]),
      (EX_DATAERR, reading + ["--restored", "a=\(folder)/none"], ["none", "--export"]),
      (EX_DATAERR, reading + ["--restored", "a=\(incomplete)"], ["up-down-flip-1.npy", "74 more"]),
      (
        EX_DATAERR, ["benchmark", "--classifier", classifier, "--subset", "13", "--restored", "a=\(sets)"],
        ["13 images", "12"]
      ),
      (EX_DATAERR, ["benchmark", "--export", "\(folder)/x", "--data", sets], [sets]),
    ] {
      try Tiddu.fail(status, arguments, saying: words)
    }
    #expect(Folder.kind(of: "\(folder)/x") == .absent && Folder.kind(of: "\(folder)/table.txt") == .absent)
  }
}
