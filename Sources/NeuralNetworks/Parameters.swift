import CKernels
import Support

/// A weight array that a layer wants: its extents as Keras has them and how it starts.
public struct ParameterDescription: Equatable, Sendable {
  /// How values start.
  public enum Initial: Equatable, Sendable {
    /// All 0.
    case zeros
    /// All 1.
    case ones
    /// Uniform in ± √(6 / (inputs + outputs)) (Glorot and Bengio 2010), counting each tap of a convolution's kernel.
    case glorotUniform
  }

  package var name: String
  /// Kernels (inputs, outputs), of convolutions (KH, KW, inputs, outputs).
  package var shape: Shape
  package var initial: Initial
  /// Whether training changes it by its gradient; otherwise it has none, and its layer keeps it.
  package var isTrainable: Bool
  /// Whether the kernel (inputs, outputs) of a dense layer lies in panels, as its products want it.
  var isInPanels = false

  /// - Parameters:
  ///   - name: its own, within the layer: "kernel".
  ///   - shape: its sizes, from the slowest axis to the fastest.
  ///   - initial: how its values are drawn.
  ///   - isTrainable: whether the optimizer changes it; false for running statistics.
  public init(name: String, shape: Shape, initial: Initial, isTrainable: Bool = true) {
    self.name = name
    self.shape = shape
    self.initial = initial
    self.isTrainable = isTrainable
  }

  package var count: Int { shape.reduce(1, *) }

  /// Floats that it takes in an arena: panels hold whole columns of sixteen.
  var storedCount: Int {
    guard isInPanels else { return count }
    let panel = Int(KERNELS_PANEL)
    return shape[0] * ((shape[1] + panel - 1) / panel * panel)
  }

  /// The starting values, row-major: a pure function of the seed and the layer's number among those with weights.
  package func initialValues(seed: UInt64, number: Int) -> [Float] {
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

/// A weight array in the network's arenas, which it keeps.
public struct Parameter {
  /// "dense_1/kernel"
  package let name: String
  package let description: ParameterDescription
  /// Where it lies in the arenas.
  package let range: Range<Int>
  let home: FloatBuffer
  let gradientHome: FloatBuffer

  /// Row-major or in panels, padding included (always zero); there as long as the parameter is kept.
  public var values: UnsafeMutableBufferPointer<Float> { .init(rebasing: home.values[range]) }
  /// Likewise; what the last `Program.step` left. Empty where it is not trainable.
  public var gradients: UnsafeMutableBufferPointer<Float> {
    .init(rebasing: gradientHome.values[description.isTrainable ? range : 0..<0])
  }
}

/// All weights of a network side by side in one arena, and all gradients in another with the same places. What training
/// does not change by a gradient, such as running statistics, has a third arena.
package final class Parameters {
  package private(set) var all: [Parameter] = []
  package let values: FloatBuffer
  package let gradients: FloatBuffer
  package let statistics: FloatBuffer

  typealias Wanted = (name: String, description: ParameterDescription)

  init(_ wanted: [Wanted]) throws {
    // Each starts on a cache line of its own.
    func length(_ item: Wanted) -> Int { (item.description.storedCount + 15) / 16 * 16 }
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
          name: item.name, description: item.description, range: range, home: trainable ? values : statistics,
          gradientHome: gradients))
    }
  }

  /// Those that an optimizer changes.
  package var trainable: [Parameter] { all.filter(\.description.isTrainable) }
  /// Trainable numbers, padding not counted.
  package var count: Int { trainable.map(\.description.count).reduce(0, +) }
  /// Grows with every change of a weight, so that what was made from weights is made anew; whoever writes into an arena by
  /// himself calls `touch`.
  package private(set) var revision = 0
  package func touch() { revision += 1 }

  private var packedKernels: [PackedKernel.Key: PackedKernel] = [:]

  /// The one that programs share.
  func packedKernel(_ key: PackedKernel.Key, count: Int) throws -> PackedKernel {
    if let kernel = packedKernels[key] { return kernel }
    let kernel = try PackedKernel(count: count)
    packedKernels[key] = kernel
    return kernel
  }

  /// Of one layer, by their own names: "kernel".
  func own(_ layer: String) -> [String: Parameter] {
    Dictionary(
      uniqueKeysWithValues: all.filter { $0.name == "\(layer)/\($0.description.name)" }
        .map { ($0.description.name, $0) })
  }

  /// By its full name, "dense_1/kernel".
  package subscript(name: String) -> Parameter? { all.first { $0.name == name } }

  /// The part of `arena` (the weights, the gradients, or an optimizer's moments) that belongs to `parameter`, row-major.
  package func read(_ parameter: Parameter, from arena: FloatBuffer) -> [Float] {
    let place = arena.start + parameter.range.lowerBound
    let description = parameter.description
    return [Float](unsafeUninitializedCapacity: description.count) { buffer, count in
      if description.isInPanels {
        kernels_from_panels(place, buffer.baseAddress, description.shape[0], description.shape[1])
      } else {
        buffer.baseAddress?.initialize(from: place, count: description.count)
      }
      count = description.count
    }
  }

  /// Replaces that part.
  ///
  /// - Precondition: `values` holds `parameter.description.count` numbers, row-major.
  package func write(_ values: [Float], to parameter: Parameter, in arena: FloatBuffer) {
    let description = parameter.description
    precondition(values.count == description.count, "\(parameter.name): wrong number of values")
    let place = arena.start + parameter.range.lowerBound
    touch()
    values.withUnsafeBufferPointer { values in
      guard let start = values.baseAddress else { return }
      if description.isInPanels {
        kernels_to_panels(start, place, description.shape[0], description.shape[1])
      } else {
        place.update(from: start, count: values.count)
      }
    }
  }

  /// One parameter's weights, row-major.
  package func read(_ parameter: Parameter) -> [Float] { read(parameter, from: parameter.home) }
  /// Replaces one parameter's weights, row-major.
  package func write(_ values: [Float], to parameter: Parameter) {
    write(values, to: parameter, in: parameter.home)
  }
}
