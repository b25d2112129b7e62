import Groundwork

/// A network as data: the input's extents and the layers one behind the other, each with a name.
///
/// `Network` is what this compiles to. It is stored as JSON inside checkpoints.
public struct Architecture: Codable, Equatable, Sendable {
  public var name: String
  /// (H, W, C)
  public var input: Shape
  public internal(set) var layers: [NamedLayer]

  /// Names the layers as Keras does: dense, dense_1, dense_2.
  public init(name: String, input: Shape, layers: [any Layer]) {
    self.name = name
    self.input = input
    var counts: [String: Int] = [:]
    self.layers = layers.map { layer in
      let type = Swift.type(of: layer).type
      let count = counts[type, default: 0]
      counts[type] = count + 1
      return NamedLayer(name: count == 0 ? type : "\(type)_\(count)", layer: layer)
    }
  }

  /// Each layer's input and output, all checked; throws a `UsageError` that names the layer that does not fit.
  public func shapes() throws -> [(input: Shape, output: Shape)] {
    guard Self.isPossible(input) else {
      throw UsageError(
        "the input of \(name) has the shape \(input)",
        remedy: "Each extent is at least 1, and all together are at most 2^30 values.")
    }
    guard !layers.isEmpty else { throw UsageError("\(name) has no layers", remedy: "Name at least one layer.") }
    guard Set(layers.map(\.name)).count == layers.count else {
      throw UsageError("two layers of \(name) have one name", remedy: "Give each layer a name of its own.")
    }
    var current = input
    return try layers.map { named in
      do {
        let output = try named.layer.outputShape(for: current)
        guard Self.isPossible(output) else { throw LayerError("its output \(output) is empty or over 2^30 values") }
        defer { current = output }
        return (current, output)
      } catch let error as LayerError {
        throw UsageError(
          "layer \(named.name) of \(name): \(error.problem)", remedy: "Change the layer or the one before it.")
      }
    }
  }

  private static func isPossible(_ shape: Shape) -> Bool {
    !shape.isEmpty && shape.allSatisfy { $0 >= 1 } && shape.reduce(1.0) { $0 * Double($1) } <= 0x1p30
  }

  /// Without the batch; throws what `shapes()` throws.
  public func outputShape() throws -> Shape { try shapes().last?.output ?? input }

  /// The same without the function at the end, for losses that take logits.
  func deferringFinalActivation() -> Architecture {
    var copy = self
    if let last = finalActivationIndex { copy.layers[last].layer.defersActivation = true }
    return copy
  }

  var finalActivation: Activation { finalActivationIndex.map { layers[$0].layer.activation } ?? .linear }

  /// The last layer that is not a mere change of shape.
  private var finalActivationIndex: Int? {
    layers.lastIndex { !($0.layer is Reshape) && !($0.layer is Flatten) }
  }
}

/// A layer and what it is called in summaries, errors and checkpoints.
public struct NamedLayer: Sendable {
  public var name: String
  public var layer: any Layer

  public init(name: String, layer: any Layer) {
    self.name = name
    self.layer = layer
  }
}

extension NamedLayer: Equatable {
  public static func == (left: NamedLayer, right: NamedLayer) -> Bool {
    func equal<L: Layer>(_ layer: L) -> Bool { layer == right.layer as? L }
    return left.name == right.name && equal(left.layer)
  }
}

extension NamedLayer: Codable {
  private enum Key: String, CodingKey { case name, type }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    name = try container.decode(String.self, forKey: .name)
    let type = try container.decode(String.self, forKey: .type)
    guard let layerType = LayerRegistry.type(named: type) else {
      let known = LayerRegistry.all.map { $0.type }.joined(separator: ", ")
      throw DecodingError.dataCorruptedError(
        forKey: .type, in: container,
        debugDescription: "layer \(name) is of an unknown type \"\(type)\" (known: \(known))")
    }
    layer = try layerType.init(from: decoder)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(Swift.type(of: layer).type, forKey: .type)
    try layer.encode(to: encoder)
  }
}
