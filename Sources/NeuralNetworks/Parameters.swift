import OneDNN
import Support

/// A weight array that a layer wants: its extents as Keras has them and how it starts.
public struct ParameterDescription: Equatable, Sendable {
  /// How values start.
  public enum Initial: Equatable, Sendable {
    case zeros, ones
    /// Uniform in ± √(6 / (inputs + outputs)) (Glorot and Bengio 2010), counting each tap of a convolution's kernel.
    case glorotUniform
  }

  public var name: String
  /// Kernels (inputs, outputs), of convolutions (KH, KW, inputs, outputs).
  public var shape: Shape
  public var initial: Initial
  /// Whether training changes it by its gradient; otherwise it has none, and its layer keeps it.
  public var isTrainable: Bool

  public init(name: String, shape: Shape, initial: Initial, isTrainable: Bool = true) {
    self.name = name
    self.shape = shape
    self.initial = initial
    self.isTrainable = isTrainable
  }

  public var count: Int { shape.reduce(1, *) }

  /// The starting values, row-major: a pure function of the seed and the layer's number among those with weights.
  public func initialValues(seed: UInt64, number: Int) -> [Float] {
    switch initial {
    case .zeros: return [Float](repeating: 0, count: count)
    case .ones: return [Float](repeating: 1, count: count)
    case .glorotUniform:
      var generator = Philox(seed: seed, index: number, purpose: .weights)
      let taps = shape.dropLast(2).reduce(1, *)
      let limit = (6 / Float(taps * (shape[shape.count - 2] + shape[shape.count - 1]))).squareRoot()
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
  /// Whether a kernel (KH, KW, …) is stored turned by 180°: a transposed convolution is a convolution with that.
  public var isMirrored = false
}

/// A weight array in the network's arenas, which it keeps.
public struct Parameter {
  /// "dense_1/kernel"
  public let name: String
  public let description: ParameterDescription
  public let layout: ParameterLayout
  /// Where it lies in the arenas.
  public let range: Range<Int>
  let home: FloatBuffer
  let gradientHome: FloatBuffer

  /// In `layout.stored`, padding included (always zero); there as long as the parameter is kept.
  public var values: UnsafeMutableBufferPointer<Float> { .init(rebasing: home.values[range]) }
  /// Likewise; what the last `Program.step` left. Empty where it is not trainable.
  public var gradients: UnsafeMutableBufferPointer<Float> {
    .init(rebasing: gradientHome.values[description.isTrainable ? range : 0..<0])
  }
}

/// All weights of a network side by side in one arena, and all gradients in another with the same places. What training
/// does not change by a gradient, such as running statistics, has a third arena.
public final class Parameters {
  public private(set) var all: [Parameter] = []
  public let values: FloatBuffer
  public let gradients: FloatBuffer
  public let statistics: FloatBuffer
  private let engine: Engine

  typealias Wanted = (name: String, description: ParameterDescription, layout: ParameterLayout)

  init(_ wanted: [Wanted], on engine: Engine) throws {
    self.engine = engine
    // Each starts on a cache line of its own.
    func length(_ item: Wanted) -> Int { (item.layout.stored.byteCount + 63) / 64 * 16 }
    func room(trainable: Bool) -> Int {
      wanted.filter { $0.description.isTrainable == trainable }.map(length).reduce(0, +)
    }
    values = try FloatBuffer(count: room(trainable: true))
    gradients = try FloatBuffer(count: room(trainable: true))
    statistics = try FloatBuffer(count: room(trainable: false))
    var ends = [true: 0, false: 0]
    for item in wanted {
      let trainable = item.description.isTrainable
      let start = ends[trainable, default: 0]
      let range = start..<start + length(item)
      ends[trainable] = range.upperBound
      all.append(
        Parameter(
          name: item.name, description: item.description, layout: item.layout, range: range,
          home: trainable ? values : statistics, gradientHome: gradients))
    }
  }

  /// Those that an optimizer changes.
  public var trainable: [Parameter] { all.filter(\.description.isTrainable) }
  /// Trainable numbers, padding not counted.
  public var count: Int { trainable.map(\.description.count).reduce(0, +) }
  /// Whether every number in the arenas is one.
  public var areFinite: Bool {
    values.values.allSatisfy(\.isFinite) && statistics.values.allSatisfy(\.isFinite)
  }

  /// By its full name, "dense_1/kernel".
  public subscript(name: String) -> Parameter? { all.first { $0.name == name } }

  /// The part of `arena` (the weights, the gradients, or an optimizer's moments) that belongs to `parameter`, row-major.
  public func read(_ parameter: Parameter, from arena: FloatBuffer) throws -> [Float] {
    let values = try [Float](unsafeUninitializedCapacity: parameter.description.count) { buffer, count in
      try Reorder.copy(
        from: (parameter.layout.stored, place(of: parameter, in: arena)),
        to: (parameter.layout.plain, UnsafeMutableRawPointer(buffer.baseAddress!)), on: engine)
      count = parameter.description.count
    }
    return parameter.layout.isMirrored ? Self.mirrored(values, parameter.description.shape) : values
  }

  /// Replaces that part.
  ///
  /// - Precondition: `values` holds `parameter.description.count` numbers, row-major.
  public func write(_ values: [Float], to parameter: Parameter, in arena: FloatBuffer) throws {
    precondition(values.count == parameter.description.count, "\(parameter.name): wrong number of values")
    var values = parameter.layout.isMirrored ? Self.mirrored(values, parameter.description.shape) : values
    try values.withUnsafeMutableBytes { bytes in
      try Reorder.copy(
        from: (parameter.layout.plain, bytes.baseAddress!),
        to: (parameter.layout.stored, place(of: parameter, in: arena)), on: engine)
    }
  }

  /// (KH, KW, …) with its taps in the opposite order.
  private static func mirrored(_ values: [Float], _ shape: Shape) -> [Float] {
    let size = shape.dropFirst(2).reduce(1, *)
    return stride(from: values.count - size, through: 0, by: -size).flatMap { values[$0..<$0 + size] }
  }

  private func place(of parameter: Parameter, in arena: FloatBuffer) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(arena.start + parameter.range.lowerBound)
  }

  /// One parameter's weights, row-major.
  public func read(_ parameter: Parameter) throws -> [Float] { try read(parameter, from: parameter.home) }
  /// Replaces one parameter's weights, row-major.
  public func write(_ values: [Float], to parameter: Parameter) throws {
    try write(values, to: parameter, in: parameter.home)
  }
}
