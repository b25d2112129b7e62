import CKernels
import OneDNN

/// A network compiled for a number of pictures: every buffer and every primitive made once, nothing allocated after.
///
/// Fill `input` (and `targets`), call `forward`, `evaluate` or `step`, read `output`. One thread at a time.
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
  private let targetBuffer: FloatBuffer
  private let last: Tensor
  package let layers: [CompiledLayer]
  private let scratchpad = Scratchpad()
  private let rows: UnsafeMutableBufferPointer<kernels_row_loss>

  init(
    _ architecture: Architecture, parameters: Parameters, batch: Int, mode: Mode, loss: Loss?, engine: Engine
  ) throws {
    let head = try loss?.head(of: architecture) ?? architecture
    inputTensor = Tensor(batch: batch, shape: head.input, withGradient: false)
    var current = inputTensor
    var layers: [CompiledLayer] = []
    for named in head.layers {
      let own = Dictionary(
        uniqueKeysWithValues: parameters.all.filter { $0.name == "\(named.name)/\($0.description.name)" }
          .map { ($0.description.name, $0) })
      let layer = try named.layer.compile(
        CompilationSite(
          input: current, parameters: own, batch: batch, mode: mode, engine: engine, scratchpad: scratchpad))
      layers.append(layer)
      current = layer.output
    }
    try scratchpad.allocate()
    (self.layers, last, self.batch, self.mode, self.loss) = (layers, current, batch, mode, loss)
    input = inputTensor.values
    targetBuffer = FloatBuffer(count: loss == nil ? 0 : current.values.count)
    targets = targetBuffer.values
    rows = .allocate(capacity: batch)
    rows.initialize(repeating: kernels_row_loss())
  }

  deinit { rows.deallocate() }

  /// Input → output.
  public func forward() throws {
    for layer in layers { try layer.forward() }
  }

  /// Forward, the loss, and backward: leaves the loss' derivatives in the parameters' gradients.
  public func step() throws -> LossSums {
    precondition(mode == .training, "a step wants a program for training")
    try forward()
    let sums = measure(into: last.gradients)
    try backward()
    return sums
  }

  /// From the output's gradient to those of the parameters.
  package func backward() throws {
    for layer in layers.reversed() { try layer.backward() }
  }

  /// Forward and the loss alone.
  public func evaluate() throws -> LossSums {
    try forward()
    return measure(into: nil)
  }

  /// Each picture's sum is made by one thread and they are added in order: the same for any number of threads.
  private func measure(into gradients: UnsafeMutableBufferPointer<Float>?) -> LossSums {
    guard let loss else { preconditionFailure("the program was compiled without a loss") }
    kernels_measure_loss(
      kernels_loss(
        kind: loss.kernel, outputs: last.values.baseAddress, targets: targets.baseAddress,
        gradients: gradients?.baseAddress, size: last.size, scale: 1 / Float(last.values.count),
        rows: rows.baseAddress), batch)
    var sums = LossSums()
    for row in rows {
      sums.loss += Double(row.sum)
      sums.correct += Int(row.correct)
    }
    (sums.values, sums.pictures) = (last.values.count, batch)
    for layer in layers { sums.penalty += Double(layer.penalty()) }
    sums.penalty *= Double(batch)
    return sums
  }
}
