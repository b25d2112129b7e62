import ImageSets
import Interchange
import NeuralNetworks
import Restoration
import Safetensors
import Support
import TestSupport
import Testing

private typealias Tensor = Safetensors.Tensor

/// Models of Keras' and PyTorch's that `Tools/golden/frameworks.py` saved.
@Suite struct FrameworkTests {
  private static func file(_ name: String) -> String { "\(Repository.root)/Tests/Golden/\(name)" }

  /// A network that makes of the golden input the golden output.
  private func expectSame(_ checkpoint: Checkpoint, as name: String) throws {
    let golden = try Golden.load("frameworks")
    let input = try golden.tensor("\(name)/input")
    let network = try checkpoint.network(batchSize: input.shape[0])
    let program = try network.program(batch: input.shape[0], mode: .inference)
    _ = program.input.update(fromContentsOf: input.values)
    try program.forward()
    expectClose(Array(program.output), try golden["\(name)/output"], relative: 1e-5, name)
  }

  private static func plan(_ architecture: Architecture) throws -> TrainingPlan {
    let shape = ImageSet.Shape(
      height: architecture.input[0], width: architecture.input[1], channels: architecture.input[2])
    let data = DataDescription(shape: shape, classes: ["a", "b", "c"])
    return try #require(try TrainingPlan(naturalFor: architecture, data))
  }

  @Test(arguments: ["keras-graph", "keras-chain"]) func wholeKerasModels(_ name: String) throws {
    let path = Self.file("\(name).keras")
    let architecture = try KerasWeights.architecture(in: path)
    try expectSame(KerasWeights.read(path, into: Self.plan(architecture)), as: name)
  }

  @Test func kerasWeightsAlone() throws {
    let plan = try Self.plan(KerasWeights.architecture(in: Self.file("keras-graph.keras")))
    try expectSame(KerasWeights.read(Self.file("keras-graph.weights.h5"), into: plan), as: "keras-graph")
  }

  static let chain = Architecture(
    name: "chain", input: [5, 4, 1],
    layers: [
      Flatten(), Dense(units: 11, activation: .relu), Dense(units: 20, activation: .sigmoid), Reshape([5, 4, 1]),
    ])

  static let modules = Architecture(
    name: "modules", input: [6, 4, 1],
    layers: [
      Convolution2D(filters: 3, padding: .same), BatchNormalization(), ActivationLayer(.relu), MaxPooling2D(),
      Flatten(), Dense(units: 7, activation: .relu), Dense(units: 18), BatchNormalization(), Reshape([3, 2, 3]),
      TransposedConvolution2D(filters: 1, kernelSize: 2, strides: 2, activation: .sigmoid),
    ])

  static let moduleNames = """
    conv2d: down
    batch_normalization: norm
    dense: encode
    dense_1: decode
    batch_normalization_1: norm2
    conv2d_transpose: up
    """

  @Test func modulesByNumber() throws {
    let read = try PyTorchWeights.read(Self.file("pytorch-chain.safetensors"), into: [Self.plan(Self.chain)])
    try expectSame(read[0], as: "pytorch-chain")
  }

  @Test func modulesByNames() throws {
    try withTemporaryFolder { folder in
      try WholeFile.write(Self.moduleNames, to: "\(folder)/names.yaml")
      let names = try ModuleNames(contentsOf: "\(folder)/names.yaml")
      let path = Self.file("pytorch-modules.safetensors")
      let read = try PyTorchWeights.read(path, into: [Self.plan(Self.modules)], names: names)
      try expectSame(read[0], as: "pytorch-modules")
    }
  }

  /// Names that say nothing of the order are not guessed.
  @Test func modulesWithoutNames() throws {
    let error = #expect(throws: DataError.self) {
      try PyTorchWeights.read(Self.file("pytorch-modules.safetensors"), into: [Self.plan(Self.modules)])
    }
    #expect(error?.found.contains("encode") == true && error?.remedy.contains("--names") == true)
  }

  // MARK: - Out and back

  @Test(arguments: UInt64(1)...30) func roundTrips(seed: UInt64) throws {
    let network = try RandomNetwork.classifier(seed: seed)
    try withTemporaryFolder { folder in
      for ending in ["weights.h5", "keras"] {
        let path = "\(folder)/a.\(ending)"
        try KerasWeights.write(network, to: path)
        #expect(try KerasWeights.read(path, into: network.plan).weights == network.weights)
      }
      let read = try KerasWeights.architecture(in: "\(folder)/a.keras")
      #expect(read.layers.map(\.name) == network.architecture.layers.map(\.name))
      #expect(try read.shapes().map(\.output) == network.architecture.shapes().map(\.output))
      let path = "\(folder)/a.safetensors"
      do { try PyTorchWeights.write(Model(network), to: path) } catch let error as UsageError {
        // Random networks see images as other images, too.
        return #expect(error.problem.contains("reshape"))
      }
      #expect(try PyTorchWeights.read(path, into: [network.plan])[0].weights == network.weights)
    }
  }

  @Test func modelsOfTwoParts() throws {
    try withTemporaryFolder { folder in
      let model = try Model.open("tiddu-small")
      let path = "\(folder)/a.safetensors"
      try PyTorchWeights.write(model, to: path)
      let parts = try PyTorchWeights.read(path, into: model.plans)
      #expect(parts.map(\.weights) == model.parts.map(\.weights))
      var file = try TensorFile.read(path)
      file.tensors["other.weight"] = Tensor(shape: [1], values: [1])
      try file.write(to: path)
      let error = #expect(throws: DataError.self) { try PyTorchWeights.read(path, into: model.plans) }
      #expect(error?.place == "tensor other.weight")
    }
  }

  // MARK: - What does not fit

  /// Each that is missing, too many or of another shape is named with what was expected.
  @Test func faultsAreNamed() throws {
    try withTemporaryFolder { folder in
      let plan = try Self.plan(Self.chain)
      var file = try TensorFile.read(Self.file("pytorch-chain.safetensors"))
      file.tensors["1.bias"] = nil
      file.tensors["3.weight"] = Tensor(shape: [2, 2], values: [1, 2, 3, 4])
      file.tensors["3.extra"] = Tensor(shape: [1], values: [1])
      file.tensors["3.bias"] = Tensor(shape: [20], values: .init(repeating: .nan, count: 20))
      let path = "\(folder)/a.safetensors"
      try file.write(to: path)
      let error = try #require(throws: DataError.self) { try PyTorchWeights.read(path, into: [plan]) }
      for words in [
        "1.bias (11) of layer dense is missing", "3.weight has the shape (2, 2), and layer dense_1 wants (20, 11)",
        "3.extra (1) belongs to no layer", "3.bias has numbers that are not finite",
      ] { #expect(error.found.contains(words), "\(error.found)") }
      let keras = try #require(throws: DataError.self) {
        try KerasWeights.read(Self.file("keras-graph.weights.h5"), into: plan)
      }
      for words in ["layers/dense/vars/0", "layers/conv2d/vars/1", "layer dense_1 wants", "belongs to no layer"] {
        #expect(keras.found.contains(words), "\(keras.found)")
      }
    }
  }

  @Test func strangersInKerasFiles() throws {
    func model(_ layer: String) -> [UInt8] {
      Array(
        """
        {"class_name": "Sequential", "config": {"name": "a", "layers": [
          {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [null, 4, 4, 1]}}, \(layer)]}}
        """.utf8)
    }
    let strange = [
      #"{"class_name": "LSTM", "config": {"name": "x"}}"#: "LSTM",
      #"{"class_name": "Dense", "config": {"name": "x", "units": 1.5}}"#: "units",
      #"{"class_name": "Conv2D", "config": {"name": "x", "filters": 2, "kernel_size": [3, 2]}}"#: "kernel_size",
      #"{"class_name": "Conv2D", "config": {"name": "x", "filters": 2, "use_bias": false}}"#: "use_bias",
      #"{"class_name": "Conv2D", "config": {"name": "x", "filters": 1e300}}"#: "filters",
      #"{"class_name": "Conv2D", "config": {"name": "x", "filters": -1}}"#: "filters",
      #"{"class_name": "Conv2D", "config": {"name": "x", "filters": 2, "dilation_rate": [2, 2]}}"#: "dilation_rate",
      #"{"class_name": "Conv2D", "config": {"name": "x", "filters": 2, "data_format": "channels_first"}}"#:
        "data_format",
      #"{"class_name": "Reshape", "config": {"name": "x", "target_shape": [9223372036854775807, 4]}}"#: "layer x",
      #"{"class_name": "ZeroPadding2D", "config": {"name": "x", "padding": [[1], 2]}}"#: "padding",
      #"{"class_name": "Activation", "config": {"name": "x", "activation": "gelu"}}"#: "activation",
      #"{"class_name": "InputLayer", "config": {"name": "b", "batch_shape": [null, 4]}}"#: "layer b",
    ]
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.keras"
      for (layer, words) in strange {
        try WholeFile.write(ZipArchive.bytes(of: [(name: "config.json", bytes: model(layer))], path: path), to: path)
        let error = try #require(throws: DataError.self) { try KerasWeights.architecture(in: path) }
        #expect("\(error)".contains(words), "\(error)")
      }
      for bytes in [[], Array("{}".utf8), Array("[1, 2".utf8), model(#"{"class_name": 3}"#)] {
        try WholeFile.write(ZipArchive.bytes(of: [(name: "config.json", bytes: bytes)], path: path), to: path)
        #expect(throws: DataError.self) { try KerasWeights.architecture(in: path) }
      }
    }
  }

  /// HDF5's library is not made for damaged files: here it may break down, and nothing else does.
  @Test func damagedHDF5() throws {
    let plan = try Self.plan(KerasWeights.architecture(in: Self.file("keras-graph.keras")))
    let whole = try Folder.read(Self.file("keras-graph.weights.h5"))
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.weights.h5"
      func read(_ bytes: [UInt8]) throws {
        try WholeFile.write(bytes, to: path)
        _ = try KerasWeights.read(path, into: plan)
      }
      for length in [0, 1, 8, 100, 2048, whole.count / 2, whole.count - 1] {
        #expect(throws: DataError.self) { try read(Array(whole[..<length])) }
      }
      var other = whole
      // The version of the superblock.
      other[8] = 9
      #expect(throws: DataError.self) { try read(other) }
      var generator = Philox(seed: 1, purpose: .general)
      for _ in 0..<200 {
        var damaged = whole
        for _ in 0..<4 {
          damaged[Int(generator.uniform() * Float(damaged.count))] = UInt8(truncatingIfNeeded: generator.next())
        }
        do { try read(damaged) } catch is DataError {}
      }
    }
  }
}
