import CKernels
import NeuralNetworks
import Support

/// The best that this machine multiplies large matrices with: GFLOP/s of our own product of 2048×2048 floats.
func benchmarkLargeProduct(_ options: Options) throws {
  options.waitForTurn()
  let threads = options.integer("threads", default: 2)
  Threads.use(max(1, threads))
  let side = 2048
  let matrices = try (0..<3).map { _ in try FloatBuffer(count: side * side) }
  for matrix in matrices { matrix.values.update(repeating: 0.5) }
  let bias = try FloatBuffer(count: side)
  var work = kernels_dense()
  (work.batch, work.inputs, work.outputs) = (side, side, side)
  (work.source, work.weights) = (UnsafePointer(matrices[0].start), UnsafePointer(matrices[1].start))
  (work.bias, work.destination) = (UnsafePointer(bias.start), matrices[2].start)
  var best = Duration.seconds(1000)
  withExtendedLifetime((matrices, bias)) {
    for _ in 0..<10 { best = min(best, ContinuousClock().measure { kernels_dense_forward(work) }) }
  }
  let operations = 2 * Double(side) * Double(side) * Double(side)
  printLine([
    "framework": "tiddu", "what": "gemm", "threads": threads, "instructions": Network.instructions,
    "gflops": operations / (best / .seconds(1)) / 1e9,
  ])
}
