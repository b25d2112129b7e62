import Foundation
import NeuralNetworks
import Support

/// A network as `config.json` of a `.keras` file describes it.
enum KerasConfiguration {
  /// A functional model of these layers. Penalties are left out: they are of training, and not of the network.
  static func encode(_ architecture: Architecture) throws -> String {
    let shapes = try architecture.shapes().map(\.output)
    let inputName = Architecture.inputName
    func tensor(_ source: Int) -> [String: Any] {
      let (name, shape) =
        source < 0 ? (inputName, architecture.input) : (architecture.layers[source].kerasName, shapes[source])
      return [
        "class_name": "__keras_tensor__",
        "config": [
          "shape": [NSNull()] + shape as [Any], "dtype": "float32", "keras_history": [name, 0, 0] as [Any],
        ] as [String: Any],
      ]
    }
    func layer(_ type: String, _ name: String, _ config: [String: Any], _ nodes: [[String: Any]]) -> [String: Any] {
      [
        "module": "keras.layers", "class_name": type, "registered_name": NSNull(), "name": name,
        "config": config.merging(["name": name]) { $1 }, "inbound_nodes": nodes,
      ]
    }
    var layers = [
      layer("InputLayer", inputName, ["batch_shape": [NSNull()] + architecture.input as [Any], "dtype": "float32"], [])
    ]
    for (number, named) in architecture.layers.enumerated() {
      guard let own = named.layer as? any KerasLayer else {
        throw UsageError(
          "Keras has no counterpart of layer \(named.name) (\(type(of: named.layer).type)) of \(architecture.name)",
          remedy: "Write the weights alone, into a file that ends in .weights.h5.")
      }
      let tensors = architecture.sources[number].map(tensor)
      let node: [String: Any] = [
        "args": named.layer is any UnaryLayer ? tensors : [tensors] as [Any], "kwargs": [String: Any](),
      ]
      layers.append(layer(own.kerasClass, named.kerasName, own.kerasSettings, [node]))
    }
    let last = architecture.layers.last?.kerasName ?? inputName
    let model: [String: Any] = [
      "module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional",
      "config": [
        "name": architecture.name.keras, "trainable": true, "layers": layers,
        "input_layers": [inputName, 0, 0] as [Any], "output_layers": [last, 0, 0] as [Any],
      ] as [String: Any],
    ]
    let data = try JSONSerialization.data(withJSONObject: model, options: [.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self)
  }

  /// The network, all its shapes checked.
  ///
  /// - Throws: `DataError` naming the layer that has no counterpart here, or does not fit.
  static func decode(_ bytes: [UInt8], file: String) throws -> Architecture {
    let reader = KerasReader(file: file)
    guard let model = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
      let config = model["config"] as? [String: Any], let layers = config["layers"] as? [[String: Any]]
    else { throw reader.error("config.json", "the network of a model", "something else") }
    guard let type = model["class_name"] as? String, ["Functional", "Sequential"].contains(type) else {
      throw reader.error(
        "config.json", "a Functional or a Sequential model", model["class_name"] as? String ?? "something else")
    }
    return try reader.architecture(
      named: config["name"] as? String ?? "keras", layers, isSequential: type == "Sequential")
  }
}

extension String {
  /// As Keras takes it for a name.
  fileprivate var keras: String { replacingOccurrences(of: "/", with: "_") }
}

extension NamedLayer {
  fileprivate var kerasName: String { name.keras }
}

/// Puts the layers of a `config.json` together.
private struct KerasReader {
  let file: String

  func error(_ place: String, _ expected: String, _ found: String) -> DataError {
    DataError(
      file: file, place: place, expected: expected, found: found,
      remedy: "Write the network in YAML (Documentation/Networks.md), and name it by --model.")
  }

  func architecture(named name: String, _ layers: [[String: Any]], isSequential: Bool) throws -> Architecture {
    var input: Shape?
    var inputName: String?
    var shapes: [String: Shape] = [:]
    var named: [NamedLayer] = []
    var last = Architecture.inputName
    for (number, description) in layers.enumerated() {
      let config = description["config"] as? [String: Any] ?? [:]
      let own = config["name"] as? String ?? "\(number)"
      let type = description["class_name"] as? String ?? ""
      let settings = KerasSettings(values: config, layer: own, type: type, reader: error)
      if type == "InputLayer" {
        guard input == nil else { throw error("layer \(own)", "one input", "a second one") }
        let shape = try settings.inputShape()
        (input, inputName, last) = (shape, own, own)
        shapes[own] = shape
        continue
      }
      if input == nil, isSequential { input = try settings.buildShape(description) }
      let sources = isSequential ? [last] : try sources(of: description, own)
      let reads = sources.map { shapes[$0] ?? input ?? [] }
      guard reads.allSatisfy(Architecture.isPossible) else {
        throw error("layer \(own)", "an input of at most 2^30 values", "\(reads)")
      }
      let layer = try settings.layer(reading: reads)
      do throws(LayerError) { shapes[own] = try layer.outputShape(for: reads) } catch {
        throw self.error("layer \(own)", "a layer that fits", error.problem)
      }
      named.append(
        NamedLayer(
          name: own, layer: layer,
          inputs: sources == [last] ? nil : sources))
      last = own
    }
    guard let input else { throw error("config.json", "an input layer", "none") }
    // What Keras calls its input, Tiddu calls `input`.
    for place in named.indices {
      named[place].inputs = named[place].inputs?.map { $0 == inputName ? Architecture.inputName : $0 }
    }
    let architecture = Architecture(name: name, input: input, named: named)
    do throws(Architecture.Fault) { _ = try architecture.checkedShapes() } catch {
      throw self.error("config.json", "layers that fit", error.problem)
    }
    return architecture
  }

  private func sources(of layer: [String: Any], _ name: String) throws -> [String] {
    guard let nodes = layer["inbound_nodes"] as? [[String: Any]], nodes.count == 1 else {
      throw error("layer \(name)", "a layer that is used once", "one that is used more often, or never")
    }
    var sources: [String] = []
    func collect(_ value: Any?, depth: Int) {
      if let list = value as? [Any], depth < 8 { for item in list { collect(item, depth: depth + 1) } }
      if let object = value as? [String: Any], let config = object["config"] as? [String: Any],
        let history = config["keras_history"] as? [Any], let source = history.first as? String
      {
        sources.append(source)
      }
    }
    collect(nodes[0]["args"], depth: 0)
    guard !sources.isEmpty else { throw error("layer \(name)", "a layer that reads another", "one that reads nothing") }
    return sources
  }
}
