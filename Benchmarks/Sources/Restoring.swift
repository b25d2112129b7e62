import Distortions
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// Restoring with `report-final`, weights as training starts, or with `tiddu-small` or `tiddu-best` as they come with tiddu:
/// many images at once, bytes to bytes, and one alone, all damaged by `report-multiple`, so that each goes the whole way.
/// With `--precision bfloat16`, dense layers of such numbers.
func benchmarkRestoring(_ options: Options) throws {
  options.waitForTurn()
  let threads = options.integer("threads", default: 2)
  Threads.use(max(1, threads))
  let name = options["model"] ?? "report-final"
  let precision = options["precision"].flatMap(Precision.init) ?? .float32
  let recipe = Recipe.reportMultiple
  let restorer = try Restorer(model(name), precision: precision, expecting: recipe)
  let clean = SyntheticDigits().imageSet(.test).prefix(options.integer("images", default: 10_000))
  let many = try recipe.compiled(for: clean.shape).apply(to: clean, seed: 2)
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

/// One that comes with tiddu, or an untrained one.
private func model(_ name: String) throws -> Model {
  if ShippedModels.names.contains(name) { return try Model.open(name) }
  let plan = try Presets.plan(named: name)
  return try Model(Checkpoint(of: Network(plan.architecture, batchSize: plan.batchSize, seed: 1), plan: plan, epoch: 0))
}
