import Distortions
import Foundation
import NeuralNetworks
import Restoration
import Safetensors
import Support

/// Weights as PyTorch has them: a module's state dict in a safetensors file.
///
/// Each layer with weights is a module of its name, `dense_1.weight` and `dense_1.bias`; those of a model of two parts are
/// below `orientation.` and `restoration.`.
package enum PyTorchWeights {
  private static let partNames = ["orientation", "restoration"]

  // MARK: - Out

  /// Writes a model's weights.
  ///
  /// - Throws: `UsageError` for a network that means something else with channels first; `SystemError`.
  package static func write(_ model: Model, to path: String) throws {
    var file = TensorFile(metadata: ["format": "pt"])
    for (part, prefix) in zip(model.parts, prefixes(of: model.parts.count)) {
      for (name, tensor) in try tensors(of: part) { file.tensors[prefix + name] = tensor }
    }
    try file.write(to: path)
  }

  private static func prefixes(of parts: Int) -> [String] { parts == 1 ? [""] : partNames.map { "\($0)." } }

  private static func tensors(of checkpoint: Checkpoint) throws -> [String: Tensor] {
    let order = try FeatureOrder(of: checkpoint.architecture)
    var tensors: [String: Tensor] = [:]
    for layer in try checkpoint.architecture.weightedLayers() {
      for parameter in layer.parameters {
        let layout = PyTorchLayout(parameter, of: layer.layer, order: order[layer.number])
        guard let tensor = checkpoint.weights["\(layer.name)/\(parameter.name)"] else { continue }
        tensors["\(layer.name).\(layout.name)"] = layout.toPyTorch(tensor)
      }
    }
    return tensors
  }

  // MARK: - In

  /// The plans' networks with a file's weights.
  ///
  /// - Parameter names: for a layer of Tiddu's, the module that it is in PyTorch; of a part's layer, with "orientation/" or
  ///   "restoration/" before its name.
  /// - Throws: `DataError` naming each tensor that is missing, too many or of another shape, `SystemError`, `UsageError`.
  package static func read(_ path: String, into plans: [TrainingPlan], names: ModuleNames = ModuleNames()) throws
    -> [Checkpoint]
  {
    let file = try TensorFile.read(path)
    guard file.metadata["format"] != "tiddu" else {
      throw DataError(
        file: path, expected: "weights of another program", found: "a model of Tiddu's", remedy: "Use it as it is.")
    }
    let prefixes = prefixes(of: plans.count)
    if let stray = file.tensors.keys.filter({ name in !prefixes.contains { name.hasPrefix($0) } }).min() {
      throw DataError(
        file: path, place: "tensor \(stray)", expected: "names that begin with \(prefixes.joined(separator: " or "))",
        found: "another one", remedy: "The model has two parts: name the modules of each so.")
    }
    return try zip(plans, prefixes).map { plan, prefix in
      var own: [String: Tensor] = [:]
      for (name, tensor) in file.tensors where name.hasPrefix(prefix) && !name.hasSuffix("num_batches_tracked") {
        own[String(name.dropFirst(prefix.count))] = tensor
      }
      return try checkpoint(plan, own, names.ofPart(prefix.isEmpty ? nil : String(prefix.dropLast())), path)
    }
  }

  private static func checkpoint(
    _ plan: TrainingPlan, _ tensors: [String: Tensor], _ names: ModuleNames, _ path: String
  ) throws -> Checkpoint {
    let architecture = plan.architecture
    let order = try FeatureOrder(of: architecture)
    let layers = try architecture.weightedLayers()
    let modules = try names.modules(of: layers.map(\.name), among: tensors.keys, file: path)
    var (faults, used, weights) = (WeightFaults(), Set<String>(), [String: Tensor]())
    for (layer, module) in zip(layers, modules) {
      for parameter in layer.parameters {
        let layout = PyTorchLayout(parameter, of: layer.layer, order: order[layer.number])
        let name = module.isEmpty ? layout.name : "\(module).\(layout.name)"
        used.insert(name)
        let tensor = faults.check(tensors[name], named: name, shape: layout.shape, of: layer.name)
        weights["\(layer.name)/\(parameter.name)"] = tensor.map { layout.fromPyTorch($0, shape: parameter.shape) }
      }
    }
    faults.noteExtra(tensors.keys.filter { !used.contains($0) }, in: tensors)
    try faults.throwIfAny(
      file: path, architecture: architecture,
      remedy: "Choose the architecture that the weights were trained in, or say by --names which module is which layer."
    )
    return try Checkpoint(plan, weights: weights)
  }
}

/// Which module of PyTorch is which layer: as a file says, or by a rule.
package struct ModuleNames {
  private var given: [String: String] = [:]

  package init() {}

  /// From YAML: each line a layer of Tiddu's and its module, `conv2d_1: encoder.3`.
  ///
  /// - Throws: `SystemError`, `DataError`.
  package init(contentsOf path: String) throws {
    given = try YAMLText.read(
      [String: String].self, contentsOf: path, what: "a file of names",
      remedy: "Write a line for each layer with weights: its name, a colon and the module in PyTorch.")
  }

  fileprivate func ofPart(_ part: String?) -> ModuleNames {
    guard let part else { return self }
    var names = ModuleNames()
    for (name, module) in given where name.hasPrefix("\(part)/") {
      names.given[String(name.dropFirst(part.count + 1))] = module
    }
    return names
  }

  /// For each layer its module: the one given; the one of its name, where all have that; or, where modules are told apart by
  /// numbers alone as in `Sequential`, in the order of these.
  fileprivate func modules(of layers: [String], among tensors: some Sequence<String>, file: String) throws -> [String] {
    let there = Set(tensors.map { $0.split(separator: ".").dropLast().joined(separator: ".") })
    if !given.isEmpty {
      let layerNames = Set(layers)
      if let stray = given.keys.filter({ !layerNames.contains($0) }).min() {
        throw UsageError(
          "the file of names has \(stray), which is no layer with weights",
          remedy: "Those are \(layers.joined(separator: ", ")).")
      }
      return layers.map { given[$0] ?? $0 }
    }
    if layers.allSatisfy(there.contains) { return layers }
    let sorted = there.sorted { Self.numbers($0).lexicographicallyPrecedes(Self.numbers($1)) }
    if sorted.count == layers.count, Set(sorted.map { $0.filter { !$0.isNumber } }).count == 1 { return sorted }
    // Nothing is guessed where an order would be: each layer is then reported as missing by its own name.
    let known = Set(layers).intersection(there)
    guard known.isEmpty else { return layers }
    throw DataError(
      file: file, place: "tensors", expected: "modules named as the layers are, \(layers.joined(separator: ", "))",
      found: there.isEmpty ? "none" : there.sorted().joined(separator: ", "),
      remedy: "Say by --names which module is which layer; a safetensors file does not keep their order.")
  }

  private static func numbers(_ name: String) -> [Int] {
    name.split { !$0.isASCII || !$0.isNumber }.map { Int($0) ?? .max }
  }
}
