import Foundation
import ImageSets
import NeuralNetworks
import Restoration
import Safetensors
import Support
import TestSupport
import Testing

@Suite struct CheckpointTests {
  @Test func roundTrip() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.safetensors"
      let checkpoint = try Small.checkpoint()
      try checkpoint.write(to: path)
      #expect(try Checkpoint.read(path) == checkpoint)
      #expect(try Checkpoint.open(path) == checkpoint)
      let network = try checkpoint.network(batchSize: 5)
      #expect(Checkpoint(of: network, plan: checkpoint.plan, epoch: 2) == checkpoint)
      let shapes = checkpoint.weights.mapValues(\.shape)
      #expect(
        shapes == [
          "dense/kernel": [64, 24], "dense/bias": [24], "dense_1/kernel": [24, 6], "dense_1/bias": [6],
          "dense_2/kernel": [6, 64], "dense_2/bias": [64],
        ])
    }
  }

  /// The `DataError` that reading the checkpoint ends with after `change`.
  private func error(
    sourceLocation: SourceLocation = #_sourceLocation, after change: (inout TensorFile) throws -> Void
  ) throws -> String {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.safetensors"
      try Small.checkpoint().write(to: path)
      var file = try TensorFile.read(path)
      try change(&file)
      try file.write(to: path)
      let error = #expect(throws: DataError.self, sourceLocation: sourceLocation) { try Checkpoint.read(path) }
      #expect(error?.file == path, sourceLocation: sourceLocation)
      return error?.description ?? ""
    }
  }

  private func error(replacing text: String, by other: String) throws -> String {
    try error { file in
      let training = try #require(file.metadata["training"])
      try #require(training.contains(text))
      file.metadata["training"] = training.replacingOccurrences(of: text, with: other)
    }
  }

  @Test func metadata() throws {
    #expect(try error { $0.metadata["version"] = "2" }.contains("a checkpoint of version 1, found version 2"))
    #expect(try error { $0.metadata["version"] = "3" }.contains("made by a newer tiddu than this one"))
    #expect(try error { $0.metadata["version"] = nil }.contains("version none"))
    #expect(try error { $0.metadata["epoch"] = "-1" }.contains("epoch: expected a number, found -1"))
    #expect(try error { $0.metadata["format"] = "pt" }.contains("found another safetensors file"))
    #expect(try error { $0.metadata = [:] }.contains("found another safetensors file"))
    #expect(try error { $0.metadata["training"] = "{" }.contains("expected a training plan"))
    #expect(
      try error(replacing: "\"units\":24", by: "\"units\":25").contains("dense/kernel: expected [64, 25] weights"))
    #expect(try error(replacing: "\"units\":24", by: "\"units\":-1").contains("layer dense of small: -1 units"))
    #expect(try error(replacing: "\"units\":24", by: "\"units\":1e99").contains("expected a training plan"))
    #expect(try error(replacing: "\"type\":\"reshape\"", by: "\"type\":\"loop\"").contains("\"loop\""))
    #expect(try error(replacing: "\"batch_size\":16", by: "\"batch_size\":99999").contains("found a batch of 99999"))
    #expect(try error(replacing: "\"sigma\":30", by: "\"sigma\":-30").contains("gaussian-noise.sigma"))
  }

  @Test func tensors() throws {
    #expect(try error { $0.tensors["dense/bias"] = nil }.contains("tensor dense/bias: expected [24] weights"))
    #expect(try error { $0.tensors["more"] = .init(shape: [1], values: [0]) }.contains("tensor more: expected only"))
    #expect(
      try error { $0.tensors["dense/bias"] = .init(shape: [24, 1], values: .init(repeating: 0, count: 24)) }
        .contains("found [24, 1]"))
    for value in [Float.nan, .infinity] {
      var values = [Float](repeating: 0, count: 24)
      values[23] = value
      #expect(
        try error { $0.tensors["dense/bias"] = .init(shape: [24], values: values) }.contains("not finite"))
    }
  }

  @Test func cutShort() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.safetensors"
      try Small.checkpoint().write(to: path)
      let bytes = try Folder.read(path)
      for length in stride(from: 0, to: bytes.count, by: 97) {
        try Data(bytes[..<length]).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: DataError.self, "\(length) bytes") { try Checkpoint.read(path) }
        #expect(error?.file == path)
      }
      #expect(throws: SystemError.self) { try Checkpoint.read("\(folder)/none.safetensors") }
      try Data("PNG, perhaps".utf8).write(to: URL(fileURLWithPath: path))
      #expect(throws: DataError.self) { try Checkpoint.read(path) }
    }
  }

  /// Any byte of the header replaced by any other: an error or a checkpoint, never a crash.
  @Test func mutations() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.safetensors"
      try Small.checkpoint().write(to: path)
      let bytes = try Folder.read(path)
      var generator = Philox(seed: 97)
      var refused = 0
      for _ in 0..<500 {
        var changed = bytes
        changed[8 + generator.integer(below: 3000)] = UInt8(0x20 + generator.integer(below: 0x5F))
        try Data(changed).write(to: URL(fileURLWithPath: path))
        do { _ = try Checkpoint.read(path) } catch is DataError { refused += 1 }
      }
      #expect(refused > 200)
    }
  }

  @Test func optimizersFileIsNoModel() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder("\(folder)/run")
      try Trainer(Small.plan(epochs: 1), training: Small.digits, into: run).run()
      let error = #expect(throws: DataError.self) { try Checkpoint.read(run.optimizer) }
      #expect(error?.description.contains("first_moment: expected only the weights of small") == true)
    }
  }

  @Test(.enabled(if: PythonJudge.isThere, PythonJudge.howToGet)) func pythonOpensARunsFiles() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder("\(folder)/run")
      try Trainer(Small.plan(epochs: 2), training: Small.digits, into: run).run()
      let program = """
        import json, sys
        from safetensors import safe_open
        with safe_open(sys.argv[1], "numpy") as file:
            metadata = file.metadata()
            plan = json.loads(metadata["training"])
            print(metadata["format"], metadata["version"], metadata["epoch"], plan["architecture"]["name"])
            print([layer["name"] for layer in plan["architecture"]["layers"]], plan["recipe"]["name"])
            if "history" in metadata:
                history = json.loads(metadata["history"])
                print(metadata["step"], [record["epoch"] for record in history["records"]])
            for name in sorted(file.keys()):
                tensor = file.get_tensor(name)
                print(name, tensor.dtype, tensor.shape, tensor.any())
        """
      let head = "tiddu 1 2 small\n['flatten', 'dense', 'dense_1', 'dense_2', 'reshape'] report-multiple\n"
      let shapes = [
        ("dense/bias", "(24,)"), ("dense/kernel", "(64, 24)"), ("dense_1/bias", "(6,)"), ("dense_1/kernel", "(24, 6)"),
        ("dense_2/bias", "(64,)"), ("dense_2/kernel", "(6, 64)"),
      ]
      func lines(_ suffixes: [String]) -> String {
        shapes.flatMap { name, shape in suffixes.map { "\(name)\($0) float32 \(shape) True" } }.joined(separator: "\n")
      }
      #expect(try PythonJudge.run(program, run.last) == head + lines([""]))
      #expect(
        try PythonJudge.run(program, run.optimizer)
          == head + "10 [1, 2]\n" + lines(["", ".first_moment", ".second_moment"]))
    }
  }
}
