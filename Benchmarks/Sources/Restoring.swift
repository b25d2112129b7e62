import Distortions
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// Restoring with `report-final`, `tiddu-small` or `tiddu-best`, weights as training starts: many images at once, bytes to
/// bytes, and one alone. With `--precision bfloat16`, dense layers of such numbers.
func benchmarkRestoring(_ options: Options) throws {
  options.waitForTurn()
  let threads = options.integer("threads", default: 2)
  Threads.use(max(1, threads))
  let name = options["model"] ?? "report-final"
  let precision = options["precision"].flatMap(Precision.init) ?? .float32
  let restorer = try Restorer(untrained(name), precision: precision)
  let many = SyntheticDigits().imageSet(.test).prefix(options.integer("images", default: 10_000))
  let one = many.prefix(1)
  _ = try restorer.restore(many)
  let clock = ContinuousClock()
  for _ in 0..<options.integer("rounds", default: 5) {
    let all = try clock.measure { _ = try restorer.restore(many) }
    printLine([
      "framework": "tiddu", "what": "restore-many", "model": name, "threads": threads,
      "images_per_second": (Double(many.count) / (all / .seconds(1))).rounded(),
    ])
    let calls = try (0..<500).map { _ in try clock.measure { _ = try restorer.restore(one) } }.sorted()
    printLine([
      "framework": "tiddu", "what": "restore-one", "model": name, "threads": threads,
      "microseconds": calls[calls.count / 2] / .microseconds(1),
    ])
  }
}

/// A model of one part or two.
private func untrained(_ name: String) throws -> Model {
  func checkpoint(_ plan: TrainingPlan) throws -> Checkpoint {
    try Checkpoint(of: Network(plan.architecture, batchSize: plan.batchSize, seed: 1), plan: plan, epoch: 0)
  }
  guard let plan = try Presets.modelPlan(named: name) else { return try Model(checkpoint(Presets.plan(named: name))) }
  return try Model(
    name: name, orientation: checkpoint(plan.orientation), restoration: checkpoint(plan.restoration))
}
