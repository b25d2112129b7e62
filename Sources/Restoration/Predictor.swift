import ImageSets
import NeuralNetworks
import Support
import Synchronization

/// A trained network applied to sets of images: what a `Restorer` and a `Classifier` share.
///
/// Every thread takes some images through the whole network while they are in its core's cache, with a program of its own,
/// and then the next ones: none waits for another before the set is done. Tasks that share a predictor come one after the
/// other, each on all cores.
final class Predictor: Sendable {
  let checkpoint: Checkpoint
  private let state: Mutex<State>
  /// Images that a thread takes at a time, where there are so many.
  private let chunk: Int

  /// What is worked with, by one task at a time.
  private struct State {
    let network: Network
    /// Nil for a network that takes images of its own size only.
    let tiles: TiledNetwork?
    let precision: Precision
    private var programs: [ProgramKey: [Program]] = [:]

    init(_ network: Network, _ tiles: TiledNetwork?, _ precision: Precision) {
      (self.network, self.tiles, self.precision) = (network, tiles, precision)
    }

    /// At least `count` of them, for threads that run side by side.
    mutating func programs(_ key: ProgramKey, count: Int) throws -> [Program] {
      var made = programs[key] ?? []
      while made.count < count {
        made.append(
          try network.makeProgram(
            batch: key.batch, mode: .inference, loss: key.loss, parts: key.parts, precision: precision))
      }
      programs[key] = made
      return made
    }
  }

  private struct ProgramKey: Hashable {
    var batch: Int
    var loss: Loss?
    var parts: Int
  }

  /// Throws `ResourceError`, and a `UsageError` where the processor has no products of this precision.
  init(_ checkpoint: Checkpoint, precision: Precision = .float32) throws {
    guard Network.multiplies(precision) else {
      throw UsageError(
        "this processor has no products of \(precision.rawValue) numbers",
        remedy: "Leave --precision out; it wants a processor with AVX512_BF16.")
    }
    self.checkpoint = checkpoint
    state = Mutex(
      State(
        try checkpoint.network(batchSize: checkpoint.plan.batchSize), try TiledNetwork(checkpoint), precision))
    chunk = try checkpoint.architecture.cachedBatch()
  }

  /// The network's output for each image, one behind the other.
  ///
  /// - Parameter loss: gives what this loss takes, such as logits; nil gives the activations.
  /// - Precondition: the images have passed `Model.check`. A loss goes with images of the network's own size alone.
  func outputs(of set: ImageSet, before loss: Loss? = nil) throws -> [Float] {
    try state.withLock { try outputs(of: set, before: loss, with: &$0) }
  }

  private func outputs(of set: ImageSet, before loss: Loss?, with state: inout State) throws -> [Float] {
    if let tiles = state.tiles, set.shape != checkpoint.architecture.imageShape { return try tiles.outputs(of: set) }
    let outputSize = try checkpoint.architecture.outputShape().reduce(1, *)
    let batch = set.count < chunk / 2 ? 1 : chunk
    let chunks = (set.count + batch - 1) / batch
    // One chunk alone is divided among the threads layer by layer.
    let parts = chunks > 1 ? 1 : Threads.count
    let programs = try state.programs(
      ProgramKey(batch: batch, loss: loss, parts: parts), count: max(1, min(Threads.count, chunks)))
    let lastSize = size(ofLast: set.count - (chunks - 1) * batch, batch)
    let last =
      lastSize < batch ? try state.programs(ProgramKey(batch: lastSize, loss: loss, parts: parts), count: 1)[0] : nil
    return try [Float](unsafeUninitializedCapacity: set.count * outputSize) { result, count in
      nonisolated(unsafe) let (programs, last, result) = (programs, last, result)
      @Sendable func run(_ number: Int) throws {
        let images = number * batch..<min((number + 1) * batch, set.count)
        let program = (number == chunks - 1 ? last : nil) ?? programs[Threads.number]
        set.numbers(at: images.lowerBound * set.shape.size..<images.upperBound * set.shape.size, into: program.input)
        try program.forward()
        _ = UnsafeMutableBufferPointer(
          rebasing: result[images.lowerBound * outputSize..<images.upperBound * outputSize]
        ).initialize(fromContentsOf: program.output[..<(images.count * outputSize)])
      }
      if chunks == 1 { try run(0) } else { try Threads.forEachPart(of: chunks, run) }
      count = set.count * outputSize
    }
  }

  /// For how many images the last chunk's program is made: not for many more than there are, nor is there one for each number.
  private func size(ofLast count: Int, _ batch: Int) -> Int {
    let step = (batch + 3) / 4
    return min(batch, (count + step - 1) / step * step)
  }
}

extension Predictor {
  /// Of images of any size, as bytes; nil where the network's own size is given or is the only one.
  func bytes(of set: ImageSet) throws -> [UInt8]? {
    guard set.shape != checkpoint.architecture.imageShape else { return nil }
    return try state.withLock { try $0.tiles?.bytes(of: set) }
  }
}

extension Architecture {
  /// Images at a time whose largest activations stay in a core's cache, from 4 to 64.
  func cachedBatch() throws -> Int {
    let largest = try shapes().map { $0.output.reduce(1, *) }.max() ?? 1
    return max(4, min(64, (1 << 17) / largest))
  }

  /// Images at a time whose activations take up to some hundred megabytes, from 16 to 256.
  package func comfortableBatch() throws -> Int {
    max(16, min(256, (1 << 25) / max(1, try activations())))
  }
}
