import Support

/// A network as data: the input's extents and its layers, each with a name and perhaps the names of those that it reads.
///
/// `Network` is what this compiles to. It is stored as JSON inside checkpoints.
public struct Architecture: Codable, Equatable, Sendable {
  public var name: String
  /// (H, W, C)
  public var input: Shape
  /// Each reads earlier ones, by default the one before it; the last one's output is the network's.
  public internal(set) var layers: [NamedLayer]

  /// What a layer that reads the network's input calls it.
  public static let inputName = "input"
  /// The input's place among `sources`.
  static let inputSource = -1

  /// A chain. Layers are named as Keras does: dense, dense_1, dense_2.
  public init(name: String, input: Shape, layers: [any Layer]) {
    self.init(name: name, input: input) { net in
      var last = net.input
      for layer in layers { last = net.add(layer, to: last) }
    }
  }

  /// Layers that read any of the earlier ones:
  ///
  ///     Architecture(name: "skip", input: [28, 28, 1]) { net in
  ///       let first = net.add(Convolution2D(filters: 16, padding: .same), to: net.input)
  ///       let second = net.add(Convolution2D(filters: 16, padding: .same), to: first)
  ///       net.add(Add(), to: first, second)
  ///     }
  public init(name: String, input: Shape, _ build: (inout ArchitectureBuilder) -> Void) {
    var builder = ArchitectureBuilder()
    build(&builder)
    (self.name, self.input, layers) = (name, input, builder.layers)
  }

  /// The places of the layers that each layer reads, in its own order; `inputSource` is the input.
  /// Unknown names count as the input; `shapes()` refuses them.
  var sources: [[Int]] {
    let places = Dictionary(layers.enumerated().map { ($1.name, $0) }) { first, _ in first }
    return layers.enumerated().map { number, named in
      named.inputs?.map { places[$0] ?? Self.inputSource } ?? [number - 1]
    }
  }

  /// Each layer's inputs and output, all checked; throws a `UsageError` that names the layer that does not fit.
  public func shapes() throws -> [(inputs: [Shape], output: Shape)] {
    guard Self.isPossible(input) else {
      throw UsageError(
        "the input of \(name) has the shape \(input)",
        remedy: "Each extent is at least 1, and all together are at most 2^30 values.")
    }
    guard !layers.isEmpty else { throw UsageError("\(name) has no layers", remedy: "Name at least one layer.") }
    guard Set(layers.map(\.name) + [Self.inputName]).count == layers.count + 1 else {
      throw UsageError(
        "two layers of \(name) have one name, or one is called \(Self.inputName)",
        remedy: "Give each layer a name of its own.")
    }
    var known = [Self.inputName: input]
    var last = input
    let shapes = try layers.map { named in
      do throws(LayerError) {
        let inputs = try named.inputs?.map { source throws(LayerError) in
          guard let shape = known[source] else { throw LayerError("reads \(source), which is no layer before it") }
          return shape
        }
        guard inputs?.isEmpty != true else { throw LayerError("reads nothing") }
        let output = try named.layer.outputShape(for: inputs ?? [last])
        guard Self.isPossible(output) else { throw LayerError("its output \(output) is empty or over 2^30 values") }
        for parameter in named.layer.parameters(for: inputs ?? [last]) where !Self.isPossible(parameter.shape) {
          throw LayerError("its \(parameter.name) \(parameter.shape) is over 2^30 values")
        }
        defer { (known[named.name], last) = (output, output) }
        return (inputs ?? [last], output)
      } catch {
        throw UsageError(
          "layer \(named.name) of \(name): \(error.problem)", remedy: "Change the layer or what it reads.")
      }
    }
    try checkThatAllAreRead()
    return shapes
  }

  private func checkThatAllAreRead() throws {
    let read = Set(sources.joined())
    guard let idle = layers.indices.dropLast().first(where: { !read.contains($0) }) else { return }
    throw UsageError(
      "layer \(layers[idle].name) of \(name): nothing reads its output", remedy: "Leave it out, or let one read it.")
  }

  private static func isPossible(_ shape: Shape) -> Bool {
    !shape.isEmpty && shape.allSatisfy { $0 >= 1 } && shape.reduce(1.0) { $0 * Double($1) } <= 0x1p30
  }

  /// Values that all layers together give for one image; throws what `shapes()` throws.
  package func activations() throws -> Int { try shapes().reduce(0) { $0 + $1.output.reduce(1, *) } }

  /// Bytes that the activations of `batch` images and their gradients take in training; throws what `shapes()` throws.
  public func trainingBytes(batch: Int) throws -> Double { try Double(activations()) * Double(batch) * 8 }

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
    guard let index = layers.lastIndex(where: { !($0.layer is Reshape) && !($0.layer is Flatten) }) else { return nil }
    // What follows must be a chain, or the function would not be the network's last.
    return sources[(index + 1)...].enumerated().allSatisfy { $1 == [index + $0] } ? index : nil
  }
}

/// Collects a network's layers and names them.
public struct ArchitectureBuilder {
  /// The name of a layer's output, or the input's.
  public struct Output: Sendable, Equatable { let name: String }

  public let input = Output(name: Architecture.inputName)
  fileprivate var layers: [NamedLayer] = []
  private var counts: [String: Int] = [:]

  /// Adds a layer that reads `sources`, and returns its output.
  @discardableResult
  public mutating func add(_ layer: any Layer, to sources: Output...) -> Output {
    let type = Swift.type(of: layer).type
    let count = counts[type, default: 0]
    counts[type] = count + 1
    let name = count == 0 ? type : "\(type)_\(count)"
    let names = sources.map(\.name)
    // Chains are written without names, as they always were.
    let isChained = names == [layers.last?.name ?? Architecture.inputName]
    layers.append(NamedLayer(name: name, layer: layer, inputs: isChained ? nil : names))
    return Output(name: name)
  }
}

/// A layer, what it is called in summaries, errors and checkpoints, and what it reads.
public struct NamedLayer: Sendable {
  public var name: String
  public var layer: any Layer
  /// Names of the layers whose outputs it takes, or `input`; nil for the one before it.
  public var inputs: [String]?

  public init(name: String, layer: any Layer, inputs: [String]? = nil) {
    self.name = name
    self.layer = layer
    self.inputs = inputs
  }
}

extension NamedLayer: Equatable {
  public static func == (left: NamedLayer, right: NamedLayer) -> Bool {
    func equal<L: Layer>(_ layer: L) -> Bool { layer == right.layer as? L }
    return left.name == right.name && left.inputs == right.inputs && equal(left.layer)
  }
}

extension NamedLayer: Codable {
  private enum Key: String, CodingKey { case name, type, inputs }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    name = try container.decode(String.self, forKey: .name)
    inputs = try container.decodeIfPresent([String].self, forKey: .inputs)
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
    try container.encodeIfPresent(inputs, forKey: .inputs)
    try layer.encode(to: encoder)
  }
}
