import NeuralNetworks
import Support

/// The best that this machine multiplies large matrices with: GFLOP/s of our own product.
func benchmarkLargeProduct(_ options: Options) throws {
  options.waitForTurn()
  let threads = options.integer("threads", default: 2)
  Threads.use(max(1, threads))
  printLine([
    "framework": "tiddu", "what": "gemm", "threads": threads, "instructions": Network.instructions,
    "gflops": try LargeProduct.gigaflops(),
  ])
}
