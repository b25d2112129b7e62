import Support

/// A network as data: the input's extents and its layers, each with a name and perhaps the names of those that it reads.
///
/// `Network` is what this compiles to. It is stored as JSON inside checkpoints.
public struct Architecture: Codable, Equatable, Sendable {
  /// What summaries, errors and files call it.
  public var name: String
  /// (H, W, C)
  package var input: Shape
  /// Each reads earlier ones, by default the one before it; the last one's output is the network's.
  package internal(set) var layers: [NamedLayer]

  /// What a layer that reads the network's input calls it.
  package static let inputName = "input"
  /// The input's place among `sources`.
  static let inputSource = -1

  /// A chain. Layers are named as Keras does: dense, dense_1, dense_2.
  package init(name: String, input: Shape, layers: [any Layer]) {
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
  package init(name: String, input: Shape, _ build: (inout ArchitectureBuilder) -> Void) {
    var builder = ArchitectureBuilder()
    build(&builder)
    (self.name, self.input, layers) = (name, input, builder.layers)
  }

  /// Layers without a name are named as Keras does, by what they are.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    input = try container.decode(Shape.self, forKey: .input)
    layers = try container.decode([NamedLayer].self, forKey: .layers)
    nameLayers()
  }

  /// Gives the layers that have no name one that is not taken.
  package mutating func nameLayers() {
    var taken = Set(layers.map(\.name))
    for number in layers.indices where layers[number].name.isEmpty {
      let type = Swift.type(of: layers[number].layer).type
      let names = [type] + (1...layers.count).map { "\(type)_\($0)" }
      layers[number].name = names.first { !taken.contains($0) } ?? type
      taken.insert(layers[number].name)
    }
  }

  /// From layers that have names.
  package init(name: String, input: Shape, named layers: [NamedLayer]) {
    (self.name, self.input, self.layers) = (name, input, layers)
  }

  /// The same layers behind an input of other extents.
  package func taking(_ input: Shape) -> Architecture { Architecture(name: name, input: input, named: layers) }

  /// The places of the layers that each layer reads, in its own order; `inputSource` is the input.
  /// Unknown names count as the input; `shapes()` refuses them.
  package var sources: [[Int]] {
    let places = Dictionary(layers.enumerated().map { ($1.name, $0) }) { first, _ in first }
    return layers.enumerated().map { number, named in
      named.inputs?.map { places[$0] ?? Self.inputSource } ?? [number - 1]
    }
  }

  /// Each layer's inputs and output, all checked; throws a `UsageError` that names the layer that does not fit.
  package func shapes() throws -> [(inputs: [Shape], output: Shape)] {
    do {
      return try checkedShapes()
    } catch {
      throw UsageError(
        error.layer.map { "layer \(layers[$0].name) of \(name): \(error.problem)" } ?? "\(name): \(error.problem)",
        remedy: error.remedy)
    }
  }

  /// Why an architecture cannot be.
  package struct Fault: Error {
    /// The number of the layer at fault.
    package var layer: Int?
    package var problem: String
    package var remedy: String
  }

  /// The same; throws the fault itself.
  package func checkedShapes() throws(Fault) -> [(inputs: [Shape], output: Shape)] {
    guard Self.isPossible(input) else {
      throw Fault(
        problem: "the input has the shape \(input)",
        remedy: "Each extent is at least 1, and all together are at most 2^30 values.")
    }
    guard !layers.isEmpty else { throw Fault(problem: "there are no layers", remedy: "Name at least one layer.") }
    var known = [Self.inputName: input]
    var last = input
    var shapes: [(inputs: [Shape], output: Shape)] = []
    for (number, named) in layers.enumerated() {
      guard known[named.name] == nil else {
        throw Fault(
          layer: number, problem: "its name is taken by an earlier layer or by the input",
          remedy: "Give each layer a name of its own.")
      }
      do throws(LayerError) {
        let inputs = try inputs(of: named, among: known) ?? [last]
        let output = try named.layer.outputShape(for: inputs)
        guard Self.isPossible(output) else { throw LayerError("its output \(output) is empty or over 2^30 values") }
        for parameter in named.layer.parameters(for: inputs) where !Self.isPossible(parameter.shape) {
          throw LayerError("its \(parameter.name) \(parameter.shape) is over 2^30 values")
        }
        (known[named.name], last) = (output, output)
        shapes.append((inputs, output))
      } catch {
        throw Fault(layer: number, problem: error.problem, remedy: "Change the layer or what it reads.")
      }
    }
    let read = Set(sources.joined())
    if let idle = layers.indices.dropLast().first(where: { !read.contains($0) }) {
      throw Fault(layer: idle, problem: "nothing reads its output", remedy: "Leave it out, or let one read it.")
    }
    return shapes
  }

  /// The shapes that a layer's named inputs have; nil where it names none.
  private func inputs(of named: NamedLayer, among known: [String: Shape]) throws(LayerError) -> [Shape]? {
    guard let sources = named.inputs else { return nil }
    guard !sources.isEmpty else { throw LayerError("reads nothing") }
    var shapes: [Shape] = []
    for source in sources {
      guard let shape = known[source] else {
        if layers.contains(where: { $0.name == source }) {
          throw LayerError("reads \(source), which does not come before it; connections cannot form a cycle")
        }
        let near = nearest(to: source, among: Array(known.keys)).map { " (did you mean \($0)?)" } ?? ""
        throw LayerError("reads \(source), and there is no such layer\(near)")
      }
      shapes.append(shape)
    }
    return shapes
  }

  /// Whether values of such extents can be counted.
  package static func isPossible(_ shape: Shape) -> Bool {
    !shape.isEmpty && shape.allSatisfy { $0 >= 1 } && shape.reduce(1.0) { $0 * Double($1) } <= 0x1p30
  }

  /// Values that all layers together give for one image; throws what `shapes()` throws.
  package func activations() throws -> Int { try shapes().reduce(0) { $0 + $1.output.reduce(1, *) } }

  /// Bytes that the activations of `batch` images and their gradients take in training; throws what `shapes()` throws.
  package func trainingBytes(batch: Int) throws -> Double { try Double(activations()) * Double(batch) * 8 }

  /// Without the batch; throws what `shapes()` throws.
  package func outputShape() throws -> Shape { try shapes().last?.output ?? input }

  /// The same without the function at the end, for losses that take logits.
  package func deferringFinalActivation() -> Architecture {
    var copy = self
    guard let last = finalActivationIndex, var layer = layers[last].layer as? any ActivatedLayer else { return self }
    layer.defersActivation = true
    copy.layers[last].layer = layer
    return copy
  }

  package var finalActivation: Activation {
    finalActivationIndex.flatMap { (layers[$0].layer as? any ActivatedLayer)?.activation } ?? .linear
  }

  /// The last layer that is not a mere change of shape.
  private var finalActivationIndex: Int? {
    func isView(_ layer: any Layer) -> Bool { layer is Reshape || layer is Flatten || layer is Cropping2D }
    guard let index = layers.lastIndex(where: { !isView($0.layer) }) else { return nil }
    // What follows must be a chain, or the function would not be the network's last.
    return sources[(index + 1)...].enumerated().allSatisfy { $1 == [index + $0] } ? index : nil
  }
}

/// Collects a network's layers and names them.
package struct ArchitectureBuilder {
  /// The name of a layer's output, or the input's.
  package struct Output: Sendable, Equatable { let name: String }

  package let input = Output(name: Architecture.inputName)
  fileprivate var layers: [NamedLayer] = []
  private var counts: [String: Int] = [:]

  /// Adds a layer that reads `sources`, and returns its output.
  @discardableResult
  package mutating func add(_ layer: any Layer, to sources: Output...) -> Output {
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

extension KeyedDecodingContainer {
  /// One of a few words, or `value` where there is none; throws a `DataError` that names them.
  func choice<Value: RawRepresentable<String> & CaseIterable>(_ key: Key, default value: Value) throws -> Value {
    guard let text = try decodeIfPresent(String.self, forKey: key) else { return value }
    if let choice = Value(rawValue: text) { return choice }
    let known = Value.allCases.map(\.rawValue)
    throw DataError(
      settingsAt: codingPath + [key], expected: "one of \(known.joined(separator: ", "))", found: "\"\(text)\"",
      remedy: nearest(to: text, among: known).map { "Did you mean \"\($0)\"?" } ?? "Choose one.")
  }

  /// What is there, or `value`.
  func value<Value: Decodable>(_ key: Key, default value: Value) throws -> Value {
    try decodeIfPresent(Value.self, forKey: key) ?? value
  }
}

/// A layer, what it is called in summaries, errors and checkpoints, and what it reads.
package struct NamedLayer: Sendable {
  package var name: String
  package var layer: any Layer
  /// Names of the layers whose outputs it takes, or `input`; nil for the one before it.
  package var inputs: [String]?

  package init(name: String, layer: any Layer, inputs: [String]? = nil) {
    self.name = name
    self.layer = layer
    self.inputs = inputs
  }
}

extension NamedLayer: Equatable {
  package static func == (left: NamedLayer, right: NamedLayer) -> Bool {
    func equal<L: Layer>(_ layer: L) -> Bool { layer == right.layer as? L }
    return left.name == right.name && left.inputs == right.inputs && equal(left.layer)
  }
}

extension NamedLayer: Codable {
  private enum Key: String, CodingKey { case name, type, inputs }

  /// Without a name, one is made when the whole architecture is known.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    name = try container.decodeIfPresent(String.self, forKey: .name) ?? ""
    inputs = try container.decodeIfPresent([String].self, forKey: .inputs)
    let type = try container.decode(String.self, forKey: .type)
    guard let layerType = LayerRegistry.type(named: type) else {
      let known = LayerRegistry.all.map { $0.type }
      throw DataError(
        settingsAt: container.codingPath + [Key.type], expected: "one of \(known.joined(separator: ", "))",
        found: "\"\(type)\"", remedy: nearest(to: type, among: known).map { "Did you mean \"\($0)\"?" } ?? "Choose one."
      )
    }
    layer = try layerType.init(from: decoder)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(Swift.type(of: layer).type, forKey: .type)
    try container.encodeIfPresent(inputs, forKey: .inputs)
    try layer.encode(to: encoder)
  }
}
