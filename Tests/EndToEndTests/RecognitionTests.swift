import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// Reading digits with the tool alone: train a classifier, classify, measure a corrector with it, draw the report's figures.
@Suite(.enabled(if: Tiddu.isBuilt)) struct RecognitionTests {
  /// A folder with a small dataset and the runs of a classifier and of a corrector, both quick.
  private struct Bench {
    let folder: String
    var data: String { "\(folder)/data" }
    var classifier: String { "\(folder)/classifier" }
    var model: String { "\(folder)/run" }

    init(_ folder: String) throws {
      self.folder = folder
      try Folder.create(data)
      for (part, count) in [("train", "160"), ("test", "40"), ("dig", "40")] {
        try Tiddu.succeed("data", "synthesize", "--part", part, "--count", count, "--into", "\(data)/\(part).npz")
      }
      try train("--bottleneck", "8", "--into", model)
      try train("--preset", "report-classifier", "--into", classifier)
    }

    func train(_ options: String...) throws {
      let result = try Tiddu.run(["train", "--data", data, "--epochs", "1", "--threads", "1"] + options)
      #expect(result.status == 0, "\(options): \(result.errors)")
    }
  }

  @Test func classifyMeasureDraw() throws {
    try withTemporaryFolder { folder in
      let bench = try Bench(folder)
      let history = String(decoding: try Folder.read("\(bench.classifier)/history.csv"), as: UTF8.self)
      #expect(history.hasPrefix("epoch,learning_rate,loss,accuracy,val_loss,val_accuracy,"))
      try classify(folder, bench.classifier, bench.model)
      let measured = try measure(bench)
      try draw(bench, measured)
      try refuse(folder, bench.classifier, bench.model)
    }
  }

  private func classify(_ folder: String, _ classifier: String, _ model: String) throws {
    let images = "\(folder)/test.csv"
    try Tiddu.succeed("data", "synthesize", "--count", "12", "--into", images)
    let csv = try Tiddu.succeed("classify", classifier, images, "--threads", "1").split(separator: "\n")
    #expect(csv.first == "image,label,p0,p1,p2,p3,p4,p5,p6,p7,p8,p9" && csv.count == 13)
    let fields = csv[3].split(separator: ",").compactMap { Double($0) }
    let probabilities = fields.dropFirst(2)
    #expect(fields[0] == 2 && abs(probabilities.reduce(0, +) - 1) < 1e-4)
    #expect(probabilities.firstIndex(of: probabilities.max() ?? 0) == 2 + Int(fields[1]))

    let json = try Tiddu.succeed("classify", classifier, images, "--json")
    let result = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect((result["images"] as? [Any])?.count == 12 && result["accuracy"] as? Double != nil)

    try Tiddu.succeed("classify", classifier, images, "--submission", "\(folder)/submission.csv")
    let submission = String(decoding: try Folder.read("\(folder)/submission.csv"), as: UTF8.self).split(separator: "\n")
    #expect(submission.first == "id,label" && submission.count == 13)
    #expect(
      submission.dropFirst().map { $0.split(separator: ",")[1] } == csv.dropFirst().map { $0.split(separator: ",")[1] })

    // With a corrector in front, what is read is what it gives.
    try Tiddu.succeed("restore", model, images, "--into", "\(folder)/restored.npz")
    let corrected = try Tiddu.succeed("classify", classifier, images, "--corrector", model)
    #expect(try Tiddu.succeed("classify", classifier, "\(folder)/restored.npz") == corrected)
  }

  /// The JSON file of a measuring.
  private func measure(_ bench: Bench) throws -> String {
    let options = [
      "evaluate", bench.model, "--classifier", bench.classifier, "--data", bench.data, "--subset", "40", "--threads",
      "1",
    ]
    let text = try Tiddu.run(options)
    #expect(text.status == 0, "\(text.errors)")
    for word in [
      "report, train", "trained on", "held out", "original, reconstructed", "recall", "occlusion", "by class",
    ] {
      #expect(text.output.contains(word), "\(word)")
    }
    let path = "\(bench.folder)/measured.json"
    try WholeFile.write(try Tiddu.run(options + ["--json"]).output, to: path)
    let result = try JSONSerialization.jsonObject(with: Data(try Folder.read(path))) as? [String: Any]
    let recognition = try #require(result?["recognition"] as? [String: Any])
    let tables = try #require(recognition["tables"] as? [[String: Any]])
    #expect(tables.map { $0["name"] as? String } == ["train", "test", "dig"])
    #expect(tables.map { $0["use"] as? String } == ["trained_on", "held_out", "validated_on"])
    #expect(tables.allSatisfy { ($0["rows"] as? [Any])?.count == 6 && $0["images"] as? Int == 40 })
    return path
  }

  private func draw(_ bench: Bench, _ measured: String) throws {
    let (penalized, figures) = ("\(bench.folder)/penalized", "\(bench.folder)/figures")
    try bench.train("--bottleneck", "8", "--l2", "0.01", "--penalize", "all", "--into", penalized)
    let draw = ["figure", "all", bench.model, "--data", bench.data, "--measured"]
    #expect(try Tiddu.run(draw + [measured, "--regularized", penalized, "--into", figures]).status == 0)
    let names = ["2", "3", "4", "6", "7", "8", "9-dig", "9-test", "9-train"].flatMap {
      ["figure-\($0).png", "figure-\($0).svg"]
    }
    #expect(try Folder.names(in: figures).sorted() == names + ["recognition.json", "recognition.txt"])
    func svg(_ name: String) throws -> String {
      String(decoding: try Folder.read("\(figures)/figure-\(name).svg"), as: UTF8.self)
    }
    #expect(try svg("4").contains("l2 0.01 on kernels, biases, activations"))
    #expect(try svg("6").contains("report-single") && svg("7").contains("report-multiple"))
    #expect(try svg("8").contains("multiple distorted,") && svg("9-test").contains("n = 40"))
    // What was measured can be drawn again from the folder's own file.
    let again = "\(bench.folder)/again"
    #expect(try Tiddu.run(draw + ["\(figures)/recognition.json", "--into", again]).status == 0)
    #expect(try Folder.read("\(again)/figure-8.png") == Folder.read("\(figures)/figure-8.png"))
  }

  private func refuse(_ folder: String, _ classifier: String, _ model: String) throws {
    let unlabelled = "\(folder)/unlabelled.npz"
    let set = TinyImages.ramp(count: 3, height: 28, width: 28, labels: false)
    try set.write(to: unlabelled)
    let small = "\(folder)/small.npz"
    try TinyImages.ramp(count: 3, height: 8, width: 8).write(to: small)
    let wrong = "\(folder)/wrong.npz"
    try ImageSet(shape: set.shape, pixels: set.pixels, labels: [0, 10, 1], name: "wrong", source: "made").write(
      to: wrong)
    for (status, arguments, words) in [
      (EX_USAGE, ["classify", model, unlabelled], ["names no classes"]),
      (EX_USAGE, ["restore", classifier, unlabelled, "--into", "\(folder)/x.npz"], ["restores no images"]),
      (EX_USAGE, ["evaluate", classifier], ["restores no images"]),
      (EX_USAGE, ["evaluate", model, "--classifier", model], ["names no classes"]),
      (EX_USAGE, ["classify", classifier, small], ["--resize"]),
      (EX_USAGE, ["classify", classifier, unlabelled, "--corrector", classifier], ["restores no images"]),
      (EX_DATAERR, ["evaluate", model, "--classifier", classifier, "--data", unlabelled], ["label"]),
      (EX_DATAERR, ["evaluate", model, "--classifier", classifier, "--data", wrong], ["image 1", "10"]),
      (EX_USAGE, ["train", "--preset", "report-classifier", "--data", unlabelled, "--validation", "none"], ["label"]),
      (EX_USAGE, ["train", "--preset", "report-final", "--loss", "cce"], ["softmax"]),
      (EX_OSERR, ["train", "--preset", "report-conv-8-4096-bce", "--batch-size", "65536"], ["GB", "--batch-size"]),
      (EX_USAGE, ["train", "--preset", "report-conv-2-32-bce", "--l2", "0.1"], ["dense"]),
      (EX_USAGE, ["train", "--preset", "report-final", "--penalize", "all"], ["--l1"]),
      (EX_USAGE, ["train", "--preset", "report-classifier", "--bottleneck", "3"], ["bottleneck"]),
      (
        EX_DATAERR, ["figure", "all", model, "--measured", "\(model)/config.yaml", "--into", "\(folder)/f"],
        ["config.yaml"]
      ),
      (EX_USAGE, ["figure", "all", "\(folder)/none", "--into", "\(folder)/f"], ["no run"]),
    ] {
      let into = arguments[0] == "train" ? ["--into", "\(folder)/refused"] : []
      try Tiddu.fail(status, arguments + into, saying: words)
    }
    #expect(Folder.kind(of: "\(folder)/refused") == .absent && Folder.kind(of: "\(folder)/f") == .absent)
  }
}
