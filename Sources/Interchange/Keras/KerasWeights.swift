import Foundation
import ImageSets
import NeuralNetworks
import Restoration
import Safetensors
import Support

/// Models as Keras 3 has them: `.weights.h5`, the weights alone, and `.keras`, an archive of these and of the network.
///
/// Arrays have the same axes as Tiddu's, and stand under `layers/CLASS/vars/NUMBER`, where CLASS is the layer's class, numbered
/// in the order in which Keras goes through the network.
package enum KerasWeights {
  private static let weightsName = "model.weights.h5"

  /// Whether a name is that of a whole model with its network.
  package static func isWhole(_ path: String) -> Bool { path.lowercased().hasSuffix(".keras") }

  // MARK: - Out

  /// Writes a network's weights, and with the ending `.keras` the network too.
  ///
  /// - Throws: `SystemError`, `ResourceError`.
  package static func write(_ checkpoint: Checkpoint, to path: String) throws {
    let architecture = checkpoint.architecture
    let paths = KerasPaths(of: architecture)
    var file = HDF5File()
    for (number, named) in architecture.layers.enumerated() { file.names["\(paths[number])/vars"] = named.name }
    for layer in try architecture.weightedLayers() {
      for (index, parameter) in layer.parameters.enumerated() {
        file.arrays["\(paths[layer.number])/vars/\(index)"] = checkpoint.weights["\(layer.name)/\(parameter.name)"]
      }
    }
    let bytes = try file.bytes()
    guard isWhole(path) else { return try WholeFile.write(bytes, to: path) }
    let contents = [
      ("metadata.json", Array(#"{"keras_version": "3.15.1", "date_saved": "1980-01-01@00:00:00"}"#.utf8)),
      ("config.json", Array(try KerasConfiguration.encode(architecture).utf8)), (weightsName, bytes),
    ]
    try WholeFile.write(ZipArchive.bytes(of: contents.map { (name: $0.0, bytes: $0.1) }, path: path), to: path)
  }

  // MARK: - In

  /// The network that a `.keras` file describes.
  ///
  /// - Throws: `DataError` naming a layer that Tiddu has no counterpart of.
  package static func architecture(in path: String) throws -> Architecture {
    try KerasConfiguration.decode(entry("config.json", of: path), file: path)
  }

  /// A plan's network with a file's weights.
  ///
  /// - Throws: `DataError` naming each array that is missing, too many or of another shape, `SystemError`, `UsageError`.
  package static func read(_ path: String, into plan: TrainingPlan) throws -> Checkpoint {
    let bytes = try isWhole(path) ? entry(weightsName, of: path) : Folder.read(path)
    let file = try HDF5File(bytes: bytes, file: path)
    let architecture = plan.architecture
    let layers = try architecture.weightedLayers()
    let groups = groups(of: layers, in: file, KerasPaths(of: architecture))
    var (faults, used, weights) = (WeightFaults(), Set<String>(), [String: Tensor]())
    for (layer, group) in zip(layers, groups) {
      for (index, parameter) in layer.parameters.enumerated() {
        let name = "\(group)/\(index)"
        used.insert(name)
        weights["\(layer.name)/\(parameter.name)"] = faults.check(
          file.arrays[name], named: name, shape: parameter.shape, of: layer.name)
      }
    }
    // What an optimizer keeps is not wanted; nor are the states of dropout's generators.
    faults.noteExtra(
      file.arrays.keys.filter { !used.contains($0) && !$0.hasPrefix("optimizer/") && !$0.contains("seed_generator") },
      in: file.arrays)
    try faults.throwIfAny(
      file: path, architecture: architecture,
      remedy: "Choose the architecture that the weights were trained in; a .keras file names its own.")
    return try Checkpoint(plan, weights: weights)
  }

  /// Where each layer's arrays stand: under the group that says its name, where all are found so, otherwise by the order.
  private static func groups(
    of layers: [WeightedLayer], in file: HDF5File, _ paths: KerasPaths
  ) -> [String] {
    var byName: [String: String] = [:]
    for (path, name) in file.names.sorted(by: { $0.key < $1.key }) where file.arrays["\(path)/0"] != nil {
      byName[name] = path
    }
    let named = layers.compactMap { byName[$0.name] }
    return named.count == layers.count ? named : layers.map { "\(paths[$0.number])/vars" }
  }

  private static func entry(_ name: String, of path: String) throws -> [UInt8] {
    let archive = try ZipArchive(path)
    guard let entry = archive.entries.first(where: { $0.name == name }) else {
      throw DataError(
        file: path, expected: "a model saved by Keras 3, with \(name) in it", found: "an archive without it",
        remedy: "Save it again: model.save(\"model.keras\").")
    }
    let stream = try archive.open(entry, fileSize: FileStream(path).bound)
    let most = 1 << 30
    let bytes = try stream.read(upTo: most + 1)
    guard bytes.count <= most else {
      throw DataError(
        file: path, place: "entry \(name)", expected: "at most 2^30 bytes", found: "more",
        remedy: "Models as large as that are not read.")
    }
    return bytes
  }
}

/// Where Keras stores each layer of a network.
struct KerasPaths {
  private var paths: [String]

  init(of architecture: Architecture) {
    var counts: [String: Int] = [:]
    paths = architecture.layers.map { _ in "" }
    for number in Self.order(of: architecture) {
      let type = type(of: architecture.layers[number].layer).type
      let count = counts[type, default: 0]
      counts[type] = count + 1
      paths[number] = "layers/" + (count == 0 ? type : "\(type)_\(count)")
    }
  }

  /// "layers/dense_1"
  subscript(layer: Int) -> String { paths[layer] }

  /// As Keras sorts a functional model's layers: those furthest from the output first, and of equals those first that one
  /// meets first when going back from the output.
  static func order(of architecture: Architecture) -> [Int] {
    let sources = architecture.sources
    var depths = sources.map { _ in 0 }
    for number in sources.indices.reversed() {
      for source in sources[number] where source >= 0 { depths[source] = max(depths[source], depths[number] + 1) }
    }
    var met = sources.map { _ in -1 }
    var next = 0
    var stack = [sources.count - 1]
    while let number = stack.popLast() {
      guard number >= 0, met[number] < 0 else { continue }
      met[number] = next
      next += 1
      stack += sources[number].reversed()
    }
    return sources.indices.sorted { (-depths[$0], met[$0]) < (-depths[$1], met[$1]) }
  }
}
