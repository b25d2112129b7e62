import Foundation
import Groundwork
import ImageSets
import TestSupport
import Testing

/// Reading digits with the tool alone: train a classifier, classify, measure a corrector with it, draw the report's figures.
@Suite(.enabled(if: Tiddu.isBuilt)) struct RecognitionTests {
  /// A folder with a classifier's run and a corrector's in it, both small and quick, on synthetic digits.
  private static func withModels(_ body: (_ folder: String, _ classifier: String, _ model: String) throws -> Void)
    throws
  {
    try WholeWayTests.withModel { folder, model in
      try Tiddu.succeed(
        "train", "--preset", "report-classifier", "--subset", "160", "--epochs", "1", "--validation", "none",
        "--threads", "1", "--into", "\(folder)/classifier")
      try body(folder, "\(folder)/classifier", model)
    }
  }

  @Test func classifyMeasureDraw() throws {
    try Self.withModels { folder, classifier, model in
      let history = String(decoding: try Folder.read("\(classifier)/history.csv"), as: UTF8.self)
      #expect(history.hasPrefix("epoch,learning_rate,loss,accuracy,val_loss,val_accuracy,"))
      try classify(folder, classifier, model)
      let measured = try measure(folder, classifier, model)
      try draw(folder, model, measured)
      try refuse(folder, classifier, model)
    }
  }

  private func classify(_ folder: String, _ classifier: String, _ model: String) throws {
    let pictures = "\(folder)/test.csv"
    try Tiddu.succeed("data", "synthesize", "--count", "12", "--into", pictures)
    let csv = try Tiddu.succeed("classify", classifier, pictures, "--threads", "1").split(separator: "\n")
    #expect(csv.first == "picture,label,p0,p1,p2,p3,p4,p5,p6,p7,p8,p9" && csv.count == 13)
    let fields = csv[3].split(separator: ",").compactMap { Double($0) }
    let probabilities = fields.dropFirst(2)
    #expect(fields[0] == 2 && abs(probabilities.reduce(0, +) - 1) < 1e-4)
    #expect(probabilities.firstIndex(of: probabilities.max() ?? 0) == 2 + Int(fields[1]))

    let json = try Tiddu.succeed("classify", classifier, pictures, "--json")
    let result = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect((result["pictures"] as? [Any])?.count == 12 && result["accuracy"] as? Double != nil)

    try Tiddu.succeed("classify", classifier, pictures, "--submission", "\(folder)/submission.csv")
    let submission = String(decoding: try Folder.read("\(folder)/submission.csv"), as: UTF8.self).split(separator: "\n")
    #expect(submission.first == "id,label" && submission.count == 13)
    #expect(
      submission.dropFirst().map { $0.split(separator: ",")[1] } == csv.dropFirst().map { $0.split(separator: ",")[1] })

    // With a corrector in front, what is read is what it gives.
    try Tiddu.succeed("restore", model, pictures, "--into", "\(folder)/restored.npz")
    let corrected = try Tiddu.succeed("classify", classifier, pictures, "--corrector", model)
    #expect(try Tiddu.succeed("classify", classifier, "\(folder)/restored.npz") == corrected)
  }

  /// The JSON file of a measuring.
  private func measure(_ folder: String, _ classifier: String, _ model: String) throws -> String {
    let options = ["evaluate", model, "--classifier", classifier, "--subset", "40", "--threads", "1"]
    let text = try Tiddu.run(options)
    #expect(text.status == 0, "\(text.errors)")
    for word in [
      "report, train", "trained on", "held out", "original, reconstructed", "recall", "occlusion", "by class",
    ] {
      #expect(text.output.contains(word), "\(word)")
    }
    let path = "\(folder)/measured.json"
    try WholeFile.write(try Tiddu.run(options + ["--json"]).output, to: path)
    let result = try JSONSerialization.jsonObject(with: Data(try Folder.read(path))) as? [String: Any]
    let recognition = try #require(result?["recognition"] as? [String: Any])
    let tables = try #require(recognition["tables"] as? [[String: Any]])
    #expect(tables.map { $0["name"] as? String } == ["train", "test", "dig"])
    #expect(tables.map { $0["use"] as? String } == ["trained_on", "held_out", "held_out"])
    #expect(tables.allSatisfy { ($0["rows"] as? [Any])?.count == 6 && $0["pictures"] as? Int == 40 })
    return path
  }

  private func draw(_ folder: String, _ model: String, _ measured: String) throws {
    try Tiddu.succeed(
      "train", "--subset", "64", "--epochs", "1", "--bottleneck", "8", "--l2", "0.01", "--penalize", "all", "--into",
      "\(folder)/penalized")
    let figures = "\(folder)/figures"
    try Tiddu.succeed(
      "figure", "all", model, "--measured", measured, "--regularized", "\(folder)/penalized", "--into", figures)
    let names = ["2", "3", "4", "6", "7", "8", "9-dig", "9-test", "9-train"].flatMap {
      ["figure-\($0).png", "figure-\($0).svg"]
    }
    #expect(try Folder.names(in: figures).sorted() == names + ["recognition.json", "recognition.txt"])
    func svg(_ name: String) throws -> String {
      String(decoding: try Folder.read("\(figures)/figure-\(name).svg"), as: UTF8.self)
    }
    #expect(try svg("4").contains("l2 0.01 on kernels, biases, activations"))
    #expect(try svg("6").contains("report-single") && svg("7").contains("report-multiple"))
    #expect(try svg("8").contains("multiple distorted, dig") && svg("9-test").contains("n = 40"))
    // What was measured can be drawn again from the folder's own file.
    try Tiddu.succeed(
      "figure", "all", model, "--measured", "\(figures)/recognition.json", "--into", "\(folder)/again")
    #expect(try Folder.read("\(folder)/again/figure-8.png") == Folder.read("\(figures)/figure-8.png"))
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
      (EX_USAGE, ["restore", classifier, unlabelled, "--into", "\(folder)/x.npz"], ["restores no pictures"]),
      (EX_USAGE, ["evaluate", classifier], ["restores no pictures"]),
      (EX_USAGE, ["evaluate", model, "--classifier", model], ["names no classes"]),
      (EX_USAGE, ["classify", classifier, small], ["--resize"]),
      (EX_USAGE, ["classify", classifier, unlabelled, "--corrector", classifier], ["restores no pictures"]),
      (EX_DATAERR, ["evaluate", model, "--classifier", classifier, "--data", unlabelled], ["label"]),
      (EX_DATAERR, ["evaluate", model, "--classifier", classifier, "--data", wrong], ["picture 1", "10"]),
      (EX_DATAERR, ["train", "--preset", "report-classifier", "--data", wrong, "--validation", "none"], ["picture 1"]),
      (
        EX_DATAERR, ["train", "--preset", "report-classifier", "--data", unlabelled, "--validation", "none"], ["label"]
      ),
      (EX_USAGE, ["train", "--preset", "report-final", "--loss", "cce"], ["softmax"]),
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
