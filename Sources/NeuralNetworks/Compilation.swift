import OneDNN

/// What a program is compiled for; only `training` keeps gradients.
public enum Mode: Hashable, Sendable {
  case training, inference
}

/// How convolutions are computed.
public enum ConvolutionAlgorithm: String, Codable, Sendable, CaseIterable {
  /// By Winograd's algorithm where there is one for the shape: it multiplies less and rounds a little more.
  case fastest
  /// Every product summed as it is written.
  case direct
}

/// What layers are laid out and compiled for.
public struct CompilationSettings {
  /// N, images at a time.
  public let batch: Int
  public let convolution: ConvolutionAlgorithm
  public let engine: Engine
}

/// Where the random numbers of a step come from: the same values give the same step, whatever ran before.
public struct Randomness: Equatable, Sendable {
  public var seed: UInt64
  /// Of the whole training, from 0.
  public var step: Int
  /// The number, within the step's batch, of the program's first image; for batches that several programs share.
  public var firstImage: Int

  public init(seed: UInt64 = 0, step: Int = 0, firstImage: Int = 0) {
    self.seed = seed
    self.step = step
    self.firstImage = firstImage
  }
}

/// A program while it is being compiled, layer by layer: what its layers share, and the steps so far.
public final class ProgramBuilder {
  let mode: Mode
  let settings: CompilationSettings
  /// Shared by all primitives of the program.
  let scratchpad = Scratchpad()
  /// What layers look at within a step; set before each.
  let step = Step()
  /// All that `forward` does, in its order.
  private(set) var steps: [CompiledLayer] = []

  final class Step {
    var randomness = Randomness()
    /// How much of the step's batch the program's images are: penalties count by as much.
    var share: Float = 1
  }

  init(mode: Mode, settings: CompilationSettings) {
    self.mode = mode
    self.settings = settings
  }

  func append(_ step: CompiledLayer) { steps.append(step) }

  /// The same values in another layout; itself where it lies that way already.
  func converted(_ tensor: Tensor, to layout: TensorLayout) throws -> Tensor {
    if tensor.layout == layout { return tensor }
    let conversion = try Conversion(of: tensor, to: layout, on: settings.engine, scratchpad: scratchpad)
    append(conversion)
    return conversion.output
  }

  /// As many tensors of one content as there are readers, so that each reader has a gradient of its own to fill.
  func fork(_ tensor: Tensor, readers: Int) throws -> [Tensor] {
    guard readers > 1, tensor.gradients != nil else { return Array(repeating: tensor, count: readers) }
    let fork = try Fork(tensor, readers: readers)
    append(fork)
    return fork.outputs
  }
}

/// Where a layer is compiled: its inputs, its parameters, and what the whole program shares.
public struct CompilationSite {
  /// What the layers before it write, in the order in which the layer names them; in any layout.
  public let inputs: [Tensor]
  /// By the parameter's own name, "kernel".
  public let parameters: [String: Parameter]
  /// The layer's place in the architecture.
  let number: Int
  let builder: ProgramBuilder

  /// The first input.
  public var input: Tensor { inputs[0] }
  /// N, images at a time.
  public var batch: Int { builder.settings.batch }
  /// Whether gradients are wanted.
  public var mode: Mode { builder.mode }
  public var settings: CompilationSettings { builder.settings }
  public var engine: Engine { builder.settings.engine }
  public var scratchpad: Scratchpad { builder.scratchpad }

  /// A buffer for the layer's output, row-major, with a gradient where one is needed.
  public func output(_ shape: Shape) throws -> Tensor {
    try output(shape, layout: Tensor.plainLayout(batch: batch, shape: shape))
  }

  /// The same in a layout of the layer's choice.
  public func output(_ shape: Shape, layout: TensorLayout) throws -> Tensor {
    try Tensor(batch: batch, shape: shape, layout: layout, withGradient: mode == .training)
  }

  /// The tensor as everybody outside sees it: (N, …shape), row-major.
  public func plain(_ tensor: Tensor) throws -> Tensor {
    try builder.converted(tensor, to: Tensor.plainLayout(batch: batch, shape: tensor.shape))
  }

  /// The first input, row-major.
  public func plainInput() throws -> Tensor { try plain(input) }

  /// A parameter that the layer has described.
  func parameter(_ name: String) -> Parameter {
    guard let parameter = parameters[name] else {
      preconditionFailure("a layer was compiled without its parameter \(name)")
    }
    return parameter
  }

  func memory(_ layout: TensorLayout, _ buffer: UnsafeMutableBufferPointer<Float>) throws -> Memory {
    try Memory(layout, at: buffer.baseAddress, on: engine)
  }
}

/// A tensor copied into another layout, and its gradient back.
final class Conversion: CompiledLayer {
  let output: Tensor
  /// Its memory is the primitives'.
  private let input: Tensor
  private let there: Primitive
  private let back: Primitive?

  init(of input: Tensor, to layout: TensorLayout, on engine: Engine, scratchpad: Scratchpad) throws {
    self.input = input
    output = try Tensor(batch: input.batch, shape: input.shape, layout: layout, withGradient: input.gradients != nil)
    there = try Reorder.primitive(
      from: (input.layout, UnsafeMutableRawPointer(input.start)), to: (layout, UnsafeMutableRawPointer(output.start)),
      on: engine, scratchpad: scratchpad)
    guard let from = output.gradients?.baseAddress, let to = input.gradients?.baseAddress else {
      back = nil
      return
    }
    back = try Reorder.primitive(
      from: (layout, UnsafeMutableRawPointer(from)), to: (input.layout, UnsafeMutableRawPointer(to)), on: engine,
      scratchpad: scratchpad)
  }

  func forward() throws { try there.run() }
  func backward() throws { try back?.run() }
}
