import CKernels
import Support

/// In training each value is set to 0 with probability `rate` and otherwise divided by 1 − rate, so that the mean stays;
/// in inference nothing is done. Input and output (N, …), of one shape. Which values are dropped is a pure function of
/// the step's `Randomness`, the layer's place and the image's.
package struct Dropout: UnaryLayer {
  package static let type = "dropout"
  /// 0 ≤ rate < 1, taken in steps of 2⁻¹⁶.
  package var rate: Float

  package init(rate: Float) { self.rate = rate }

  package func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard rate >= 0, rate <= 0.999 else { throw LayerError("a rate of \(rate); wanted is a number from 0 to 0.999") }
    return input
  }

  package func compile(_ site: CompilationSite) throws -> CompiledLayer {
    guard site.mode == .training, rate > 0 else { return PassingThrough(output: site.input) }
    return CompiledDropout(
      rate, input: site.input, output: try site.output(site.input.shape), site)
  }
}

/// A layer that has nothing to do, or whose work the one before it does.
final class PassingThrough: DetailedLayer {
  let output: Tensor
  init(output: Tensor) { self.output = output }
  func forward() {}
  func backward() {}
  var method: String { "none" }
}

private final class CompiledDropout: CompiledLayer {
  let output: Tensor
  private let input: Tensor
  private let rate: Float
  private let number: Int
  private let step: ProgramBuilder.Step

  init(_ rate: Float, input: Tensor, output: Tensor, _ site: CompilationSite) {
    (self.rate, self.input, self.output) = (rate, input, output)
    (number, step) = (site.number, site.builder.step)
  }

  func forward() { drop(from: UnsafePointer(input.start), into: output.start) }

  /// The same values are dropped again: the stream is named by what is drawn for, not by when.
  func backward() {
    if let from = output.gradients?.baseAddress, let into = input.gradients?.baseAddress {
      drop(from: UnsafePointer(from), into: into)
    }
  }

  private func drop(from source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
    // A layer's streams lie 2³² images apart from those of the next.
    let (randomness, batch) = (step.randomness, output.batch)
    let stream = Philox(
      seed: randomness.seed, epoch: randomness.step, index: number << 32 | randomness.firstImage, purpose: .dropout)
    var words = kernels_stream(
      key: (stream.key.x, stream.key.y),
      counter: (stream.counter.x, stream.counter.y, stream.counter.z, stream.counter.w))
    kernels_drop(target, source, batch, output.values.count / batch, rate, &words)
  }
}
