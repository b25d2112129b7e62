import NeuralNetworks
import Restoration
import Search
import Support
import TestSupport
import Testing

@Suite struct SearchSpaceTests {
  @Test func theReportsGridHas36PointsInTheOrderOfItsTable() throws {
    let points = try SearchSpace.named("report-grid").points(seed: 1)
    #expect(points.count == 36)
    #expect(Set(points.map(\.model)).count == 36)
    #expect(points[0].model == "report-dense-2-32-bce")
    #expect(points[5].model == "report-dense-3-128-bce")
    #expect(points[9].model == "report-dense-2-32-mse")
    #expect(points[35].model == "report-conv-4-128-mse" && points[35].loss == .meanSquaredError)
  }

  @Test func theRegularisationHasBothAttemptsAndNone() throws {
    let space = try SearchSpace.named("report-regularisation")
    let points = try space.points(seed: 1)
    #expect(points.count == 1 + 2 * 3 * 5)
    #expect(points.map(\.regularizer).filter { $0 == .none }.count == 1)
    let everywhere = points.filter { $0.regularizer.activity != .none }
    #expect(everywhere.count == 15)
    #expect(everywhere.allSatisfy { $0.regularizer.activity == $0.regularizer.kernel })
    #expect(points.contains { $0.regularizer == Regularizer(kernel: Penalty(l1: 1e-3, l2: 1e-3)) })
    #expect(space.metric == .validationFit)
  }

  @Test func aSpaceReadsBackEqual() throws {
    for name in SearchSpace.builtInNames {
      let space = try SearchSpace.named(name)
      #expect(try SearchSpace(yaml: space.yaml()) == space)
    }
    var space = try SearchSpace.named("report-regularisation")
    space.strategy = .halving(trials: 12, reduction: 4, leastEpochs: 2)
    (space.learningRates, space.patience) = (.range(from: 1e-5, to: 0.01), nil)
    #expect(try SearchSpace(yaml: space.yaml()) == space)
  }

  @Test func onlySomeArchitectures() throws {
    let grid = try SearchSpace.named("report-grid")
    #expect(try grid.only(["dense"]).points(seed: 1).count == 18)
    #expect(throws: UsageError.self) { try grid.only(["desne"]) }
  }

  /// Each is refused with the place and a word on what to do.
  @Test(arguments: [
    ("architectures: [report-final]\nlearning_rate: [0.1]", "learning_rate", "learning_rates"),
    ("architectures: []", "architectures", "nothing to search"),
    ("name: x", "architectures", "report-final"),
    ("architectures: [{dens: {layers: [2]}}]", "architectures[0]", "dense"),
    ("architectures: [{dense: {layer: [2]}}]", "architectures[0].dense", "layers"),
    ("architectures: [{dense: {layers: []}}]", "architectures[0]", "at least one"),
    ("architectures: [report-final]\nlearning_rates: [-1]", "learning_rates", "positive"),
    ("architectures: [report-final]\nlearning_rates: [.nan]", "learning_rates", "positive"),
    ("architectures: [report-final]\nlearning_rates: {from: 1, to: 0.1}", "learning_rates", "below"),
    ("architectures: [report-final]\nstrategy: grit", "strategy", "random"),
    ("architectures: [report-final]\nstrategy: {radnom: {trials: 3}}", "strategy", "random"),
    ("architectures: [report-final]\nregularizers: [some]", "regularizers[0]", "none"),
    ("architectures: [report-final]\nregularizers: [{weights: []}]", "regularizers[0].weights", "positive"),
    ("architectures: [report-final]\nregularizers: [{weights: [1e-60]}]", "regularizers[0].weights", "none"),
    (
      "architectures: [report-final]\nregularizers: [none, {weights: {from: 1e-6, to: 1e-3}}]", "regularizers", "random"
    ),
    ("architectures: [report-final]\nlearning_rates: {from: 0.001, to: 0.1}", "learning_rates", "random"),
    ("architectures: [report-final]\nlearning_rates: 0.001", "learning_rates", "list of numbers"),
    ("architectures: [report-final]\nstrategy: {random: {trials: 0}}", "strategy", "trials from 1"),
    ("architectures: [report-final]\nstrategy: {random: {trials: 3}, halving: {}}", "strategy", "several"),
    ("architectures: [report-final]\nstrategy: {halving: {reduction: 1}}", "strategy", "reduction from 2"),
    ("architectures: [report-final]\nstrategy: {halving: {least_epochs: 50}}", "strategy", "least_epochs up to"),
    ("architectures: [report-final]\nvalidation: none", "metric", "metric: loss"),
    ("architectures: [report-final]\nepochs: 9223372036854775807", "epochs", "1000000"),
    ("architectures: [report-final]\nepochs: 0", "epochs", "1000000"),
    ("architectures: [report-final]\npatience: -1", "patience", "at least one"),
    ("architectures: [report-final]\nbatch_sizes: [32, 0]", "batch_sizes", "65536"),
    ("architectures: [report-final]\nmetric: val_los", "metric", "val_loss"),
    ("architectures: [report-final]\nbatch_sizes: []", "batch_sizes", "empty"),
    ("architectures: [report-final]\nbatch_sizes: [32, 16, 32]", "batch_sizes", "choice 3 again"),
    ("architectures: [report-final, report-final]", "architectures", "choice 2 again"),
    ("architectures: [report-final]\nlosses: [bce, bce]", "losses", "choice 2 again"),
    ("architectures: [report-final]\nlearning_rates: [0.1, 0.10]", "learning_rates", "choice 2 again"),
    ("architectures: [report-final]\nregularizers: [none, none]", "regularizers", "choice 2 again"),
    ("architectures: [report-final]\nrecipes: [report-multiple, report-multiple]", "recipes", "choice 2 again"),
    ("architectures: [report-final]\nepochs: many", "epochs", "whole number"),
    ("- a\n- b", "space", "mapping"),
  ])
  func aFaultySpaceIsRefused(yaml: String, place: String, word: String) throws {
    let error = #expect(throws: DataError.self) { try SearchSpace(yaml: yaml, file: "space") }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains(place) && text.contains(word), "\(text)")
  }

  /// Well-formed, and still nothing to search.
  @Test(arguments: [
    "architectures: [report-fnial]",
    "architectures: [{dense: {layers: [2], neurons: [\((1...2000).map(String.init).joined(separator: ","))]}}]\n"
      + "batch_sizes: [\((1...200).map(String.init).joined(separator: ","))]",
  ])
  func aSpaceThatLeavesNothingIsRefused(yaml: String) throws {
    let space = try SearchSpace(yaml: yaml)
    #expect(throws: UsageError.self) { try space.points(seed: 1) }
  }

  @Test func drawsAreDifferentPointsWithinTheirRanges() throws {
    var space = SearchSpace(name: "draws", architectures: [.family(.dense, layers: [2, 3], neurons: [8, 16])])
    space.strategy = .random(trials: 40)
    space.learningRates = .range(from: 1e-4, to: 1e-2)
    space.regularizers = [.none, RegularizerChoice(kinds: [.l1, .l2], weights: .range(from: 1e-6, to: 1e-4))]
    let points = try space.points(seed: 5)
    #expect(points.count == 40)
    #expect(points.allSatisfy { (1e-4...1e-2).contains($0.learningRate) })
    #expect(points.allSatisfy { $0.regularizer.kernel.l1 <= 1e-4 && $0.regularizer.kernel.l2 <= 1e-4 })
    // Orders of magnitude are equally likely.
    #expect((10...30).contains(points.filter { $0.learningRate < 1e-3 }.count))
    #expect(try space.points(seed: 5) == points)
    #expect(try space.points(seed: 6) != points)
    for (index, point) in points.enumerated() { #expect(!points[..<index].contains(point)) }
  }

  @Test func drawsFromFewPointsFindThemAll() throws {
    var space = SearchSpace(name: "few", architectures: [.family(.dense, layers: [2, 3], neurons: [8, 16])])
    space.strategy = .random(trials: 100)
    #expect(try space.points(seed: 1).count == 4)
  }
}
