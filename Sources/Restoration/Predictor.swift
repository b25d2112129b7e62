import ImageSets
import NeuralNetworks
import Support

/// A trained network applied to sets of images, some at a time: what a `Restorer` and a `Classifier` share.
final class Predictor {
  let checkpoint: Checkpoint
  private let network: Network
  /// Nil for a network that takes images of its own size only.
  let tiles: TiledNetwork?
  /// Sizes of batches that programs are compiled for; a set is cut into these.
  private let batchSizes: [Int]

  /// Throws `OneDNNError`.
  init(_ checkpoint: Checkpoint) throws {
    self.checkpoint = checkpoint
    network = try checkpoint.network(batchSize: checkpoint.plan.batchSize)
    tiles = try TiledNetwork(checkpoint)
    batchSizes = [1, 16, try checkpoint.architecture.comfortableBatch()]
  }

  /// The network's output for each image, one behind the other.
  ///
  /// - Parameter loss: gives what this loss takes, such as logits; nil gives the activations.
  /// - Precondition: the images have passed `Model.check`. A loss goes with images of the network's own size alone.
  func outputs(of set: ImageSet, before loss: Loss? = nil) throws -> [Float] {
    if let tiles, set.shape != checkpoint.architecture.imageShape { return try tiles.outputs(of: set) }
    let (size, outputSize) = (set.shape.size, try checkpoint.architecture.outputShape().reduce(1, *))
    return try [Float](unsafeUninitializedCapacity: set.count * outputSize) { result, count in
      var start = 0
      while start < set.count {
        let rest = set.count - start
        let batch = batchSizes.first { $0 >= rest } ?? batchSizes[batchSizes.count - 1]
        let images = min(batch, rest)
        let program = try network.program(batch: batch, mode: .inference, loss: loss)
        set.numbers(at: start * size..<(start + images) * size, into: program.input)
        try program.forward()
        _ = UnsafeMutableBufferPointer(rebasing: result[start * outputSize..<(start + images) * outputSize])
          .initialize(fromContentsOf: program.output[..<(images * outputSize)])
        start += images
      }
      count = set.count * outputSize
    }
  }
}

extension Predictor {
  /// Of images of any size, as bytes; nil where the network's own size is given or is the only one.
  func bytes(of set: ImageSet) throws -> [UInt8]? {
    guard let tiles, set.shape != checkpoint.architecture.imageShape else { return nil }
    return try tiles.bytes(of: set)
  }
}

extension Architecture {
  /// Images at a time whose activations take up to some hundred megabytes, from 16 to 256.
  package func comfortableBatch() throws -> Int {
    max(16, min(256, (1 << 25) / max(1, try activations())))
  }
}
