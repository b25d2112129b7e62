import Foundation
import GRDB
import Groundwork
import Restoration

/// Which trial is next: a function of what the study holds, so that a study that was broken off goes on as it would have.
package struct Scheduler {
  let study: Study
  /// The epochs after which trials are compared, the space's own last; one alone where none are halved.
  let rungs: [Int]

  init(_ study: Study) {
    self.study = study
    rungs = Self.rungs(of: study.description.space)
  }

  package static func rungs(of space: SearchSpace) -> [Int] {
    guard case .halving(_, let reduction, let least) = space.strategy else { return [space.epochs] }
    var rungs: [Int] = []
    var epoch = least
    while epoch < space.epochs {
      rungs.append(epoch)
      epoch = epoch.multipliedReportingOverflow(by: reduction).overflow ? space.epochs : epoch * reduction
    }
    return rungs + [space.epochs]
  }

  /// The next one to train, with its `untilEpoch` set; nil when there is none, now or ever.
  func next() throws -> Trial? {
    if rungs.count > 1, let promoted = try promotion() { return promoted }
    return try translatingErrors(study.path) {
      try study.database.read {
        try Trial.fetchOne($0, sql: "SELECT * FROM trial WHERE state = 'waiting' ORDER BY number LIMIT 1")
      }
    }
  }

  /// From the highest rung down: the best that is among the first `1 / reduction` of all that have come as far.
  private func promotion() throws -> Trial? {
    guard case .halving(_, let reduction, _) = study.description.space.strategy else { return nil }
    let metric = study.description.space.metric
    let results = try study.results()
    for (rung, next) in zip(rungs, rungs.dropFirst()).reversed() {
      let there = results.compactMap { result in
        Self.value(of: result, by: metric, at: rung).map { (result.trial, $0) }
      }
      let ranked = there.sorted { a, b in
        a.1 == b.1 ? a.0.number < b.0.number : metric.isLoss ? a.1 < b.1 : a.1 > b.1
      }
      for (trial, _) in ranked.prefix(ranked.count / reduction)
      where trial.state == .paused && trial.untilEpoch == rung {
        var promoted = trial
        promoted.untilEpoch = next
        return promoted
      }
    }
    return nil
  }

  /// The best value up to that epoch; nil where the trial has not come so far.
  private static func value(of result: TrialResult, by metric: Metric, at rung: Int) -> Double? {
    let isThere = result.epochs.count >= rung || result.trial.state == .finished
    let values = result.epochs.prefix(rung).compactMap { metric.value(of: $0.record) }
    return isThere ? (metric.isLoss ? values.min() : values.max()) : nil
  }
}
