import Support

/// Extents without the batch: [H, W, C] for images, [features] for vectors.
package typealias Shape = [Int]

/// What a layer is, as a small value: it can be printed, compared and stored, and says what it makes of its inputs.
///
/// A new layer is one type that conforms (to `UnaryLayer` where it has one input), named in `LayerRegistry.all`.
package protocol Layer: Codable, Equatable, Sendable {
  /// The word for it in files, Keras' own: "dense".
  static var type: String { get }
  /// Checks the layer's own settings and its inputs, and throws a `LayerError` that says what does not fit.
  func outputShape(for inputs: [Shape]) throws(LayerError) -> Shape
  /// Weights in the order in which they are stored; shapes as Keras has them.
  func parameters(for inputs: [Shape]) -> [ParameterDescription]
  /// Products that are added up for one image; 0 where there is nothing but changes of single numbers.
  func multiplyAdds(for inputs: [Shape], output: Shape) -> Int
  /// The layer's work on buffers that exist.
  func compile(_ site: CompilationSite) throws -> CompiledLayer
  /// The function applied at the very end.
  var activation: Activation { get }
  /// Leaves `activation` to the loss, which takes what comes before it; set when a program is compiled, never stored.
  var defersActivation: Bool { get set }
}

/// A layer with one input.
package protocol UnaryLayer: Layer {
  func outputShape(for input: Shape) throws(LayerError) -> Shape
  func parameters(for input: Shape) -> [ParameterDescription]
}

extension Layer {
  package func parameters(for inputs: [Shape]) -> [ParameterDescription] { [] }
  package func multiplyAdds(for inputs: [Shape], output: Shape) -> Int { 0 }
  package var activation: Activation { .linear }
  package var defersActivation: Bool {
    get { false }
    set { precondition(!newValue, "\(Self.type) has no activation to defer") }
  }
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
package struct LayerError: Error, Equatable, Sendable {
  package var problem: String
  package init(_ problem: String) { self.problem = problem }
}

/// A layer on its buffers. `backward` fills the input's gradient, if it has one, and the parameters' gradients.
package protocol CompiledLayer: AnyObject {
  /// What `forward` writes and the next layer reads.
  var output: Tensor { get }
  func forward() throws
  func backward() throws
  /// What the layer's regularizers add to the loss, after `forward`.
  func penalty() -> Float
  /// Places in the arena of those parameters that `backward` has changed already, where the step says how.
  var updatedInPlace: [Range<Int>] { get }
  /// How it is computed, in a few words.
  var method: String { get }
}

extension CompiledLayer {
  package func penalty() -> Float { 0 }
  package var updatedInPlace: [Range<Int>] { [] }
  package var method: String { "loops" }
}

/// All layers that a file may name.
enum LayerRegistry {
  static let all: [any Layer.Type] = [
    Flatten.self, Reshape.self, Dense.self, ActivationLayer.self, Convolution2D.self, TransposedConvolution2D.self,
    MaxPooling2D.self, UpSampling2D.self, ZeroPadding2D.self, Cropping2D.self, BatchNormalization.self, Dropout.self,
    Add.self, Concatenate.self,
  ]

  static func type(named name: String) -> (any Layer.Type)? { all.first { $0.type == name } }
}
