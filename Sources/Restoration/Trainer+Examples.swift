import ImageSets
import NeuralNetworks

/// What a network takes, what it gives, and what it should give.
package struct TrainingExamples {
  package var inputs: ImageSet
  package var outputs: ImageSet
  package var targets: ImageSet
}

extension Trainer {
  /// The first images of those that the run is validated on, or else trained on; nil for a network that answers with no
  /// images.
  ///
  /// - Throws: `ResourceError`.
  package func examples(_ most: Int) throws -> TrainingExamples? {
    guard plan.loss.target == .image, let shape = plan.architecture.imageShape else { return nil }
    let source = validation ?? training
    let count = min(most, source.count)
    // The inputs and the targets are those of a program with a loss; its outputs would lack the last function.
    let measuring = try network.program(batch: count, mode: .inference, loss: plan.loss)
    let answering = try network.program(batch: count, mode: .inference)
    source.fill(measuring, with: Array(0..<count)[...], epoch: 0)
    _ = answering.input.update(fromContentsOf: measuring.input)
    try answering.forward()
    func set(_ values: some Sequence<Float>, _ name: String) -> ImageSet {
      var set = ImageSet(shape: shape, pixels: PixelScaling.bytes(Array(values)), labels: nil, name: name, source: name)
      set.hasPaper = plan.hasPaper
      return set
    }
    return TrainingExamples(
      inputs: set(measuring.input, "distorted"), outputs: set(answering.output, "restored"),
      targets: set(measuring.targets, "clean"))
  }
}
