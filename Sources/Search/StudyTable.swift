import Evaluation
import Foundation
import Restoration
import Support

/// A study's points beside each other: each with its trials' figures, over their seeds.
package struct StudyTable: Codable, Equatable, Sendable {
  /// Which epoch of a trial is shown: the one with the lowest watched loss, or its last.
  package enum Moment: String, Codable, Sendable, CaseIterable { case best, last }

  /// Trials of one point.
  package struct Row: Codable, Equatable, Sendable {
    package var point: Int
    /// In the order of `Setting.allCases`.
    package var settings: [String]
    package var states: [Trial.State]
    /// Why trials failed.
    package var reasons: [String]
    /// Epochs done, of all trials.
    package var epochs: Int
    package var seconds: Double
    /// Means over the trials, by `Metric.rawValue`; those that were not measured are missing.
    package var figures: [String: Estimate]

    package subscript(metric: Metric) -> Estimate? { figures[metric.rawValue] }
  }

  /// What tells points apart.
  package enum Setting: String, Codable, Sendable, CaseIterable {
    case model, loss, regularizer
    case learningRate = "learning_rate"
    case batchSize = "batch_size"
    case recipe
    /// What is asked of the model.
    case task

    /// Of those that `Metric.units` names.
    var plural: String {
      switch self {
      case .loss: "losses"
      case .regularizer: "penalties"
      default: "\(rawValue)s"
      }
    }

    func text(of trial: Trial) -> String {
      switch self {
      case .task: trial.plan.task.rawValue
      case .model: trial.model
      case .loss: trial.loss
      case .regularizer: trial.regularizer
      case .learningRate: "\(trial.learningRate)"
      case .batchSize: "\(trial.batchSize)"
      case .recipe: trial.recipe
      }
    }
  }

  package var name: String
  package var metric: Metric
  package var moment: Moment
  package var rows: [Row]

  /// From what a study holds now.
  package init(_ study: Study, metric: Metric? = nil, moment: Moment = .best) throws {
    self.init(
      try study.results(), name: study.description.space.name, metric: metric ?? study.description.space.metric,
      moment: moment)
  }

  package init(_ results: [TrialResult], name: String, metric: Metric, moment: Moment) {
    self.name = name
    self.metric = metric
    self.moment = moment
    rows = Dictionary(grouping: results, by: \.trial.point).sorted { $0.key < $1.key }.map { point, results in
      let trained = results.filter { $0.trial.state != .failed }
      let records = trained.compactMap { moment == .best ? $0.best : $0.last }
      var figures: [String: Estimate] = [:]
      for metric in Metric.allCases {
        figures[metric.rawValue] = Estimate.ofSome(records.compactMap(metric.value))
      }
      return Row(
        point: point, settings: Setting.allCases.map { $0.text(of: results[0].trial) },
        states: results.map(\.trial.state), reasons: results.compactMap(\.trial.reason),
        epochs: results.map(\.epochs.count).reduce(0, +), seconds: results.map(\.seconds).reduce(0, +),
        figures: figures)
    }
  }

  /// The points with the best mean of `metric` among those that have come to their end; several where they are equal.
  /// None where the metric is not the same for all of them: `comparable` then has the groups that it can tell apart.
  package var winners: [Row] { comparable.count == 1 ? winners(among: comparable[0].rows) : [] }

  /// Points with a figure that have come to their end, by the settings that give the metric its meaning: a cross-entropy
  /// is not compared with a squared error, nor a loss that counts a penalty with one that doesn't.
  package var comparable: [(settings: [String], rows: [Row])] {
    let columns = metric.units.compactMap { Setting.allCases.firstIndex(of: $0) }
    let compared = rows.filter { $0.states.allSatisfy { $0 == .finished } && $0[metric] != nil }
    return Dictionary(grouping: compared) { row in columns.map { row.settings[$0] } }
      .map { (settings: $0.key, rows: $0.value) }.sorted { ($0.rows.first?.point ?? 0) < ($1.rows.first?.point ?? 0) }
  }

  /// Settings in which points differ that `metric` cannot compare.
  var dividing: [Setting] {
    let groups = comparable
    return metric.units.indices.filter { unit in Set(groups.map { $0.settings[unit] }).count > 1 }
      .map { metric.units[$0] }
  }

  /// Metrics that can compare all points that have come to their end.
  var common: [Metric] {
    let ended = rows.filter { $0.states.allSatisfy { $0 == .finished } }
    return Metric.allCases.filter { other in
      let columns = other.units.compactMap { Setting.allCases.firstIndex(of: $0) }
      return ended.allSatisfy { $0[other] != nil }
        && columns.allSatisfy { column in Set(ended.map { $0.settings[column] }).count == 1 }
    }
  }

  package func winners(among compared: [Row]) -> [Row] {
    func value(_ row: Row) -> Double { row[metric].map { metric.isLoss ? $0.mean : -$0.mean } ?? .infinity }
    guard let best = compared.map(value).min() else { return [] }
    return compared.filter { value($0) == best }
  }

  /// Others that several seeds do not tell from the winner: within two standard errors of the difference.
  package var notToldApart: [Row] {
    let winners = winners
    guard let winner = winners.first, let best = winner[metric], best.standardError != nil else { return [] }
    return rows.filter { row in
      guard !winners.contains(where: { $0.point == row.point }), row.states.allSatisfy({ $0 == .finished }),
        let figure = row[metric], figure.standardError != nil
      else { return false }
      return abs(figure.mean - best.mean) <= best.margin(to: figure)
    }
  }
}

extension Estimate {
  /// Nil for none.
  fileprivate static func ofSome(_ values: [Double]) -> Estimate? { values.isEmpty ? nil : Estimate(values) }
}
