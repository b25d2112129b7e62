import Distortions
import NeuralNetworks
import Restoration
import Search
import Support
import TestSupport
import Testing

/// Points are compared by what means the same for all of them, or one is asked for.
@Suite struct ComparisonTests {
  private func results(_ points: [Point]) throws -> [TrialResult] {
    try points.enumerated().map { index, point in
      var plan = try Presets.plan(named: point.model, regularizer: point.regularizer)
      (plan.loss, plan.recipe) = (point.loss, try .named(point.recipe))
      var trial = Trial(number: index + 1, point: index + 1, plan: plan, choice: point, untilEpoch: 1)
      trial.state = .finished
      // Each better than the one before it.
      let record = EpochRecord(
        epoch: 1, learningRate: 1e-3, loss: 0.5 - 0.1 * Double(index), accuracy: 0.5 + 0.1 * Double(index),
        validationLoss: 0.5 - 0.1 * Double(index), validationAccuracy: 0.5 + 0.1 * Double(index))
      return TrialResult(trial: trial, epochs: [TrialEpoch(trial: index + 1, record, nil)])
    }
  }

  private func point(
    _ model: String = "report-dense-2-4-bce", _ loss: Loss = .binaryCrossEntropy,
    _ regularizer: Regularizer = .none, recipe: String = "report-multiple"
  ) -> Point {
    Point(
      model: model, loss: loss, regularizer: regularizer, learningRate: 1e-3, batchSize: 32, recipe: recipe)
  }

  /// By which metrics two points can be told apart; by the others there is no winner, and the reason is said.
  private func expect(
    _ points: [Point], comparedBy wanted: [Metric], otherwise words: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let results = try results(points)
    for metric in Metric.allCases {
      let table = StudyTable(results, name: "two", metric: metric, moment: .best)
      let verdict = Comment(rawValue: "\(metric): \(table.verdict)")
      if wanted.contains(metric) {
        #expect(table.winners.map(\.point) == [points.count], verdict, sourceLocation: sourceLocation)
        #expect(table.verdict.hasPrefix("best \(metric.rawValue): "), verdict, sourceLocation: sourceLocation)
      } else {
        #expect(table.winners.isEmpty && table.notToldApart.isEmpty, verdict, sourceLocation: sourceLocation)
        for word in words { #expect(table.verdict.contains(word), verdict, sourceLocation: sourceLocation) }
      }
    }
  }

  @Test func oneLoss() throws {
    try expect([point(), point("report-dense-3-8-bce")], comparedBy: Metric.allCases, otherwise: [])
  }

  @Test func losses() throws {
    try expect(
      [point(), point("report-dense-2-4-mse", .meanSquaredError)], comparedBy: [.accuracy, .validationAccuracy],
      otherwise: ["the losses differ (bce, mse)", "with bce: 0.5", "with mse: 0.4", "by --metric val_accuracy"])
  }

  @Test func penalties() throws {
    try expect(
      [point(), point("report-dense-2-4-bce", .binaryCrossEntropy, Regularizer(kernel: Penalty(l2: 0.5)))],
      comparedBy: [.accuracy, .validationAccuracy, .validationFit],
      otherwise: ["the penalties differ (l2 0.5 on kernels, none)", "by --metric val_accuracy or val_fit"])
  }

  /// Images to validate with are distorted by each point's own recipe.
  @Test func recipes() throws {
    try expect(
      [point(recipe: "report-multiple"), point(recipe: "report-single")], comparedBy: [],
      otherwise: ["the recipes differ (report-multiple, report-single)", "no metric was measured that means the same"])
  }

  @Test func tasks() throws {
    try expect(
      [point(), point("report-classifier", .categoricalCrossEntropy)], comparedBy: [],
      otherwise: ["the tasks differ (classification, restoration)", "no metric was measured that means the same"])
  }

  /// Only one figure decides who goes on.
  @Test func halvingOfWhatCannotBeCompared() throws {
    func refuse(_ word: String, _ remedy: String, _ change: (inout SearchSpace) -> Void) throws {
      try withTemporaryFolder { folder in
        let request = Small.request { space in
          space.losses = [.binaryCrossEntropy]
          change(&space)
          space.strategy = .halving(trials: 20, reduction: 2, leastEpochs: 1)
        }
        let error = #expect(throws: UsageError.self) { try Small.search(request, into: "\(folder)/study.sqlite") }
        let text = error?.description ?? ""
        #expect(text.contains(word) && text.contains(remedy), "\(text)")
        let names = try Folder.names(in: folder)
        #expect(names.isEmpty)
      }
    }
    try refuse("losses differ", "val_accuracy") { $0.losses = [.binaryCrossEntropy, .meanSquaredError] }
    try refuse("losses differ", "(accuracy)") {
      ($0.losses, $0.metric, $0.validation) = ([.binaryCrossEntropy, .meanSquaredError], .loss, .none)
    }
    try refuse("penalties differ", "val_fit") {
      $0.regularizers = [.none, RegularizerChoice(kinds: [.l1], weights: .list([1e-5]))]
    }
    try refuse("recipes differ", "one recipe at a time") {
      ($0.metric, $0.recipes) = (.validationAccuracy, ["report-multiple", "report-single"])
    }
  }

  @Test func validationByWhatIsTrainedOn() throws {
    try withTemporaryFolder { folder in
      func refuse(_ change: (inout SearchRun.Request) -> Void, validation: Bool) throws {
        var request = Small.request { $0.validation = .set("test") }
        change(&request)
        let set = validation ? Small.digits : Small.digits.prefix(30)
        let error = #expect(throws: UsageError.self) {
          try SearchRun(
            request, training: TrainingImages(Small.digits), validation: TrainingImages(set),
            into: "\(folder)/study.sqlite")
        }
        #expect(error?.problem.contains("those that are trained on") == true, "\(String(describing: error))")
        #expect(try Folder.names(in: folder).isEmpty)
      }
      try refuse({ $0.origin.part = .test }, validation: false)
      try refuse({ _ in }, validation: true)
    }
  }
}
