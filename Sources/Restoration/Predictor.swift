import ImageSets
import NeuralNetworks
import Support

/// A trained network applied to sets of images, some at a time: what a `Restorer` and a `Classifier` share.
final class Predictor {
  let checkpoint: Checkpoint
  private let network: Network
  /// Sizes of batches that programs are compiled for; a set is cut into these.
  private let batchSizes: [Int]

  /// Throws `OneDNNError`.
  init(_ checkpoint: Checkpoint) throws {
    self.checkpoint = checkpoint
    network = try checkpoint.network(batchSize: checkpoint.plan.batchSize)
    batchSizes = [1, 16, try checkpoint.architecture.comfortableBatch()]
  }

  /// The network's output for each image, one behind the other.
  ///
  /// - Parameter loss: gives what this loss takes, such as logits; nil gives the activations.
  /// - Precondition: the images have passed `Model.check`.
  func outputs(of set: ImageSet, before loss: Loss? = nil) throws -> [Float] {
    let (size, outputSize) = (set.shape.size, try checkpoint.architecture.outputShape().reduce(1, *))
    return try [Float](unsafeUninitializedCapacity: set.count * outputSize) { result, count in
      try set.pixels.withUnsafeBufferPointer { pixels in
        var start = 0
        while start < set.count {
          let rest = set.count - start
          let batch = batchSizes.first { $0 >= rest } ?? batchSizes[batchSizes.count - 1]
          let images = min(batch, rest)
          let program = try network.program(batch: batch, mode: .inference, loss: loss)
          PixelScaling.numbers(.init(rebasing: pixels[start * size..<(start + images) * size]), into: program.input)
          try program.forward()
          _ = UnsafeMutableBufferPointer(rebasing: result[start * outputSize..<(start + images) * outputSize])
            .initialize(fromContentsOf: program.output[..<(images * outputSize)])
          start += images
        }
      }
      count = set.count * outputSize
    }
  }
}

extension Architecture {
  /// Images at a time whose activations take up to some hundred megabytes, from 16 to 256.
  package func comfortableBatch() throws -> Int {
    max(16, min(256, (1 << 25) / max(1, try activations())))
  }
}
