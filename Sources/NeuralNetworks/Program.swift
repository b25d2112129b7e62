import CKernels
import OneDNN

/// A network compiled for a number of images: every buffer and every primitive made once, nothing allocated after.
///
/// Fill `input` (and `targets`), call `forward`, `evaluate` or `step`, read `output`. One thread at a time. It keeps the
/// network's weights; the pointers that it hands out are good as long as it is kept itself.
public final class Program {
  /// (N, H, W, C), pixels in 0…1
  public let input: UnsafeMutableBufferPointer<Float>
  /// (N, …); logits where the loss applies the final sigmoid itself.
  public var output: UnsafeMutableBufferPointer<Float> { last.values }
  /// Like the output; empty without a loss.
  public let targets: UnsafeMutableBufferPointer<Float>
  public let batch: Int
  public let mode: Mode
  public let loss: Loss?

  private let inputTensor: Tensor
  /// The primitives read and write their memory, so that they must live as long.
  private let parameters: Parameters
  private let targetBuffer: FloatBuffer
  private let last: Tensor
  /// Each of the architecture's layers, in its order.
  package let layers: [CompiledLayer]
  /// These and what was put between them: changes of layout, sums of gradients.
  private let steps: [CompiledLayer]
  private let scratchpad: Scratchpad
  private let context: ProgramBuilder.Step
  private let rows: UnsafeMutableBufferPointer<kernels_row_loss>

  init(
    _ architecture: Architecture, parameters: Parameters, mode: Mode, loss: Loss?, settings: CompilationSettings
  ) throws {
    let head = try loss?.head(of: architecture) ?? architecture
    self.parameters = parameters
    let builder = ProgramBuilder(mode: mode, settings: settings)
    inputTensor = try Tensor(
      batch: settings.batch, shape: head.input,
      layout: try Tensor.plainLayout(batch: settings.batch, shape: head.input), withGradient: false)
    layers = try Self.compile(head, from: inputTensor, parameters, builder)
    guard let output = layers.last?.output else { preconditionFailure("an architecture without layers was compiled") }
    last = try builder.converted(output, to: Tensor.plainLayout(batch: settings.batch, shape: output.shape))
    try builder.scratchpad.allocate()
    (steps, scratchpad, context) = (builder.steps, builder.scratchpad, builder.step)
    (batch, self.mode, self.loss) = (settings.batch, mode, loss)
    input = inputTensor.values
    targetBuffer = try FloatBuffer(count: loss == nil ? 0 : last.values.count)
    targets = targetBuffer.values
    rows = .allocate(capacity: batch)
    rows.initialize(repeating: kernels_row_loss())
  }

  /// Layer by layer; each output is handed to as many layers as name it.
  private static func compile(
    _ architecture: Architecture, from input: Tensor, _ parameters: Parameters, _ builder: ProgramBuilder
  ) throws -> [CompiledLayer] {
    let sources = architecture.sources
    var readers: [Int: [Tensor]] = [:]
    func hand(out tensor: Tensor, of source: Int) throws {
      let count = sources.joined().count { $0 == source }
      readers[source] = try builder.fork(tensor, readers: count)
    }
    try hand(out: input, of: Architecture.inputSource)
    return try architecture.layers.enumerated().map { number, named in
      let inputs = sources[number].map { source in
        guard let tensor = readers[source]?.popLast() else { preconditionFailure("more readers than were counted") }
        return tensor
      }
      let own = Dictionary(
        uniqueKeysWithValues: parameters.all.filter { $0.name == "\(named.name)/\($0.description.name)" }
          .map { ($0.description.name, $0) })
      let layer = try named.layer.compile(
        CompilationSite(inputs: inputs, parameters: own, number: number, builder: builder))
      builder.append(layer)
      try hand(out: layer.output, of: number)
      return layer
    }
  }

  deinit { rows.deallocate() }

  /// Input → output.
  public func forward() throws {
    for step in steps { try step.forward() }
  }

  /// Forward, the loss, and backward: leaves the loss' derivatives in the parameters' gradients.
  ///
  /// - Parameters:
  ///   - randomness: what layers such as dropout draw from.
  ///   - images: of the whole batch, where the program's are a part of it and the gradients of all parts are to be
  ///     added: losses are then means over that many, and penalties count once over all parts.
  public func step(drawing randomness: Randomness = Randomness(), ofBatch images: Int? = nil) throws -> LossSums {
    precondition(mode == .training, "a step wants a program for training")
    let images = images ?? batch
    precondition(images >= batch, "a part is no larger than the whole")
    context.randomness = randomness
    context.share = Float(batch) / Float(images)
    try forward()
    let sums = measure(into: last.gradients, ofBatch: images)
    try backward()
    return sums
  }

  /// From the output's gradient to those of the parameters.
  package func backward() throws {
    for step in steps.reversed() { try step.backward() }
  }

  /// Forward and the loss alone.
  public func evaluate() throws -> LossSums {
    try forward()
    return measure(into: nil, ofBatch: batch)
  }

  /// Each image's sum is made by one thread and they are added in order: the same for any number of threads.
  private func measure(into gradients: UnsafeMutableBufferPointer<Float>?, ofBatch images: Int) -> LossSums {
    guard let loss else { preconditionFailure("the program was compiled without a loss") }
    let values = loss.target == .label ? batch : last.values.count
    kernels_measure_loss(
      kernels_loss(
        kind: loss.kernel, outputs: last.values.baseAddress, targets: targets.baseAddress,
        gradients: gradients?.baseAddress, size: last.size, scale: 1 / Float(values / batch * images),
        rows: rows.baseAddress), batch)
    var sums = LossSums()
    for row in rows {
      sums.loss += Double(row.sum)
      sums.correct += Int(row.correct)
    }
    (sums.values, sums.images) = (values, batch)
    for layer in layers { sums.penalty += Double(layer.penalty()) }
    sums.penalty *= Double(batch)
    return sums
  }
}
