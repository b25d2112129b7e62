import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// Models of two parts, with the tool alone.
@Suite(.enabled(if: Tiddu.isBuilt)) struct ModelTests {
  @Test func trainResumeRestore() throws {
    try withTemporaryFolder { folder in
      let model = "\(folder)/small"
      let options = ["--preset", "tiddu-small", "--subset", "96", "--epochs", "2", "--threads", "1"]
      let said = try Tiddu.succeed(["train", "--into", model] + options)
      #expect(said.contains("best.safetensors, of"))
      #expect(try Folder.names(in: model) == ["best.safetensors", "model.yaml", "orientation", "restoration"])
      let bytes = try Folder.read("\(model)/best.safetensors")

      // Broken off before the second part began, it goes on to the same bytes.
      try FileManager.default.removeItem(atPath: "\(model)/restoration")
      try FileManager.default.removeItem(atPath: "\(model)/best.safetensors")
      try Tiddu.succeed("train", "--resume", model)
      #expect(try Folder.read("\(model)/best.safetensors") == bytes)
      try Tiddu.fail(EX_USAGE, ["train", "--into", model] + options, saying: ["holds a run already", "--resume"])

      try Tiddu.fail(EX_USAGE, ["train", "--subset", "64", "--into", model], saying: ["holds a run already"])

      let summary = try Tiddu.succeed("summary", model)
      #expect(summary.contains("tiddu-small-restoration") && summary.contains("both parts: 810,529 parameters"))
      try Tiddu.succeed("data", "synthesize", "--count", "12", "--into", "\(folder)/digits.npz")
      try checkPredictions(model, folder)
    }
  }

  private func checkPredictions(_ model: String, _ folder: String) throws {
    let arguments = ["restore", model, "\(folder)/digits.npz", "--into", "\(folder)/out.npz"]
    let lines = try Tiddu.succeed(arguments + ["--explain"]).split(separator: "\n")
    #expect(lines.count == 13 && lines[0] == "image,undone,probability,restored,damage")
    #expect(lines.dropFirst().allSatisfy { ["none", "degraded", "occluded"].contains($0.split(separator: ",").last) })
    // Hardly trained, it is sure of next to nothing.
    let json = try Tiddu.succeed(arguments + ["--only-if-sure", "1", "--json"])
    let result = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let findings = try #require(result?["findings"] as? [[String: Any]])
    let unsure = findings.indices.filter { findings[$0]["probability"] as? Double != 1 }
    #expect(unsure.count >= 10 && result?["unchanged"] as? Int == unsure.count)
    #expect(unsure.allSatisfy { findings[$0]["restored"] as? Bool == false })
    let said = try Tiddu.succeed(arguments + ["--only-if-sure", "1"])
    #expect(
      said.contains(
        "\(unsure.count) left as they were: they needed nothing or the model was sure of them by less than 1.0"))
    let (before, after) = (try ImageSet.read("\(folder)/digits.npz"), try ImageSet.read("\(folder)/out.npz"))
    func image(_ number: Int, of set: ImageSet) -> ArraySlice<UInt8> {
      set.pixels[number * set.shape.size..<(number + 1) * set.shape.size]
    }
    #expect(unsure.allSatisfy { image($0, of: before).elementsEqual(image($0, of: after)) })
    let measured = try Tiddu.succeed("evaluate", model, "--subset", "40")
    #expect(measured.contains("expected calibration error"))
    try Tiddu.fail(EX_USAGE, arguments + ["--only-if-sure", "1.5"], saying: ["probability from 0 to 1"])
  }

  @Test func aModelThatFindsNoOrientations() throws {
    try WholeWayTests.withModel { folder, model in
      try Tiddu.succeed("data", "synthesize", "--count", "2", "--into", "\(folder)/a.npz")
      for option in [["--explain"], ["--only-if-sure", "0.5"]] {
        try Tiddu.fail(
          EX_USAGE, ["restore", model, "\(folder)/a.npz", "--into", "\(folder)/b.npz"] + option,
          saying: ["does not say what it undoes"])
      }
      #expect(Folder.kind(of: "\(folder)/b.npz") == .absent)
    }
  }

  @Test func optionsThatFitNoModelOfTwoParts() throws {
    try withTemporaryFolder { folder in
      for option in [["--bottleneck", "8"], ["--loss", "mse"], ["--l2", "0.1"]] {
        try Tiddu.fail(
          EX_USAGE, ["train", "--preset", "tiddu-best", "--into", "\(folder)/a"] + option, saying: ["Leave out"])
      }
      #expect(Folder.kind(of: "\(folder)/a") == .absent)
    }
  }
}
