import Restoration
import Search
import Support

extension GridTrial {
  /// From a study; nil for a model that is none of table 1's.
  package init?(_ result: TrialResult) {
    guard let row = Table1.rows.first(where: { $0.point.preset == result.trial.model }) else { return nil }
    let images = result.trial.plan.data?.images ?? 0
    var validationImages = 0
    if case .share(let share) = result.trial.plan.validation { validationImages = Int(Double(images) * share) }
    let last = result.last.flatMap { last in
      last.validationLoss.map { loss in
        Table1.Figures(
          loss: last.loss, validationLoss: loss, accuracy: last.accuracy,
          validationAccuracy: last.validationAccuracy ?? 0)
      }
    }
    self.init(
      point: row.point, trainingImages: images - validationImages, validationImages: validationImages,
      epochs: result.epochs.count, figures: result.trial.state == .finished ? last : nil,
      bestValidationLoss: result.best?.validationLoss, seconds: result.seconds, failure: result.trial.reason)
  }
}

/// A study of table 1's models beside the report's figures, as text.
package struct GridComparison: CustomStringConvertible {
  private let trials: [GridTrial]

  /// Of several seeds the first that has come to its end counts.
  ///
  /// - Throws: `UsageError` where the study has none of table 1's models, or one of them with several settings.
  package init(_ study: Study) throws {
    let results = try study.results().filter { GridTrial($0) != nil }
    for trials in Dictionary(grouping: results, by: \.trial.model).values {
      guard Set(trials.map(\.trial.point)).count == 1 else {
        throw UsageError(
          "\(study.path) has several points of \(trials[0].trial.model)",
          remedy: "The report's table has one; leave out --beside-report.")
      }
    }
    let ended = results.sorted { a, b in
      (a.trial.point, a.trial.state == .finished ? 0 : 1, a.trial.number)
        < (b.trial.point, b.trial.state == .finished ? 0 : 1, b.trial.number)
    }
    var seen: Set<Table1.Point> = []
    trials = ended.compactMap(GridTrial.init).filter { seen.insert($0.point).inserted }
    guard !trials.isEmpty else {
      throw UsageError(
        "\(study.path) has none of the report's 36 models", remedy: "Search report-grid, or leave out --beside-report.")
    }
  }

  package var description: String {
    let headings = [
      "", "loss", "report", "val_loss", "report", "accuracy", "report", "val_accuracy", "report", "epochs",
    ]
    let lines = alignedColumns([headings] + trials.map(row))
    let marks = trials.contains { Table1.row(of: $0.point)?.slip != nil }
    return
      (lines + (marks ? ["* doubtful in the report: copied figures, or losses the wrong way round"] : []) + [""]
      + alignedColumns(correlations)).joined(separator: "\n")
  }

  private func row(_ trial: GridTrial) -> [String] {
    let theirs = Table1.row(of: trial.point)
    func pair(_ figure: KeyPath<Table1.Figures, Double>) -> [String] {
      [trial.figures, theirs?.figures].map { $0.map { fixed($0[keyPath: figure], 5) } ?? "–" }
    }
    return [trial.point.preset + (theirs?.slip == nil ? "" : " *")] + pair(\.loss) + pair(\.validationLoss)
      + pair(\.accuracy) + pair(\.validationAccuracy) + ["\(trial.epochs)"]
  }

  private var correlations: [[String]] {
    func text(_ rho: Double?) -> String { rho.map { fixed($0, 2) } ?? "–" }
    return [["Spearman's rho, ours and the report's", "n", "loss", "val_loss", "accuracy", "val_accuracy"]]
      + Correlation.all(of: trials).map {
        [
          $0.models, "\($0.count)", text($0.loss), text($0.validationLoss), text($0.accuracy),
          text($0.validationAccuracy),
        ]
      }
  }
}
