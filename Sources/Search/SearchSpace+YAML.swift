import Distortions
import NeuralNetworks
import Restoration
import Support

extension SearchSpace {
  /// Reads and validates a YAML file; throws `SystemError`, or a `DataError` that names the place.
  package init(contentsOf path: String) throws {
    self = try YAMLText.read(SearchSpace.self, contentsOf: path, what: Self.what, remedy: Self.remedy)
  }

  /// From YAML text; `file` is what errors call it.
  package init(yaml: String, file: String = "space") throws {
    self = try YAMLText.read(SearchSpace.self, from: yaml, file: file, what: Self.what, remedy: Self.remedy)
  }

  private static let what = "a search space in YAML"
  private static let remedy = "Documentation/Search.md has examples."

  /// The space as a file that reads back equal.
  package func yaml() throws -> String { try YAMLText.of(self) }
}

extension SearchSpace: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, strategy, architectures, losses, regularizers
    case learningRates = "learning_rates"
    case batchSizes = "batch_sizes"
    case recipes
    case distorting, epochs, schedule, patience, validation, metric
  }

  package init(from decoder: any Decoder) throws {
    let reader = try SettingsReader(decoder, known: CodingKeys.allCases.map(\.rawValue), what: "space's key")
    func read<Value: Decodable>(_ key: CodingKeys, as kind: String, default value: Value) throws -> Value {
      try reader.read(key.rawValue, as: kind, default: value)
    }
    func some<Value: Decodable>(_ key: CodingKeys, as kind: String, default value: [Value]) throws -> [Value] {
      let list = try read(key, as: kind, default: value)
      guard !list.isEmpty || !reader.contains(key.rawValue) else {
        throw DataError(
          settingsAt: decoder.codingPath + [key], expected: kind, found: "an empty list",
          remedy: "An empty list leaves nothing to search; leave the key away, or name something.")
      }
      return list
    }
    let architectures: [ArchitectureChoice] = try some(.architectures, as: "a list of architectures", default: [])
    guard !architectures.isEmpty else {
      throw DataError(
        settingsAt: decoder.codingPath, expected: "a list \"architectures\"", found: "none",
        remedy: "Write for example \"architectures: [report-final]\".")
    }
    self.init(name: try read(.name, as: "a name", default: "unnamed"), architectures: architectures)
    strategy = try read(.strategy, as: "grid, random or halving", default: strategy)
    losses = try some(.losses, as: "a list of bce and mse", default: losses)
    regularizers = try some(.regularizers, as: "a list of penalties", default: regularizers)
    learningRates = try read(.learningRates, as: "a list of numbers, or from and to", default: learningRates)
    batchSizes = try some(.batchSizes, as: "a list of whole numbers", default: batchSizes)
    recipes = try some(.recipes, as: "a list of recipes' names", default: recipes)
    distorting = try read(.distorting, as: "once or each-epoch", default: distorting)
    epochs = try read(.epochs, as: "a whole number", default: epochs)
    schedule = try read(.schedule, as: "constant or cosine", default: schedule)
    let patience = try read(.patience, as: "a whole number; 0 never ends training", default: self.patience ?? 0)
    self.patience = patience == 0 ? nil : patience
    validation = try read(.validation, as: "none, a share such as 0.2, test or dig", default: validation)
    metric = try read(
      .metric, as: "one of \(Metric.allCases.map(\.rawValue).joined(separator: ", "))", default: metric)
    try check(at: decoder.codingPath)
  }

  /// Numbers in their ranges, and a metric that is measured.
  private func check(at path: [any CodingKey]) throws {
    func expect(_ holds: Bool, _ key: CodingKeys, _ expected: String, _ found: String, _ remedy: String) throws {
      guard holds else {
        throw DataError(settingsAt: path + [key], expected: expected, found: found, remedy: remedy)
      }
    }
    try expect(
      (1...1_000_000).contains(epochs), .epochs, "a number from 1 to 1000000", "\(epochs)", "20 is the report's.")
    try expect(
      patience.map { $0 >= 1 } ?? true, .patience, "at least one epoch, or 0", "\(patience ?? 0)",
      "0 never ends training.")
    let batch = batchSizes.first { !(1...1 << 16).contains($0) }
    try expect(
      batch == nil, .batchSizes, "numbers from 1 to 65536", "\(batch ?? 0)", "32 is the report's.")
    try expect(
      validation != .none || !metric.isOfValidation, .metric, "loss or accuracy, as validation is none",
      metric.rawValue, "Write \"metric: loss\", or \"validation: 0.2\".")
    for (key, twice) in [
      (CodingKeys.architectures, Self.twice(in: architectures)), (.losses, Self.twice(in: losses)),
      (.regularizers, Self.twice(in: regularizers)), (.learningRates, Self.twice(in: learningRates.values)),
      (.batchSizes, Self.twice(in: batchSizes)), (.recipes, Self.twice(in: recipes)),
    ] {
      try expect(
        twice == nil, key, "each choice once", "choice \(twice ?? 0) again",
        "Leave it away; --seeds trains each point several times.")
    }
    if case .halving(_, _, let least) = strategy {
      try expect(
        least <= epochs, .strategy, "least_epochs up to the space's \(epochs) epochs", "\(least)",
        "Choose fewer, or more epochs.")
    }
    guard strategy == .grid else { return }
    try expect(
      !learningRates.isRange, .learningRates, "a list, as a grid takes every combination", "\(learningRates)",
      "Write a list, or \"strategy: {random: {trials: 20}}\".")
    let range = regularizers.first { $0.weights.isRange }
    try expect(
      range == nil, .regularizers, "lists of weights, as a grid takes every combination",
      "\(range?.weights ?? .list([]))",
      "Write a list, or \"strategy: {random: {trials: 20}}\".")
  }

  /// The place, from 1, of the first choice that stands before it already.
  private static func twice(in choices: [some Equatable]) -> Int? {
    choices.indices.first { choices[..<$0].contains(choices[$0]) }.map { $0 + 1 }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(strategy, forKey: .strategy)
    try container.encode(architectures, forKey: .architectures)
    if !losses.isEmpty { try container.encode(losses, forKey: .losses) }
    if regularizers != [.none] { try container.encode(regularizers, forKey: .regularizers) }
    try container.encode(learningRates, forKey: .learningRates)
    try container.encode(batchSizes, forKey: .batchSizes)
    try container.encode(recipes, forKey: .recipes)
    try container.encode(distorting, forKey: .distorting)
    try container.encode(epochs, forKey: .epochs)
    try container.encode(schedule, forKey: .schedule)
    try container.encode(patience ?? 0, forKey: .patience)
    try container.encode(validation, forKey: .validation)
    try container.encode(metric, forKey: .metric)
  }
}

extension Strategy: Codable {
  private static let names = ["grid", "random", "halving"]

  package init(from decoder: any Decoder) throws {
    if let name = SettingsReader.text(of: decoder) {
      guard name == "grid" else {
        throw DataError(
          settingsAt: decoder.codingPath, expected: "grid, or random or halving with their settings",
          found: "\"\(name)\"", remedy: "Write \"strategy: {random: {trials: 20}}\", for example.")
      }
      self = .grid
      return
    }
    let reader = try SettingsReader(decoder, known: Self.names, what: "strategy")
    guard reader.container.allKeys.count == 1 else {
      throw DataError(
        settingsAt: decoder.codingPath, expected: "one of grid, random and halving",
        found: reader.container.allKeys.isEmpty ? "none" : "several", remedy: "Write only one.")
    }
    if reader.contains("random") {
      let inner = try reader.inner("random", known: ["trials"])
      self = .random(trials: try inner.read("trials", as: "a whole number", default: 20))
    } else if reader.contains("halving") {
      let inner = try reader.inner("halving", known: ["trials", "reduction", "least_epochs"])
      self = .halving(
        trials: try inner.read("trials", as: "a whole number", default: 30),
        reduction: try inner.read("reduction", as: "a whole number", default: 3),
        leastEpochs: try inner.read("least_epochs", as: "a whole number", default: 1))
    } else {
      self = .grid
    }
    try check(at: decoder.codingPath)
  }

  private func check(at path: [any CodingKey]) throws {
    func expect(_ value: Int, within range: ClosedRange<Int>, _ name: String) throws {
      guard range.contains(value) else {
        throw DataError(
          settingsAt: path, expected: "\(name) from \(range.lowerBound) to \(range.upperBound)", found: "\(value)",
          remedy: "Without it, the default is used.")
      }
    }
    switch self {
    case .grid: break
    case .random(let trials): try expect(trials, within: 1...SearchSpace.mostTrials, "trials")
    case .halving(let trials, let reduction, let least):
      try expect(trials, within: 1...SearchSpace.mostTrials, "trials")
      try expect(reduction, within: 2...100, "a reduction")
      try expect(least, within: 1...1_000_000, "least_epochs")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .grid:
      var container = encoder.singleValueContainer()
      try container.encode("grid")
    case .random(let trials): try ["random": ["trials": trials]].encode(to: encoder)
    case .halving(let trials, let reduction, let leastEpochs):
      try ["halving": ["trials": trials, "reduction": reduction, "least_epochs": leastEpochs]].encode(to: encoder)
    }
  }
}
