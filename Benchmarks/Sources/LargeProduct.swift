import OneDNN
import Support

/// The best that this machine multiplies large matrices with: GFLOP/s of oneDNN's general product of 2048×2048 floats.
func benchmarkLargeProduct(_ options: Options) throws {
  options.waitForTurn()
  let threads = options.integer("threads", default: 2)
  Threads.use(max(1, threads))
  let side = 2048
  let matrices = (0..<3).map { _ in UnsafeMutablePointer<Float>.allocate(capacity: side * side) }
  defer { for matrix in matrices { matrix.deallocate() } }
  for matrix in matrices { matrix.initialize(repeating: 0.5, count: side * side) }
  var best = Duration.seconds(1000)
  for _ in 0..<10 {
    let time = try ContinuousClock().measure {
      try multiply(rows: side, columns: side, inner: side, matrices[0], matrices[1], into: matrices[2])
    }
    best = min(best, time)
  }
  let operations = 2 * Double(side) * Double(side) * Double(side)
  printLine([
    "framework": "tiddu", "what": "gemm", "threads": threads, "gflops": operations / (best / .seconds(1)) / 1e9,
  ])
}
