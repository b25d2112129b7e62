import Foundation
import NeuralNetworks
import Safetensors
import Support

/// A trained network as a file: weights by layer name, and in the metadata the plan that they were trained by, which
/// holds the architecture. Safetensors; `Documentation/Files.md` describes it.
package struct Checkpoint: Equatable, Sendable {
  /// Of the file's metadata; others are refused.
  package static let version = "1"

  package var plan: TrainingPlan
  /// Epochs that the weights have seen.
  package var epoch: Int
  /// "dense_1/kernel" (inputs, outputs), "dense_1/bias" (outputs)
  package var weights: [String: Safetensors.Tensor]

  package var architecture: Architecture { plan.architecture }

  /// The weights as they are now.
  package init(of network: Network, plan: TrainingPlan, epoch: Int) {
    self.plan = plan
    self.epoch = epoch
    weights = network.parameters.tensors()
  }

  /// - Throws: `SystemError` when the file cannot be read; `DataError` when it is no checkpoint, cut short, of another
  ///   version, or its weights are not those of its architecture.
  package static func read(_ path: String) throws -> Checkpoint {
    try Checkpoint(only: TensorFile.read(path), path: path)
  }

  /// Of a file that holds nothing else; throws what `read` throws.
  init(only file: TensorFile, path: String) throws {
    try self.init(file, path: path)
    if let extra = file.tensors.keys.filter({ weights[$0] == nil }).min() {
      throw DataError(
        file: path, place: "tensor \(extra)", expected: "only the weights of \(architecture.name)", found: "more",
        remedy: "Name a checkpoint, such as best.safetensors or last.safetensors in a run's folder.")
    }
  }

  /// A checkpoint's file, the best one of a run's folder, or one of `ShippedModels.names`.
  package static func open(_ path: String) throws -> Checkpoint {
    try read(ShippedModels.file(of: path))
  }

  init(_ file: TensorFile, path: String) throws {
    self.plan = try CheckpointMetadata.plan(in: file, path: path)
    self.epoch = try CheckpointMetadata.integer("epoch", in: file, path: path)
    weights = [:]
    for (name, shape) in try Self.expectedShapes(by: plan, path: path) {
      guard let tensor = file.tensors[name], tensor.shape == shape, tensor.values.allSatisfy(\.isFinite) else {
        let found = file.tensors[name].map { $0.shape == shape ? "numbers that are not finite" : "\($0.shape)" }
        throw DataError(
          file: path, place: "tensor \(name)", expected: "\(shape) weights for \(plan.architecture.name)",
          found: found ?? "none",
          remedy: "The file was changed, or made for another architecture; train again or fetch it anew.")
      }
      weights[name] = tensor
    }
  }

  /// Throws `SystemError`.
  package func write(to path: String) throws {
    try file().write(to: path)
  }

  func file() throws -> TensorFile {
    TensorFile(metadata: try CheckpointMetadata.make(plan: plan, epoch: epoch), tensors: weights)
  }

  /// A network with these weights, laid out for batches of `batchSize`.
  package func network(batchSize: Int) throws -> Network {
    let network = try Network(architecture, batchSize: batchSize, seed: plan.seed, convolution: plan.convolution)
    network.parameters.load(weights)
    return network
  }

  private static func expectedShapes(by plan: TrainingPlan, path: String) throws -> [(String, [Int])] {
    do {
      try plan.validate()
      return try zip(plan.architecture.layers, plan.architecture.shapes()).flatMap { named, shapes in
        named.layer.parameters(for: shapes.inputs).map { ("\(named.name)/\($0.name)", $0.shape) }
      }
    } catch let error as UsageError {
      throw DataError(
        file: path, place: "metadata", expected: "a plan that can be trained", found: error.problem,
        remedy: "The file was changed; fetch or train it again.")
    }
  }
}

/// The texts that every file of ours carries.
package enum CheckpointMetadata {
  static func make(plan: TrainingPlan, epoch: Int) throws -> [String: String] {
    [
      "format": "tiddu", "version": Checkpoint.version, "epoch": "\(epoch)",
      "training": String(decoding: try encoder.encode(plan), as: UTF8.self),
    ]
  }

  static func plan(in file: TensorFile, path: String) throws -> TrainingPlan {
    guard file.metadata["format"] == "tiddu", let training = file.metadata["training"] else {
      throw DataError(
        file: path, place: "metadata", expected: "a checkpoint made by tiddu train", found: "another safetensors file",
        remedy:
          "Name a file such as best.safetensors in a run's folder; weights of other programs become one by tiddu import."
      )
    }
    guard let version = file.metadata["version"], version == Checkpoint.version else {
      throw DataError(
        file: path, place: "metadata", expected: "a checkpoint of version \(Checkpoint.version)",
        found: "version \(file.metadata["version"] ?? "none")",
        remedy: remedy(
          forVersion: file.metadata["version"].flatMap(Int.init), newest: Model.newestVersion,
          otherwise: "or train it again with this one"))
    }
    do {
      return try JSONDecoder().decode(TrainingPlan.self, from: Data(training.utf8))
    } catch {
      throw DataError(
        file: path, place: "metadata, training", expected: "a training plan", found: explain(error),
        remedy: "The file was changed, or made by another tiddu; train it again with this one.")
    }
  }

  static func integer(_ key: String, in file: TensorFile, path: String) throws -> Int {
    guard let value = file.metadata[key].flatMap(Int.init), value >= 0 else {
      throw DataError(
        file: path, place: "metadata, \(key)", expected: "a number", found: file.metadata[key] ?? "nothing",
        remedy: "The file was changed; train again.")
    }
    return value
  }

  package static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}

extension Parameters {
  /// Every parameter, row-major, by name.
  package func tensors() -> [String: Safetensors.Tensor] { tensors(of: all) { read($0) } }

  /// What an optimizer keeps of each parameter that it changes, by name with `suffix` behind.
  func tensors(of arena: FloatBuffer, suffix: String) -> [String: Safetensors.Tensor] {
    tensors(of: trainable, suffix: suffix) { read($0, from: arena) }
  }

  private func tensors(of parameters: [Parameter], suffix: String = "", read: (Parameter) -> [Float])
    -> [String: Safetensors.Tensor]
  {
    Dictionary(
      uniqueKeysWithValues: parameters.map {
        ($0.name + suffix, Safetensors.Tensor(shape: $0.description.shape, values: read($0)))
      })
  }

  /// Fills them from such tensors, whose shapes have been checked.
  func load(_ tensors: [String: Safetensors.Tensor]) {
    for parameter in all {
      if let tensor = tensors[parameter.name] { write(tensor.values, to: parameter) }
    }
  }

  /// Fills an arena from such tensors, whose shapes have been checked.
  func load(_ tensors: [String: Safetensors.Tensor], into arena: FloatBuffer, suffix: String) {
    for parameter in trainable {
      if let tensor = tensors[parameter.name + suffix] { write(tensor.values, to: parameter, in: arena) }
    }
  }
}
