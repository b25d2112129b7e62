import Distortions
import Figures
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// How a training step's cost grows: with the batch, a dense layer's width, the images' side and the set's size, each
/// beside the least that the machine could need for the same products. Prints each point, and draws them with `--into`.
func benchmarkGrowth(_ options: Options) throws {
  let threads = options.integer("threads", default: 2)
  Threads.use(max(1, threads))
  let growth = Growth(largeProduct: try LargeProduct.gigaflops(), threads: threads)
  let panels = [
    try growth.panel("images in a batch", (0...10).map { 1 << $0 }) { try growth.dense(width: 512, batch: $0) },
    try growth.panel("a dense layer's width", (6...11).map { 1 << $0 }) { try growth.dense(width: $0, batch: 32) },
    try growth.panel("an image's side", [14, 28, 56, 112, 224]) { try growth.uNet(side: $0, batch: 8) },
    try growth.panel("images in the set", [1_000, 10_000, 100_000, 1_000_000]) { try growth.set(count: $0) },
  ]
  guard let path = options["into"] else { return }
  let caption =
    "dashed: the step's products at \(fixed(growth.largeProduct, 0)) GFLOP/s, what a large product reaches; "
    + "\(Network.instructions), \(threads) threads"
  try CostPlot(panels: panels, unit: "ms a step", caption: caption).render(to: path)
}

private struct Growth {
  /// GFLOP/s
  let largeProduct: Double
  let threads: Int

  /// What is measured.
  struct Work {
    var batch: Int
    var architecture: Architecture
    var step: () throws -> Void
  }

  func panel(_ title: String, _ sizes: [Int], _ work: (Int) throws -> Work) throws -> CostPlot.Panel {
    var (measured, limits): ([Double], [Double]) = ([], [])
    for size in sizes {
      let work = try work(size)
      let operations = try Summary(of: work.architecture).operations(images: work.batch, isTraining: true)
      let limit = operations.reduce(0, +) / largeProduct / 1e6
      measured.append(try milliseconds(work.step))
      limits.append(limit)
      printLine([
        "what": "growth", "by": title, "size": size, "threads": threads, "ms_per_step": measured[measured.count - 1],
        "limit_ms": limit, "peak_memory_mb": peakMemory(),
      ])
    }
    return CostPlot.Panel(title: title, sizes: sizes.map(Double.init), measured: measured, limit: limits)
  }

  /// The least of five rounds of about a fifth of a second.
  private func milliseconds(_ step: () throws -> Void) throws -> Double {
    let clock = ContinuousClock()
    try step()
    let once = try clock.measure { try step() } / .milliseconds(1)
    let steps = max(1, min(2_000, Int(200 / max(once, 0.001))))
    return try (0..<5).map { _ in
      try clock.measure { for _ in 0..<steps { try step() } } / .milliseconds(1) / Double(steps)
    }.min() ?? once
  }

  private func work(_ architecture: Architecture, batch: Int) throws -> Work {
    let network = try Network(architecture, batchSize: batch, seed: 1)
    let program = try network.program(batch: batch, mode: .training, loss: .binaryCrossEntropy)
    let adam = try Adam(for: network.parameters)
    for index in program.input.indices { program.input[index] = Float(index % 97) / 97 }
    for index in program.targets.indices { program.targets[index] = Float(index % 89) / 89 }
    return Work(batch: batch, architecture: architecture) {
      _ = try program.step(updating: adam, learningRate: 1e-3)
    }
  }

  func dense(width: Int, batch: Int) throws -> Work {
    let layers: [any Layer] = [
      Flatten(), Dense(units: width, activation: .relu), Dense(units: width, activation: .relu),
      Dense(units: 784, activation: .sigmoid), Reshape([28, 28, 1]),
    ]
    return try work(Architecture(name: "dense", input: [28, 28, 1], layers: layers), batch: batch)
  }

  func uNet(side: Int, batch: Int) throws -> Work {
    let shape = ImageSet.Shape(height: side, width: side, channels: 1)
    return try work(Presets.uNet(name: "u-net", input: shape, filters: [16, 32, 64], waist: 96), batch: batch)
  }

  /// `report-final` on images that are distorted when they are needed, taken from all over the set.
  func set(count: Int) throws -> Work {
    let digits = SyntheticDigits().imageSet(.test)
    let images = digits.selecting((0..<count).map { $0 % digits.count })
    var plan = try Presets.plan(named: "report-final")
    (plan.distorting, plan.threads) = (.eachEpoch, threads)
    let network = try Network(plan.architecture, batchSize: plan.batchSize, seed: 1)
    let program = try network.program(batch: plan.batchSize, mode: .training, loss: plan.loss)
    let adam = try Adam(for: network.parameters)
    let source = try ExampleSource(images, of: plan, distorting: .eachEpoch, seed: 1)
    var generator = Philox(seed: 3)
    return Work(batch: plan.batchSize, architecture: plan.architecture) {
      let numbers = (0..<plan.batchSize).map { _ in generator.integer(below: count) }
      source.fill(program, with: numbers[...], epoch: 1)
      _ = try program.step(updating: adam, learningRate: 1e-3)
    }
  }
}
