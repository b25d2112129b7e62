import CKernels

/// A network compiled for a number of images: every buffer made once, nothing allocated after.
///
/// Fill `input` (and `targets`), call `forward`, `evaluate` or `step`, read `output`. One thread at a time. It keeps the
/// network's weights; the pointers that it hands out are good as long as it is kept itself.
package final class Program {
  /// (N, H, W, C), pixels in 0…1
  package let input: UnsafeMutableBufferPointer<Float>
  /// (N, …); logits where the loss applies the final sigmoid itself.
  package var output: UnsafeMutableBufferPointer<Float> { last.values }
  /// Like the output; empty without a loss.
  package let targets: UnsafeMutableBufferPointer<Float>
  package let batch: Int
  package let mode: Mode
  package let loss: Loss?

  private let inputTensor: Tensor
  /// The layers read and write their memory, so that they must live as long.
  let parameters: Parameters
  private let targetBuffer: FloatBuffer
  let last: Tensor
  let architecture: Architecture
  /// Each of the architecture's layers, in its order.
  package let layers: [CompiledLayer]
  /// These and what was put between them: functions applied in place, sums of gradients.
  let steps: [CompiledLayer]
  private let workspace: Workspace
  private let context: ProgramBuilder.Step
  private let rows: UnsafeMutableBufferPointer<kernels_row_loss>
  /// Those layers that tell of penalties and changed weights.
  private let detailed: [any DetailedLayer]
  /// Places of the weights that no layer changes by itself.
  private let left: [Range<Int>]

  init(
    _ architecture: Architecture, parameters: Parameters, loss: Loss?, settings: CompilationSettings
  ) throws {
    let head = try loss?.head(of: architecture) ?? architecture
    self.parameters = parameters
    self.architecture = architecture
    let builder = ProgramBuilder(settings: settings)
    inputTensor = try Tensor(batch: settings.batch, shape: head.input, withGradient: false)
    layers = try Self.compile(head, from: inputTensor, parameters, builder)
    detailed = layers.compactMap { $0 as? any DetailedLayer }
    guard let output = layers.last?.output else { preconditionFailure("an architecture without layers was compiled") }
    last = output
    try builder.workspace.allocate()
    (steps, workspace, context) = (builder.steps, builder.workspace, builder.step)
    (batch, mode, self.loss) = (settings.batch, settings.mode, loss)
    input = inputTensor.values
    targetBuffer = try FloatBuffer(count: loss == nil ? 0 : last.values.count)
    targets = targetBuffer.values
    left = Self.remainder(of: 0..<parameters.values.values.count, without: detailed.flatMap(\.updatedInPlace))
    rows = .allocate(capacity: batch)
    rows.initialize(repeating: kernels_row_loss())
  }

  /// Layer by layer; each output is handed to as many layers as name it.
  private static func compile(
    _ architecture: Architecture, from input: Tensor, _ parameters: Parameters, _ builder: ProgramBuilder
  ) throws -> [CompiledLayer] {
    let sources = architecture.sources
    let fusions = Fusion.all(in: architecture, parameters, mode: builder.settings.mode)
    let absorbed = Set(fusions.values.flatMap(\.absorbed))
    var readers: [Int: [Tensor]] = [:]
    func hand(out tensor: Tensor, of source: Int) throws {
      let count = sources.joined().count { $0 == source }
      builder.buffers.keep(tensor.value, for: count)
      readers[source] = try builder.fork(tensor, readers: count)
    }
    // It is filled in by the program's user, and therefore never free.
    builder.buffers.keep(input.value, for: 1)
    try hand(out: input, of: Architecture.inputSource)
    return try architecture.layers.enumerated().map { number, named in
      let inputs = sources[number].map { source in
        guard let tensor = readers[source]?.popLast() else { preconditionFailure("more readers than were counted") }
        return tensor
      }
      let layer: CompiledLayer =
        absorbed.contains(number)
        ? PassingThrough(output: inputs[0])
        : try named.layer.compile(
          CompilationSite(
            inputs: inputs, parameters: parameters.own(named.name), network: parameters, number: number,
            fusion: fusions[number], builder: builder))
      builder.append(layer)
      try hand(out: layer.output, of: number)
      for input in inputs { builder.buffers.release(input.value) }
      return layer
    }
  }

  /// What `ranges`, which do not overlap, leave of a whole.
  private static func remainder(of whole: Range<Int>, without ranges: [Range<Int>]) -> [Range<Int>] {
    var rest: [Range<Int>] = []
    var start = whole.lowerBound
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if start < range.lowerBound { rest.append(start..<range.lowerBound) }
      start = range.upperBound
    }
    if start < whole.upperBound { rest.append(start..<whole.upperBound) }
    return rest
  }

  deinit { rows.deallocate() }

  /// Input → output.
  package func forward() throws {
    for step in steps { try step.forward() }
  }

  /// Forward, the loss, and backward: leaves the loss' derivatives in the parameters' gradients.
  ///
  /// - Parameters:
  ///   - randomness: what layers such as dropout draw from.
  ///   - images: of the whole batch, where the program's are a part of it and the gradients of all parts are to be
  ///     added: losses are then means over that many, and penalties count once over all parts.
  package func step(drawing randomness: Randomness = Randomness(), ofBatch images: Int? = nil) throws -> LossSums {
    context.update = nil
    return try gradients(drawing: randomness, ofBatch: images ?? batch)
  }

  /// The same, and a step of `adam` with it: weights are changed as soon as their gradient is known, while it is in the
  /// processor's cache. What is left in the gradients' arena is undefined.
  package func step(
    drawing randomness: Randomness = Randomness(), updating adam: Adam, learningRate: Double
  ) throws -> LossSums {
    let update = adam.begin(parameters, learningRate: learningRate)
    context.update = update
    let sums = try gradients(drawing: randomness, ofBatch: batch)
    for range in left { update.apply(to: range) }
    if adam.hasOverflowed { throw notFinite() }
    return sums
  }

  private func gradients(drawing randomness: Randomness, ofBatch images: Int) throws -> LossSums {
    precondition(mode == .training, "a step wants a program for training")
    precondition(images >= batch, "a part is no larger than the whole")
    // Statistics may change too.
    parameters.touch()
    context.randomness = randomness
    context.share = Float(batch) / Float(images)
    try forward()
    let sums = measure(into: last.gradients, ofBatch: images)
    guard sums.loss.isFinite, sums.penalty.isFinite else { throw notFinite() }
    try backward()
    return sums
  }

  /// From the output's gradient to those of the parameters.
  package func backward() throws {
    for step in steps.reversed() { try step.backward() }
  }

  /// Forward and the loss alone.
  package func evaluate() throws -> LossSums {
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
    for layer in detailed { sums.penalty += Double(layer.penalty()) }
    sums.penalty *= Double(batch)
    return sums
  }
}
