import Distortions
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// Restoring with `report-final`: many images at once, bytes to bytes, and one alone.
func benchmarkRestoring(_ options: Options) throws {
  options.waitForTurn()
  let threads = options.integer("threads", default: 2)
  Threads.use(max(1, threads))
  let (architecture, loss) = try Presets.architecture(named: "report-final")
  let plan = TrainingPlan(architecture: architecture, loss: loss, recipe: try .named("report-multiple"))
  let network = try Network(architecture, batchSize: plan.batchSize, seed: 1)
  let restorer = try Restorer(Checkpoint(of: network, plan: plan, epoch: 0))
  let many = SyntheticDigits().imageSet(.test)
  let one = many.prefix(1)
  _ = try restorer.restore(many)
  for _ in 0..<options.integer("rounds", default: 5) {
    let all = try ContinuousClock().measure { _ = try restorer.restore(many) }
    printLine([
      "framework": "tiddu", "what": "restore-many", "threads": threads,
      "images_per_second": (Double(many.count) / (all / .seconds(1))).rounded(),
    ])
    let repeats = 2000
    let single = try ContinuousClock().measure { for _ in 0..<repeats { _ = try restorer.restore(one) } }
    printLine([
      "framework": "tiddu", "what": "restore-one", "threads": threads,
      "microseconds": single / .microseconds(1) / Double(repeats),
    ])
  }
}
