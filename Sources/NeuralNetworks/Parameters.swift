import Groundwork
import OneDNN

/// A weight array that a layer wants: its extents as Keras has them and how it starts.
public struct ParameterDescription: Equatable, Sendable {
  /// How values start.
  public enum Initial: Equatable, Sendable {
    case zeros
    /// Uniform in ± √(6 / (inputs + outputs)) (Glorot and Bengio 2010).
    case glorotUniform
  }

  public var name: String
  /// Kernels (inputs, outputs).
  public var shape: Shape
  public var initial: Initial

  public init(name: String, shape: Shape, initial: Initial) {
    self.name = name
    self.shape = shape
    self.initial = initial
  }

  public var count: Int { shape.reduce(1, *) }

  /// The starting values, row-major: a pure function of the seed and the layer's number among those with weights.
  public func initialValues(seed: UInt64, number: Int) -> [Float] {
    switch initial {
    case .zeros: return [Float](repeating: 0, count: count)
    case .glorotUniform:
      var generator = Philox(seed: seed, index: number, purpose: .weights)
      let limit = (6 / Float(shape[shape.count - 2] + shape[shape.count - 1])).squareRoot()
      return (0..<count).map { _ in (2 * generator.uniform() - 1) * limit }
    }
  }
}

/// How a parameter lies in memory, and how the same values lie row-major.
public struct ParameterLayout {
  /// The one in the arenas, as the layer's primitives want it.
  public var stored: TensorLayout
  /// Row-major in the order of `ParameterDescription.shape`.
  public var plain: TensorLayout
}

/// A weight array in the network's arenas.
public struct Parameter {
  /// "dense_1/kernel"
  public let name: String
  public let description: ParameterDescription
  public let layout: ParameterLayout
  /// In `layout.stored`, padding included (always zero).
  public let values: UnsafeMutableBufferPointer<Float>
  /// Likewise; what the last `Program.step` left.
  public let gradients: UnsafeMutableBufferPointer<Float>
  /// Where it lies in the arenas.
  public let range: Range<Int>
}

/// All weights of a network side by side in one arena, and all gradients in another with the same places.
public final class Parameters {
  public private(set) var all: [Parameter] = []
  public let values: FloatBuffer
  public let gradients: FloatBuffer
  private let engine: Engine

  init(_ wanted: [(name: String, description: ParameterDescription, layout: ParameterLayout)], on engine: Engine) {
    self.engine = engine
    // Each starts on a cache line of its own.
    let lengths = wanted.map { ($0.layout.stored.byteCount + 63) / 64 * 16 }
    values = FloatBuffer(count: lengths.reduce(0, +))
    gradients = FloatBuffer(count: lengths.reduce(0, +))
    var start = 0
    for (item, length) in zip(wanted, lengths) {
      let range = start..<start + length
      all.append(
        Parameter(
          name: item.name, description: item.description, layout: item.layout,
          values: UnsafeMutableBufferPointer(rebasing: values.values[range]),
          gradients: UnsafeMutableBufferPointer(rebasing: gradients.values[range]), range: range))
      start += length
    }
  }

  /// Trainable numbers, padding not counted.
  public var count: Int { all.map(\.description.count).reduce(0, +) }

  /// By its full name, "dense_1/kernel".
  public subscript(name: String) -> Parameter? { all.first { $0.name == name } }

  /// The part of `arena` (the weights, the gradients, or an optimizer's moments) that belongs to `parameter`, row-major.
  public func read(_ parameter: Parameter, from arena: FloatBuffer) throws -> [Float] {
    try [Float](unsafeUninitializedCapacity: parameter.description.count) { buffer, count in
      try Reorder.copy(
        from: (parameter.layout.stored, place(of: parameter, in: arena)),
        to: (parameter.layout.plain, UnsafeMutableRawPointer(buffer.baseAddress!)), on: engine)
      count = parameter.description.count
    }
  }

  /// Replaces that part.
  ///
  /// - Precondition: `values` holds `parameter.description.count` numbers, row-major.
  public func write(_ values: [Float], to parameter: Parameter, in arena: FloatBuffer) throws {
    precondition(values.count == parameter.description.count, "\(parameter.name): wrong number of values")
    var values = values
    try values.withUnsafeMutableBytes { bytes in
      try Reorder.copy(
        from: (parameter.layout.plain, bytes.baseAddress!),
        to: (parameter.layout.stored, place(of: parameter, in: arena)), on: engine)
    }
  }

  private func place(of parameter: Parameter, in arena: FloatBuffer) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(arena.start + parameter.range.lowerBound)
  }

  /// One parameter's weights, row-major.
  public func read(_ parameter: Parameter) throws -> [Float] { try read(parameter, from: values) }
  /// Replaces one parameter's weights, row-major.
  public func write(_ values: [Float], to parameter: Parameter) throws {
    try write(values, to: parameter, in: self.values)
  }
}
