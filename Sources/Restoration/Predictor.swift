import Groundwork
import ImageSets
import NeuralNetworks

/// A trained network applied to sets of pictures, some at a time: what a `Restorer` and a `Classifier` share.
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

  /// What pictures must be like; nil for a network that takes no pictures.
  var shape: ImageSet.Shape? {
    let input = checkpoint.architecture.input
    guard input.count == 3, input[2] == 1 || input[2] == 3 else { return nil }
    return ImageSet.Shape(height: input[0], width: input[1], channels: input[2])
  }

  /// - Parameter verb: what the network does with pictures, for the error.
  /// - Throws: `UsageError` when the pictures' size is not the network's.
  func check(_ set: ImageSet, verb: String) throws {
    guard set.shape != shape else { return }
    throw UsageError(
      "\(checkpoint.architecture.name) \(verb) pictures of "
        + "\(checkpoint.architecture.input.map(String.init).joined(separator: "×")), and \(set.name) has \(set.shape)",
      remedy: "Add --resize to fit them to the model, or choose another model.")
  }

  /// The network's output for each picture, one behind the other.
  ///
  /// - Parameter loss: gives what this loss takes, such as logits; nil gives the activations.
  /// - Precondition: the pictures have passed `check`.
  func outputs(of set: ImageSet, before loss: Loss? = nil) throws -> [Float] {
    let (size, outputSize) = (set.shape.size, try checkpoint.architecture.outputShape().reduce(1, *))
    return try [Float](unsafeUninitializedCapacity: set.count * outputSize) { result, count in
      try set.pixels.withUnsafeBufferPointer { pixels in
        var start = 0
        while start < set.count {
          let rest = set.count - start
          let batch = batchSizes.first { $0 >= rest } ?? batchSizes[batchSizes.count - 1]
          let pictures = min(batch, rest)
          let program = try network.program(batch: batch, mode: .inference, loss: loss)
          PixelScaling.numbers(.init(rebasing: pixels[start * size..<(start + pictures) * size]), into: program.input)
          try program.forward()
          _ = UnsafeMutableBufferPointer(rebasing: result[start * outputSize..<(start + pictures) * outputSize])
            .initialize(fromContentsOf: program.output[..<(pictures * outputSize)])
          start += pictures
        }
      }
      count = set.count * outputSize
    }
  }
}

extension Architecture {
  /// Pictures at a time whose activations take up to some hundred megabytes, from 16 to 256.
  package func comfortableBatch() throws -> Int {
    max(16, min(256, (1 << 25) / max(1, try activations())))
  }
}
