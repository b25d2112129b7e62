import Groundwork
import OneDNN

/// Extents without the batch: [H, W, C] for pictures, [features] for vectors.
public typealias Shape = [Int]

/// What a layer is, as a small value: it can be printed, compared and stored, and says what it makes of its input.
///
/// A new layer is one type that conforms, named in `LayerRegistry.all`.
public protocol Layer: Codable, Equatable, Sendable {
  /// The word for it in files: "dense".
  static var type: String { get }
  /// Checks the layer's own settings and its input, and throws a `LayerError` that says what does not fit.
  func outputShape(for input: Shape) throws(LayerError) -> Shape
  /// Weights in the order in which they are stored; shapes as Keras has them.
  func parameters(for input: Shape) -> [ParameterDescription]
  /// The layout in memory that each of `parameters` is fastest in, by name.
  func layouts(for input: Shape, batch: Int, on engine: Engine) throws -> [String: ParameterLayout]
  /// The layer's work on buffers that exist.
  func compile(_ site: CompilationSite) throws -> CompiledLayer
  /// The function applied at the very end.
  var activation: Activation { get }
  /// Leaves `activation` to the loss, which takes what comes before it; set when a program is compiled, never stored.
  var defersActivation: Bool { get set }
}

extension Layer {
  public func parameters(for input: Shape) -> [ParameterDescription] { [] }
  public func layouts(for input: Shape, batch: Int, on engine: Engine) throws -> [String: ParameterLayout] { [:] }
  public var activation: Activation { .linear }
  public var defersActivation: Bool {
    get { false }
    set { precondition(!newValue, "\(Self.type) has no activation to defer") }
  }
}

/// Why a layer cannot be; whoever knows the layer's name adds it.
public struct LayerError: Error, Equatable, Sendable {
  public var problem: String
  public init(_ problem: String) { self.problem = problem }
}

/// A layer on its buffers. `backward` fills the input's gradient, if it has one, and the parameters' gradients.
public protocol CompiledLayer: AnyObject {
  /// What `forward` writes and the next layer reads.
  var output: Tensor { get }
  func forward() throws
  func backward() throws
  /// What the layer's regularizers add to the loss, after `forward`.
  func penalty() -> Float
}

extension CompiledLayer {
  public func penalty() -> Float { 0 }
}

/// Where a layer is compiled: its input, its parameters, and for how many pictures at a time.
public struct CompilationSite {
  /// (N, …), what the layer before it writes.
  public let input: Tensor
  /// By the parameter's own name, "kernel".
  public let parameters: [String: Parameter]
  /// N, pictures at a time.
  public let batch: Int
  /// Whether gradients are wanted.
  public let mode: Mode
  public let engine: Engine
  /// Shared by all primitives of the program.
  public let scratchpad: Scratchpad

  /// A buffer for the layer's output, with a gradient where one is needed.
  public func output(_ shape: Shape) -> Tensor { Tensor(batch: batch, shape: shape, withGradient: mode == .training) }
}

/// What a program is compiled for; only `training` keeps gradients.
public enum Mode: Hashable, Sendable {
  case training, inference
}

/// All layers that a file may name.
enum LayerRegistry {
  static let all: [any Layer.Type] = [Flatten.self, Reshape.self, Dense.self, ActivationLayer.self]

  static func type(named name: String) -> (any Layer.Type)? { all.first { $0.type == name } }
}
