import Groundwork
import ImageSets
import NeuralNetworks

/// A trained network that turns distorted pictures into clean ones: the only way to restore, whoever asks.
public final class Restorer {
  public let checkpoint: Checkpoint
  private let network: Network
  /// Sizes of batches that programs are compiled for; a set is cut into these.
  private static let batchSizes = [1, 16, 256]

  /// From a checkpoint's file, or the best one of a run's folder; throws what `Checkpoint.read` throws.
  public convenience init(contentsOf path: String) throws { try self.init(Checkpoint.open(path)) }

  /// Throws `OneDNNError`.
  public init(_ checkpoint: Checkpoint) throws {
    self.checkpoint = checkpoint
    network = try checkpoint.network(batchSize: checkpoint.plan.batchSize)
  }

  /// What pictures must be like; nil for a network that takes no pictures.
  public var shape: ImageSet.Shape? {
    let input = checkpoint.architecture.input
    guard input.count == 3, input[2] == 1 || input[2] == 3 else { return nil }
    return ImageSet.Shape(height: input[0], width: input[1], channels: input[2])
  }

  /// Restored pictures as bytes.
  ///
  /// - Throws: `UsageError` when the pictures' size is not the network's.
  public func restore(_ set: ImageSet) throws -> ImageSet {
    set.replacingPixels(PixelScaling.bytes(try estimate(set)), name: "\(set.name), restored")
  }

  /// What the network says of each pixel, 0…1. (N, H, W, C)
  public func estimate(_ set: ImageSet) throws -> [Float] {
    guard let shape, set.shape == shape, try checkpoint.architecture.outputShape() == checkpoint.architecture.input
    else {
      throw UsageError(
        "\(checkpoint.architecture.name) restores pictures of "
          + "\(checkpoint.architecture.input.map(String.init).joined(separator: "×")), and \(set.name) has \(set.shape)",
        remedy: "Add --resize to fit them to the model, or choose another model.")
    }
    let size = shape.size
    return try [Float](unsafeUninitializedCapacity: set.count * size) { result, count in
      try set.pixels.withUnsafeBufferPointer { pixels in
        var start = 0
        while start < set.count {
          let rest = set.count - start
          let batch = Self.batchSizes.first { $0 >= rest } ?? Self.batchSizes[Self.batchSizes.count - 1]
          let length = min(batch, rest) * size
          let program = try network.program(batch: batch, mode: .inference)
          PixelScaling.numbers(.init(rebasing: pixels[start * size..<start * size + length]), into: program.input)
          try program.forward()
          _ = UnsafeMutableBufferPointer(rebasing: result[start * size..<start * size + length])
            .initialize(fromContentsOf: program.output[..<length])
          start += batch
        }
      }
      count = set.count * size
    }
  }
}
