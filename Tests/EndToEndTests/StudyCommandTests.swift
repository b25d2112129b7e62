import Foundation
import Support
import TestSupport
import Testing

/// What `tiddu search`, `show`, `best` and `export` say of studies, and what they refuse.
@Suite(.enabled(if: Tiddu.isBuilt)) struct StudyCommandTests {
  private static let small = """
    architectures:
      - dense: {layers: [2], neurons: [8]}
    epochs: 1

    """

  private func search(_ more: String, in folder: String) throws -> (study: String, result: Tiddu.Result) {
    try WholeFile.write(Self.small + more, to: "\(folder)/space.yaml")
    let study = "\(folder)/study.sqlite"
    return (study, try Tiddu.run("search", "\(folder)/space.yaml", "--subset", "100", "--into", study))
  }

  @Test func someTrialsFailed() throws {
    try withTemporaryFolder { folder in
      let (_, result) = try search("learning_rates: [0.001, 1.0e+30]", in: folder)
      #expect(result.status == 0)
      #expect(result.errors.contains("1 of 2 trials failed"), "\(result.errors)")
      #expect(result.errors.contains("--retry-failed"))
    }
  }

  @Test func lossesAreNotCompared() throws {
    try withTemporaryFolder { folder in
      let (study, result) = try search("losses: [bce, mse]", in: folder)
      let best = try Tiddu.succeed("search", "best", study)
      for text in [result.output, best, try Tiddu.succeed("search", "show", study)] {
        #expect(text.contains("the losses differ (bce, mse)") && text.contains("--metric val_accuracy"), "\(text)")
      }
      // The weights of the best of each.
      #expect(best.components(separatedBy: "weights: ").count == 3, "\(best)")
      let json =
        try JSONSerialization.jsonObject(
          with: Data(try Tiddu.succeed("search", "best", study, "--json").utf8)) as? [String: Any]
      #expect(json?["comparable"] as? Bool == false)
      #expect(try Tiddu.succeed("search", "best", study, "--metric", "val_accuracy").hasPrefix("best val_accuracy: "))
    }
  }

  /// An option that does nothing is an error.
  @Test func optionsWithoutEffect() throws {
    try withTemporaryFolder { folder in
      let (study, _) = try search("validation: none\nmetric: loss", in: folder)
      for verb in ["show", "best"] {
        try Tiddu.fail(
          64, ["search", verb, study, "--metric", "val_loss"], saying: [study, "has a val_loss", "loss, accuracy"])
      }
      #expect(try Tiddu.succeed("search", "show", study, "--metric", "accuracy").contains("best accuracy: "))
      for option in [["--metric", "loss"], ["--at", "last"], ["--at", "best"]] {
        try Tiddu.fail(
          64, ["search", "show", study, "--beside-report"] + option, saying: ["leave out --metric and --at"])
      }
      try Tiddu.fail(64, ["search", "export", study, "--epochs", "--format", "json"], saying: ["--epochs"])
      try Tiddu.fail(64, ["search", "export", study, "--epochs", "--into", "\(folder)/e.json"], saying: ["--epochs"])
    }
  }

  @Test func validationByThePartThatIsTrainedOn() throws {
    try withTemporaryFolder { folder in
      try WholeFile.write(Self.small + "validation: train", to: "\(folder)/space.yaml")
      try Tiddu.fail(
        64, ["search", "\(folder)/space.yaml", "--into", "\(folder)/study.sqlite"],
        saying: ["validates with the part train"])
      #expect(try Folder.names(in: folder) == ["space.yaml"])
    }
  }
}
