import Support

/// What a study lacks of a space that has grown since it was begun: new trials behind those that it has.
struct Growth {
  let trials: [Trial]

  /// - Parameter wanted: all trials of the grown space.
  /// - Throws: `UsageError` where the study has trials that the space no longer has.
  init(of path: String, to wanted: [Trial]) throws {
    let present = try Study.open(path).results().map(\.trial)
    func choice(of trial: Trial) -> String {
      "\(trial.model) \(trial.loss) \(trial.regularizer) \(trial.learningRate) \(trial.batchSize) \(trial.recipe)"
    }
    func key(_ trial: Trial) -> String { "\(choice(of: trial)) \(trial.seed)" }
    let names = Set(wanted.map(key))
    if let lost = present.first(where: { !names.contains(key($0)) }) {
      throw UsageError(
        "\(path) has trials that the space no longer has, such as trial \(lost.number), \(lost.model)",
        remedy: "Give back what was taken out of the space, or name another file by --into.")
    }
    let known = Set(present.map(key))
    var points = Dictionary(present.map { (choice(of: $0), $0.point) }) { first, _ in first }
    var (added, lastPoint) = ([Trial](), present.map(\.point).max() ?? 0)
    for var trial in wanted where !known.contains(key(trial)) {
      if points[choice(of: trial)] == nil {
        lastPoint += 1
        points[choice(of: trial)] = lastPoint
      }
      trial.number = present.count + added.count + 1
      trial.point = points[choice(of: trial)] ?? lastPoint
      added.append(trial)
    }
    trials = added
  }
}

extension SearchSpace {
  /// Whether a trial of one is trained and compared as one of the other: they may differ in their choices alone.
  func trains(as other: SearchSpace) -> Bool {
    var same = other
    (same.name, same.architectures, same.losses) = (name, architectures, losses)
    (same.regularizers, same.learningRates, same.batchSizes) = (regularizers, learningRates, batchSizes)
    same.recipes = recipes
    // A grid may be larger, and more points may be drawn; halving compares all from the start.
    switch (strategy, other.strategy) {
    case (.grid, .grid), (.random, .random): same.strategy = strategy
    default: return self == other
    }
    return same == self
  }
}
