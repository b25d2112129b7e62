import CKernels
import Support

/// What a layer costs, and how it is computed.
package struct LayerTime: Codable, Equatable, Sendable {
  /// The layer's name; "sums" for the gradients of outputs that several layers read.
  package var layer: String
  /// "Winograd F(4×4, 3×3)", "direct", "products" or "loops".
  package var method: String
  /// Seconds, the median of the rounds.
  package var forward: Double
  /// Likewise; nil in inference.
  package var backward: Double?
  /// Of forward and backward together, 2 for each product that is added up, as the formula has them whatever the method
  /// saves; the input's gradient of the first layer is not made.
  package var operations: Double
}

extension Program {
  /// The time of each layer for the images that are in `input` (and `targets`), measured in so many rounds.
  package func layerTimes(rounds: Int) throws -> [LayerTime] {
    let clock = ContinuousClock()
    var forward = Array(repeating: [Double](), count: steps.count)
    var backward = forward
    for _ in 0..<max(1, rounds) {
      for (number, step) in steps.enumerated() {
        forward[number].append(try clock.measure { try step.forward() } / .seconds(1))
      }
      guard mode == .training, let gradients = last.gradients else { continue }
      // Any gradient will do: its values do not change the work.
      gradients.update(repeating: 1 / Float(gradients.count))
      for (number, step) in steps.enumerated().reversed() {
        backward[number].append(try clock.measure { try step.backward() } / .seconds(1))
      }
    }
    let operations = try Summary(of: architecture).operations(images: batch, isTraining: mode == .training)
    let names = Dictionary(
      layers.enumerated().map { (ObjectIdentifier($1), $0) }, uniquingKeysWith: { first, _ in first })
    return steps.enumerated().map { number, step in
      let place = names[ObjectIdentifier(step)]
      return LayerTime(
        layer: place.map { architecture.layers[$0].name } ?? "sums", method: step.computation,
        forward: Self.median(forward[number]),
        backward: backward[number].isEmpty ? nil : Self.median(backward[number]),
        operations: place.map { operations[$0 + 1] } ?? 0)
    }
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}

/// What a machine can do at most.
package enum LargeProduct {
  /// GFLOP/s of the product of matrices of 256×1040 and 1040×2080 floats on `Threads.count` threads, the best of some
  /// runs; throws where there is no memory.
  package static func gigaflops(runs: Int = 30) throws(ResourceError) -> Double {
    let (rows, inner, columns) = (256, 1040, 2080)
    let matrices = (try FloatBuffer(count: rows * inner), try FloatBuffer(count: inner * columns))
    let (result, bias) = (try FloatBuffer(count: rows * columns), try FloatBuffer(count: columns))
    matrices.0.values.update(repeating: 0.5)
    matrices.1.values.update(repeating: 0.5)
    var work = kernels_dense()
    (work.batch, work.inputs, work.outputs) = (rows, inner, columns)
    (work.source, work.weights) = (UnsafePointer(matrices.0.start), UnsafePointer(matrices.1.start))
    (work.bias, work.destination) = (UnsafePointer(bias.start), result.start)
    var best = Double.infinity
    withExtendedLifetime((matrices, result, bias)) {
      for _ in 0..<max(1, runs) {
        best = min(best, ContinuousClock().measure { kernels_dense_forward(work) } / .seconds(1))
      }
    }
    return 2 * Double(rows * inner * columns) / best / 1e9
  }
}
