import Support
import Synchronization

/// Extents without the batch: [H, W, C] for images, [features] for vectors.
public typealias Shape = [Int]

/// What a layer is, as a small value: it can be printed, compared and stored, and says what it makes of its inputs.
///
/// A new layer is one type that conforms, made known by `LayerRegistry.register`; those of the package stand in that registry.
public protocol Layer: Codable, Equatable, Sendable {
  /// The word for it in files, Keras' own: "dense".
  static var type: String { get }
  /// Checks the layer's own settings and its inputs, and throws a `LayerError` that says what does not fit.
  func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape
  /// Weights in the order in which they are stored; shapes as Keras has them.
  func parameters(for inputs: [Shape]) -> [ParameterDescription]
  /// The layer's work on buffers that exist.
  func compile(_ site: CompilationSite) throws -> CompiledLayer
}

/// A layer with one input.
package protocol UnaryLayer: Layer {
  func outputShape(for input: Shape) throws(LayerError) -> Shape
  func parameters(for input: Shape) -> [ParameterDescription]
}

extension Layer {
  public func parameters(for inputs: [Shape]) -> [ParameterDescription] { [] }
}

/// A layer whose work is products.
package protocol MultiplyingLayer: Layer {
  /// Products that are added up for one image.
  func multiplyAdds(for inputs: [Shape], output: Shape) -> Int
}

/// A layer that ends in a function of each number.
package protocol ActivatedLayer: Layer {
  /// The function applied at the very end.
  var activation: Activation { get }
  /// Leaves `activation` to the loss, which takes what comes before it; set when a program is compiled, never stored.
  var defersActivation: Bool { get set }
}

extension UnaryLayer {
  package func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs.count == 1 else { throw LayerError("takes one input, not \(inputs.count)") }
    return try outputShape(for: inputs[0])
  }
  package func parameters(for inputs: [Shape]) -> [ParameterDescription] { parameters(for: inputs[0]) }
  package func parameters(for input: Shape) -> [ParameterDescription] { [] }
}

/// Why a layer cannot be; whoever knows the layer's name adds it.
public struct LayerError: Error, Equatable, Sendable {
  package var problem: String
  /// What does not fit, in words that follow the layer's name.
  public init(_ problem: String) { self.problem = problem }
}

/// A layer on its buffers. `backward` fills the input's gradient, if it has one, and the parameters' gradients.
public protocol CompiledLayer: AnyObject {
  /// What `forward` writes and the next layer reads.
  var output: Tensor { get }
  /// Fills `output` from the inputs.
  func forward() throws
  /// Fills the inputs' and the parameters' gradients from the output's; only in training.
  func backward() throws
}

/// What a compiled layer may tell beside its output.
package protocol DetailedLayer: CompiledLayer {
  /// What the layer's regularizers add to the loss, after `forward`.
  func penalty() -> Float
  /// Places in the arena of those parameters that `backward` has changed already, where the step says how.
  var updatedInPlace: [Range<Int>] { get }
  /// How it is computed, in a few words.
  var method: String { get }
}

extension DetailedLayer {
  package func penalty() -> Float { 0 }
  package var updatedInPlace: [Range<Int>] { [] }
}

extension CompiledLayer {
  /// How it is computed, in a few words.
  package var computation: String { (self as? any DetailedLayer)?.method ?? "loops" }
}

/// All layers that a file may name.
public enum LayerRegistry {
  private static let builtIn: [any Layer.Type] = [
    Flatten.self, Reshape.self, Dense.self, ActivationLayer.self, Convolution2D.self, TransposedConvolution2D.self,
    MaxPooling2D.self, UpSampling2D.self, ZeroPadding2D.self, Cropping2D.self, BatchNormalization.self, Dropout.self,
    Add.self, Concatenate.self,
  ]

  private static let added = Mutex<[any Layer.Type]>([])

  /// Lets files name a layer of somebody's own; to be called before any network or model that has it is read.
  ///
  /// - Precondition: no other layer has its type's name.
  public static func register(_ type: any Layer.Type) {
    added.withLock { added in
      if added.contains(where: { $0 == type }) { return }
      precondition(!(builtIn + added).contains { $0.type == type.type }, "there is a layer \(type.type) already")
      added.append(type)
    }
  }

  static var all: [any Layer.Type] { builtIn + added.withLock { $0 } }

  static func type(named name: String) -> (any Layer.Type)? { all.first { $0.type == name } }
}
