import Distortions
import Foundation
import NeuralNetworks
import Restoration
import Support

/// One point of a space: a choice for each of its settings.
package struct Point: Codable, Equatable, Sendable {
  /// A preset's name, "report-dense-3-64-bce", or the path of a network of one's own, "net.yaml".
  package var model: String
  package var loss: Loss
  package var regularizer = Regularizer.none
  package var learningRate: Double
  package var batchSize: Int
  /// A built-in recipe's name, or a file's path.
  package var recipe: String

  package init(
    model: String, loss: Loss, regularizer: Regularizer = .none, learningRate: Double, batchSize: Int, recipe: String
  ) {
    self.model = model
    self.loss = loss
    self.regularizer = regularizer
    self.learningRate = learningRate
    self.batchSize = batchSize
    self.recipe = recipe
  }

  enum CodingKeys: String, CodingKey {
    case model, loss, regularizer, recipe
    case learningRate = "learning_rate"
    case batchSize = "batch_size"
  }

  /// How it is trained in a space.
  ///
  /// - Throws: `UsageError` for a model, a recipe or a number that is none, `DataError` for a faulty recipe file.
  func plan(in space: SearchSpace, for data: DataDescription, seed: UInt64, threads: Int) throws -> TrainingPlan {
    var plan = try Self.plan(of: model, for: data, regularizer)
    plan.loss = loss
    plan.recipe = try .named(recipe)
    plan.learningRate = learningRate
    plan.batchSize = batchSize
    plan.distorting = space.distorting
    plan.epochs = space.epochs
    plan.schedule = space.schedule
    plan.patience = space.patience
    plan.validation = space.validation
    plan.seed = seed
    plan.threads = threads
    try plan.validate()
    return plan
  }
}

extension Point {
  fileprivate static func plan(of model: String, for data: DataDescription, _ regularizer: Regularizer = .none) throws
    -> TrainingPlan
  {
    guard ArchitectureFile.isNamed(model) else {
      return try Presets.plan(named: model, for: data, regularizer: regularizer)
    }
    guard regularizer == .none else {
      throw UsageError(
        "penalties on \(model)", remedy: "Write them into the file, and \"regularizers: [none]\" into the space.")
    }
    return try ArchitectureFile(model).plan(for: data)
  }
}

extension SearchSpace {
  /// More trials than anyone waits for; keeps a mistyped space from filling the disk.
  static let mostTrials = 100_000

  /// The points that its strategy takes, in the order in which they are tried.
  ///
  /// - Parameter seed: decides what is drawn at random.
  /// - Throws: `UsageError` for choices that leave nothing, or too much, to try.
  package func points(seed: UInt64) throws -> [Point] {
    let lists = [architectures.count, regularizers.count, batchSizes.count, recipes.count]
    guard lists.allSatisfy({ $0 > 0 }), learningRates != .list([]) else {
      throw UsageError("the space \(name) is empty", remedy: "Give it at least one choice for each setting.")
    }
    switch strategy {
    case .grid: return try grid()
    case .random(let trials), .halving(let trials, _, _): return try draws(trials, seed: seed)
    }
  }

  /// Every combination; the outermost choice is the architecture, then its loss, then its layers and neurons.
  private func grid() throws -> [Point] {
    let sizes = [
      max(1, losses.count), learningRates.count, batchSizes.count, recipes.count,
      architectures.map(\.count).reduce(0, saturatingSum), regularizers.map(\.count).reduce(0, saturatingSum),
    ]
    let count = sizes.reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 * $1 }
    guard (1...Self.mostTrials).contains(count), !learningRates.isRange,
      !regularizers.contains(where: \.weights.isRange)
    else {
      throw UsageError(
        count == 0
          ? "the space \(name) has ranges, and a grid takes lists"
          : "the space \(name) has more than \(Self.mostTrials) points",
        remedy: "Choose \"strategy: {random: {trials: 20}}\", or write lists with fewer numbers.")
    }
    var points: [Point] = []
    for architecture in architectures {
      for loss in losses.isEmpty ? [nil] : losses.map(Optional.some) {
        for index in 0..<architecture.count {
          let (model, loss) = try architecture.model(index, loss: loss)
          for regularizer in regularizers.flatMap(\.all) {
            for rate in learningRates.values {
              for batch in batchSizes {
                for recipe in recipes {
                  points.append(
                    Point(
                      model: model, loss: loss, regularizer: regularizer, learningRate: rate, batchSize: batch,
                      recipe: recipe))
                }
              }
            }
          }
        }
      }
    }
    return points
  }

  /// So many different points, or as many as are found where there are fewer.
  private func draws(_ trials: Int, seed: UInt64) throws -> [Point] {
    var (points, known) = ([Point](), Set<String>())
    for attempt in 0..<min(trials, Self.mostTrials) * 20 {
      var generator = Philox(seed: seed, index: attempt, purpose: .search)
      func one<Choice>(of choices: [Choice]) -> Choice { choices[generator.integer(below: choices.count)] }
      let architecture = one(of: architectures)
      let (model, loss) = try architecture.model(
        generator.integer(below: architecture.count), loss: losses.isEmpty ? nil : one(of: losses))
      let point = Point(
        model: model, loss: loss, regularizer: one(of: regularizers).draw(&generator),
        learningRate: learningRates.draw(&generator), batchSize: one(of: batchSizes), recipe: one(of: recipes))
      if known.insert("\(point)").inserted { points.append(point) }
      if points.count == trials { break }
    }
    return points
  }
}

private func saturatingSum(_ a: Int, _ b: Int) -> Int {
  let (sum, overflow) = a.addingReportingOverflow(b)
  return overflow ? .max : sum
}

extension ArchitectureChoice {
  var count: Int {
    switch self {
    case .preset: 1
    case .family(_, let layers, let neurons): layers.count * neurons.count
    }
  }

  /// What a preset makes small, or a network by its output.
  private static func loss(of name: String) throws -> Loss {
    guard ArchitectureFile.isNamed(name) else { return try Presets.plan(named: name).loss }
    return try ArchitectureFile(name).naturalLoss
  }

  /// The preset of a number below `count`, and its loss where none is asked for.
  func model(_ index: Int, loss: Loss?) throws -> (String, Loss) {
    switch self {
    case .preset(let name): return (name, try loss ?? Self.loss(of: name))
    case .family(let family, let layers, let neurons):
      let loss = loss ?? .binaryCrossEntropy
      let (l, n) = (layers[index / neurons.count], neurons[index % neurons.count])
      return ("report-\(family.rawValue)-\(l)-\(n)-\(loss.rawValue)", loss)
    }
  }
}

extension RegularizerChoice {
  fileprivate var count: Int { self == .none ? 1 : kinds.count * weights.count * places.count }

  fileprivate var all: [Regularizer] {
    guard self != .none else { return [Regularizer.none] }
    return places.flatMap { place in
      kinds.flatMap { kind in weights.values.map { Self.regularizer(kind, weight: $0, on: place) } }
    }
  }

  fileprivate func draw(_ generator: inout Philox) -> Regularizer {
    guard self != .none else { return Regularizer.none }
    let (kind, place) = (
      kinds[generator.integer(below: kinds.count)], places[generator.integer(below: places.count)]
    )
    return Self.regularizer(kind, weight: weights.draw(&generator), on: place)
  }
}

extension Numbers {
  fileprivate var count: Int { values.count }

  fileprivate func draw(_ generator: inout Philox) -> Double {
    switch self {
    case .list(let list): return list[generator.integer(below: list.count)]
    case .range(let from, let to):
      // Three digits are plenty, and read well.
      let drawn = from * pow(to / from, Double(generator.uniform()))
      return min(max(Double(String(format: "%.2e", drawn)) ?? drawn, from), to)
    }
  }
}
