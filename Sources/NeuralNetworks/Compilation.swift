import CKernels
import Support

/// What a program is compiled for; only `training` keeps gradients.
package enum Mode: Hashable, Sendable {
  case training, inference
}

/// How convolutions are computed.
package enum ConvolutionAlgorithm: String, Codable, Sendable, CaseIterable {
  /// By Winograd's algorithm where there is one for the shape: it multiplies less and rounds a little more.
  case fastest
  /// Every product summed as it is written.
  case direct
}

/// Which numbers a network's products are made of when images are restored or classified; sums are 32 bits always.
package enum Precision: String, Codable, Sendable, CaseIterable {
  case float32
  /// In dense layers of a multiple of 16 units, weights and inputs rounded to 8 bits of mantissa: faster where the processor
  /// multiplies such numbers (`Network.multiplies`), and a little less exact.
  case bfloat16
}

/// What layers are compiled for.
package struct CompilationSettings {
  /// N, images at a time.
  package let batch: Int
  package let convolution: ConvolutionAlgorithm
  /// How many parts the images are divided into, each done by one thread; the sums over a step's images are made part by
  /// part, so that a network's bytes depend on their number, but not on how many threads are free to work.
  package let parts: Int
  package let mode: Mode
  /// Looked at in inference alone.
  package var precision = Precision.float32
}

/// Where the random numbers of a step come from: the same values give the same step, whatever ran before.
package struct Randomness: Equatable, Sendable {
  package var seed: UInt64
  /// Of the whole training, from 0.
  package var step: Int
  /// The number, within the step's batch, of the program's first image; for batches that several programs share.
  package var firstImage: Int

  package init(seed: UInt64 = 0, step: Int = 0, firstImage: Int = 0) {
    self.seed = seed
    self.step = step
    self.firstImage = firstImage
  }
}

/// A program while it is being compiled, layer by layer: what its layers share, and the steps so far.
package final class ProgramBuilder {
  let settings: CompilationSettings
  /// Shared by all layers of the program, since they run one after the other.
  let workspace = Workspace()
  /// In inference layers take over the memory of those that nobody reads any more.
  let buffers = BufferPool()
  /// What layers look at within a step; set before each.
  let step = Step()
  /// All that `forward` does, in its order.
  private(set) var steps: [CompiledLayer] = []

  final class Step {
    var randomness = Randomness()
    /// How much of the step's batch the program's images are: penalties count by as much.
    var share: Float = 1
    /// Changes weights as soon as their gradient is known, where a layer can; nil leaves gradients alone.
    var update: AdamUpdate?
  }

  init(settings: CompilationSettings) { self.settings = settings }

  func append(_ step: CompiledLayer) { steps.append(step) }

  /// As many tensors of one content as there are readers, so that each reader has a gradient of its own to fill.
  func fork(_ tensor: Tensor, readers: Int) throws -> [Tensor] {
    guard readers > 1, tensor.gradients != nil else { return Array(repeating: tensor, count: readers) }
    let fork = try Fork(tensor, readers: readers)
    append(fork)
    return fork.outputs
  }
}

/// Working memory for one layer at a time, as large as the largest of them wants.
final class Workspace {
  private var count = 0
  private var buffer: FloatBuffer?

  func reserve(_ count: Int) { self.count = max(self.count, count) }

  /// Call once all layers are compiled, before the first one runs.
  func allocate() throws { buffer = try FloatBuffer(count: count) }

  var start: UnsafeMutablePointer<Float>? { buffer?.start }
}

/// Memory that is used again for other tensors once all their readers are compiled.
final class BufferPool {
  private var free: [FloatBuffer] = []
  private var readers: [ObjectIdentifier: Int] = [:]

  /// The smallest that suffices, or a new one.
  func take(_ count: Int) throws -> FloatBuffer {
    let fitting = free.indices.filter { free[$0].values.count >= count }
    guard let best = fitting.min(by: { free[$0].values.count < free[$1].values.count }) else {
      return try FloatBuffer(count: count)
    }
    return free.remove(at: best)
  }

  /// Some will read it.
  func keep(_ buffer: FloatBuffer, for count: Int) { readers[ObjectIdentifier(buffer), default: 0] += count }

  /// One has read it.
  func release(_ buffer: FloatBuffer) {
    let rest = readers[ObjectIdentifier(buffer), default: 0] - 1
    readers[ObjectIdentifier(buffer)] = rest
    if rest == 0 { free.append(buffer) }
  }
}

/// Where a layer is compiled: its inputs, its parameters, and what the whole program shares.
public struct CompilationSite {
  /// What the layers before it write, in the order in which the layer names them.
  public let inputs: [Tensor]
  /// By the parameter's own name, "kernel".
  package let parameters: [String: Parameter]
  /// All of the network's.
  let network: Parameters
  /// The layer's place in the architecture.
  let number: Int
  /// What the layer does for those behind it.
  let fusion: Fusion?
  let builder: ProgramBuilder

  /// The first input.
  package var input: Tensor { inputs[0] }
  /// N, images at a time.
  package var batch: Int { builder.settings.batch }
  /// Whether gradients are wanted.
  package var mode: Mode { builder.settings.mode }
  package var settings: CompilationSettings { builder.settings }

  /// A buffer for the layer's output, with a gradient where one is needed.
  public func output(_ shape: Shape) throws -> Tensor {
    guard mode == .inference else { return try Tensor(batch: batch, shape: shape, withGradient: true) }
    return try Tensor(
      batch: batch, shape: shape, value: builder.buffers.take(batch * shape.reduce(1, *)), gradient: nil)
  }

  /// Lets nobody take over the memory of a tensor that is looked at after the whole program has run.
  func keep(_ tensor: Tensor) { builder.buffers.keep(tensor.value, for: 1) }

  /// A parameter that the layer has described.
  ///
  /// - Precondition: it is one of those.
  public func parameter(_ name: String) -> Parameter {
    guard let parameter = parameters[name] else {
      preconditionFailure("a layer was compiled without its parameter \(name)")
    }
    return parameter
  }
}
