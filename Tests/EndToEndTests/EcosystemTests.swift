import Foundation
import Support
import TestSupport
import Testing

/// What TensorBoard and Optuna read of what commands write.
@Suite(.enabled(if: Tiddu.isBuilt)) struct EcosystemTests {
  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// By epoch.
  private func curve(_ tag: String, of board: [String: Any]) -> [Int: Double] {
    let points = (board["curves"] as? [String: [[Double]]])?[tag] ?? []
    return Dictionary(uniqueKeysWithValues: points.map { (Int($0[0]), $0[1]) })
  }

  @Test(
    "TensorBoard reads a run, and its going on", .enabled(if: EcosystemJudge.isThere, EcosystemJudge.howToGet))
  func tensorBoard() throws {
    try withTemporaryFolder { folder in
      let (run, boards) = ("\(folder)/small", "\(folder)/boards")
      try Tiddu.succeed(
        "train", "--subset", "120", "--epochs", "2", "--preset", "report-dense-3-32-bce", "--validation", "0.2",
        "--into", run, "--tensorboard", boards)
      try Tiddu.succeed("train", "--resume", run, "--epochs", "3", "--tensorboard", boards)
      let board = try object(EcosystemJudge.run("tensorboard_run.py", "\(boards)/small"))
      let rows = String(decoding: try Folder.read("\(run)/history.csv"), as: UTF8.self).split(separator: "\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
      for (column, tag) in [
        ("loss", "loss/train"), ("binary_accuracy", "binary_accuracy/train"), ("val_loss", "loss/validation"),
        ("val_binary_accuracy", "binary_accuracy/validation"), ("learning_rate", "learning_rate"),
      ] {
        let place = try #require(rows[0].firstIndex(of: column), "\(rows[0])")
        let curve = curve(tag, of: board)
        #expect(curve.count == 3)
        for row in rows.dropFirst() {
          let (wanted, found) = try (#require(Double(row[place])), #require(curve[Int(row[0]) ?? 0]))
          #expect(abs(wanted - found) < 1e-6, "\(tag), epoch \(row[0])")
        }
      }
      #expect(curve("images_per_second", of: board).values.allSatisfy { $0 > 0 })
      #expect((board["pictures"] as? [String: [Int]])?["images"] == [1, 2, 3])
      let settings = try #require(board["settings"] as? [String: Any])
      #expect(settings["model"] as? String == "report-dense-3-32-bce" && settings["batch_size"] as? Double == 32)
      #expect((board["metrics"] as? [String])?.contains("loss/validation") == true && board["end"] as? Int == 1)
    }
  }

  /// The weights are those of a run that nobody watches.
  @Test func watchingChangesNothing() throws {
    try withTemporaryFolder { folder in
      let train = ["train", "--subset", "90", "--epochs", "2", "--preset", "report-dense-3-32-mse"]
      try Tiddu.succeed(train + ["--into", "\(folder)/a"])
      try Tiddu.succeed(train + ["--into", "\(folder)/b", "--tensorboard", "\(folder)/boards"])
      #expect(try Folder.read("\(folder)/a/last.safetensors") == Folder.read("\(folder)/b/last.safetensors"))
      let two = ["train", "--preset", "tiddu-small", "--synthetic", "0", "--subset", "64", "--epochs", "1"]
      try Tiddu.succeed(two + ["--into", "\(folder)/two", "--tensorboard", "\(folder)/boards"])
      #expect(try Folder.names(in: "\(folder)/boards/two").sorted() == ["orientation", "restoration"])
      try WholeFile.write("a file", to: "\(folder)/file")
      try Tiddu.fail(
        74, train + ["--into", "\(folder)/c", "--tensorboard", "\(folder)/file/below"], saying: ["file/below"])
    }
  }

  @Test(
    "TensorBoard and Optuna read a search", .enabled(if: EcosystemJudge.isThere, EcosystemJudge.howToGet))
  func search() throws {
    try withTemporaryFolder { folder in
      let (space, study) = ("\(folder)/space.yaml", "\(folder)/study.sqlite")
      try WholeFile.write(
        """
        name: small
        strategy: {random: {trials: 6}}
        architectures: [{dense: {layers: [2, 3], neurons: [8, 16]}}]
        learning_rates: {from: 0.0005, to: 0.01}
        epochs: 3
        """, to: space)
      try Tiddu.succeed(
        "search", space, "--subset", "200", "--into", study, "--tensorboard", "\(folder)/boards")
      let exported = try object(Tiddu.succeed("search", "export", study, "--format", "json"))
      let trials = try #require(exported["trials"] as? [[String: Any]])
      #expect(try Folder.names(in: "\(folder)/boards").count == trials.count)
      let name = try #require(try Folder.names(in: "\(folder)/boards").min())
      let board = try object(EcosystemJudge.run("tensorboard_run.py", "\(folder)/boards/\(name)"))
      #expect(curve("loss/train", of: board).count == 3 && curve("best/val_loss", of: board).count == 1)

      try Tiddu.succeed("search", "export", study, "--into", "\(folder)/optuna.db")
      let optuna = try object(EcosystemJudge.run("optuna_study.py", "\(folder)/optuna.db"))
      #expect(optuna["name"] as? String == "small" && optuna["direction"] as? String == "MINIMIZE")
      let found = try #require(optuna["trials"] as? [[String: Any]])
      #expect(found.count == trials.count)
      for (one, other) in zip(found, trials) {
        let trial = try #require(other["trial"] as? [String: Any])
        let settings = try #require(one["params"] as? [String: Any])
        #expect(settings["model"] as? String == trial["model"] as? String)
        #expect(settings["learning_rate"] as? Double == trial["learning_rate"] as? Double)
        #expect(settings["batch_size"] as? Int == 32 && one["state"] as? String == "COMPLETE")
        let epochs = try #require(other["epochs"] as? [[String: Any]])
        let last = try #require(epochs.last?["val_loss"] as? Double)
        #expect((one["values"] as? [String: Double])?["3"] == last)
      }
    }
  }

  @Test func optunasFileIsNoStudy() throws {
    try withTemporaryFolder { folder in
      let (space, study, other) = ("\(folder)/space.yaml", "\(folder)/study.sqlite", "\(folder)/optuna.db")
      try WholeFile.write("name: a\narchitectures: [report-dense-3-8-bce]\nepochs: 1", to: space)
      try Tiddu.succeed("search", space, "--subset", "64", "--into", study)
      try Tiddu.succeed("search", "export", study, "--into", other)
      try Tiddu.fail(65, ["search", "show", other], saying: [other, "another SQLite database"])
      try Tiddu.fail(64, ["search", "export", study, "--format", "optuna"], saying: ["--into"])
      try Tiddu.fail(64, ["search", "export", study, "--format", "optuna", "--into", study], saying: ["itself"])
      try Tiddu.fail(64, ["search", "export", study, "--epochs", "--into", other], saying: ["--epochs"])
      try Tiddu.succeed("search", "show", study)
    }
  }

  @Test func importingSaysWhatIsWrong() throws {
    try withTemporaryFolder { folder in
      let golden = "\(Repository.root)/Tests/Golden"
      let (into, names) = ("\(folder)/a.safetensors", "\(folder)/names.yaml")
      let keras = "\(golden)/keras-chain.keras"
      #expect(try Tiddu.succeed("import", keras, "--into", into).contains("389 weights"))
      #expect(try Tiddu.succeed("summary", into).contains("389"))
      try Tiddu.fail(64, ["import", "\(golden)/pytorch-chain.safetensors", "--into", into], saying: ["--model"])
      try Tiddu.fail(64, ["import", keras, "--into", "\(folder)/a.bin"], saying: [".safetensors"])
      try Tiddu.fail(64, ["import", keras, "--into", into, "--names", names], saying: ["--names"])
      try Tiddu.fail(
        65, ["import", "\(golden)/pytorch-chain.safetensors", "--model", "report-final", "--into", into],
        saying: ["pytorch-chain.safetensors", "dense"])
      try Tiddu.fail(
        65, ["import", "\(golden)/pytorch-modules.safetensors", "--model", "report-final", "--into", into],
        saying: ["encode", "--names"])
      try WholeFile.write("dense_9: encode", to: names)
      try Tiddu.fail(
        64,
        [
          "import", "\(golden)/pytorch-modules.safetensors", "--model", "report-final", "--names", names, "--into",
          into,
        ],
        saying: ["dense_9"])
      try Tiddu.fail(
        64, ["import", "\(golden)/keras-graph.keras", "--into", into, "--classes", "a,b"], saying: ["2 classes"])
      try Tiddu.fail(64, ["export", "tiddu-small", "--into", "\(folder)/a.keras"], saying: ["two parts"])
      try Tiddu.fail(64, ["import", keras, "--model", "tiddu-small", "--into", into], saying: ["two parts"])
      try Tiddu.fail(65, ["import", into, "--model", "report-final", "--into", into], saying: ["Tiddu's"])
    }
  }
}
