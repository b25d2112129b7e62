import NeuralNetworks
import Restoration
import Safetensors
import Support

typealias Tensor = Safetensors.Tensor

/// A layer that has weights.
struct WeightedLayer {
  var name: String
  /// Its place among the architecture's layers.
  var number: Int
  var layer: any Layer
  var parameters: [ParameterDescription]
}

extension Architecture {
  /// In the order in which images come through them.
  func weightedLayers() throws -> [WeightedLayer] {
    try zip(layers, shapes()).enumerated().compactMap { number, pair in
      let (named, shapes) = pair
      let parameters = named.layer.parameters(for: shapes.inputs)
      if parameters.isEmpty { return nil }
      return WeightedLayer(name: named.name, number: number, layer: named.layer, parameters: parameters)
    }
  }
}

/// What does not fit between an architecture and a file's tensors. All of it is collected, so that one look mends it.
struct WeightFaults {
  private var faults: [String] = []

  private static func text(_ shape: [Int]) -> String { "(\(shape.map(String.init).joined(separator: ", ")))" }

  /// The tensor, where it is there, has the shape and all its numbers are finite.
  mutating func check(_ tensor: Tensor?, named name: String, shape: [Int], of layer: String) -> Tensor? {
    guard let tensor else {
      faults.append("\(name) \(Self.text(shape)) of layer \(layer) is missing")
      return nil
    }
    guard tensor.shape == shape else {
      faults.append("\(name) has the shape \(Self.text(tensor.shape)), and layer \(layer) wants \(Self.text(shape))")
      return nil
    }
    guard tensor.values.allSatisfy(\.isFinite) else {
      faults.append("\(name) has numbers that are not finite")
      return nil
    }
    return tensor
  }

  mutating func noteExtra(_ names: some Sequence<String>, in tensors: [String: Tensor]) {
    faults += names.sorted().map { "\($0) \(Self.text(tensors[$0]?.shape ?? [])) belongs to no layer" }
  }

  /// - Throws: `DataError` that names each.
  func throwIfAny(file: String, architecture: Architecture, remedy: String) throws {
    guard !faults.isEmpty else { return }
    let shown = faults.prefix(12).joined(separator: "; ")
    throw DataError(
      file: file, place: "tensors", expected: "the weights of \(architecture.name)",
      found: faults.count > 12 ? "\(shown); and \(faults.count - 12) more" : shown, remedy: remedy)
  }
}

extension Checkpoint {
  /// A plan's network with these weights, "dense/kernel" as Tiddu has them.
  ///
  /// - Precondition: they are all that it has, in their shapes.
  init(_ plan: TrainingPlan, weights: [String: Tensor]) throws {
    try plan.validate()
    try self.init(of: Network(plan.architecture, batchSize: 1, seed: plan.seed), plan: plan, epoch: 0)
    precondition(self.weights.mapValues(\.shape) == weights.mapValues(\.shape), "other weights than the network's")
    self.weights = weights
  }
}
