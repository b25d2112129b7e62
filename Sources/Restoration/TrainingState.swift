import Foundation
import NeuralNetworks
import Safetensors
import Support

/// How far an epoch is that was broken off.
struct PartOfEpoch: Codable, Equatable {
  /// Done of the epoch's.
  var batches = 0
  /// Of these.
  var sums = LossSums()
  /// Of the last one.
  var learningRate: Double
  /// Spent on them.
  var seconds = 0.0

  /// Whether such numbers can have been written: sums of them overflow nothing.
  fileprivate var isSound: Bool {
    let most = 1 << 53
    return (0...most).contains(batches) && (0...most).contains(sums.correct) && (0...most).contains(sums.values)
      && (0...most).contains(sums.images)
  }
}

/// Where a run stands after an epoch, or within one: weights, the optimizer's moments and the history, in one file.
enum TrainingState {
  private static let suffixes = (first: ".first_moment", second: ".second_moment")

  static func write(
    _ network: Network, _ adam: Adam, plan: TrainingPlan, history: History, part: PartOfEpoch? = nil, to path: String
  ) throws {
    let parameters = network.parameters
    var metadata = try CheckpointMetadata.make(plan: plan, epoch: history.records.count)
    metadata["step"] = "\(adam.step)"
    metadata["history"] = String(decoding: try CheckpointMetadata.encoder.encode(history), as: UTF8.self)
    if let part { metadata["part"] = String(decoding: try CheckpointMetadata.encoder.encode(part), as: UTF8.self) }
    var tensors = parameters.tensors()
    tensors.merge(parameters.tensors(of: adam.firstMoments, suffix: suffixes.first)) { $1 }
    tensors.merge(parameters.tensors(of: adam.secondMoments, suffix: suffixes.second)) { $1 }
    try TensorFile(metadata: metadata, tensors: tensors).write(to: path)
  }

  /// Puts the network and the optimizer where they were.
  static func read(_ path: String, plan: TrainingPlan, into network: Network, _ adam: Adam) throws -> (
    history: History, part: PartOfEpoch?
  ) {
    let file = try TensorFile.read(path)
    let checkpoint = try Checkpoint(file, path: path)
    func damaged(_ place: String, expected: String, found: String) -> DataError {
      DataError(
        file: path, place: place, expected: expected, found: found,
        remedy: "The file is from another run or was changed; start a new run.")
    }
    var written = checkpoint.plan
    // The plan may have been given another end since.
    PlanChange(epochs: plan.epochs, patience: .some(plan.patience)).apply(to: &written)
    guard written == plan else {
      throw damaged("metadata, training", expected: "the plan in config.yaml", found: "another one")
    }
    var part: PartOfEpoch?
    if let text = file.metadata["part"] {
      part = try? JSONDecoder().decode(PartOfEpoch.self, from: Data(text.utf8))
      guard part?.isSound == true else {
        throw damaged("metadata, part", expected: "how far the epoch is", found: "something else")
      }
    }
    guard let text = file.metadata["history"],
      let history = try? JSONDecoder().decode(History.self, from: Data(text.utf8)),
      history.records.count == checkpoint.epoch, checkpoint.epoch > 0 || part != nil,
      zip(1..., history.records).allSatisfy({ $0 == $1.epoch })
    else { throw damaged("metadata, history", expected: "a record for each epoch", found: "something else") }
    let parameters = network.parameters
    for parameter in parameters.trainable {
      for suffix in [suffixes.first, suffixes.second] {
        let name = parameter.name + suffix
        guard file.tensors[name]?.shape == parameter.description.shape else {
          throw damaged(
            "tensor \(name)", expected: "\(parameter.description.shape) moments",
            found: file.tensors[name].map { "\($0.shape)" } ?? "none")
        }
      }
    }
    let step = try CheckpointMetadata.integer("step", in: file, path: path)
    guard step < 1 << 53 else { throw damaged("metadata, step", expected: "a number of steps", found: "\(step)") }
    adam.step = step
    parameters.load(file.tensors)
    parameters.load(file.tensors, into: adam.firstMoments, suffix: suffixes.first)
    parameters.load(file.tensors, into: adam.secondMoments, suffix: suffixes.second)
    return (history, part)
  }
}
