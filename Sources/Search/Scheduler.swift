import Foundation
import GRDB
import Restoration
import Support

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
    // Those that the program ended with come last, so that the others are done whatever they do. Halving's order decides
    // who goes on, and stays.
    let order = rungs.count > 1 ? "number" : "stalls, number"
    return try translatingErrors(study.path) {
      try study.database.read {
        try Trial.fetchOne($0, sql: "SELECT * FROM trial WHERE state = 'waiting' ORDER BY \(order) LIMIT 1")
      }
    }
  }

  /// From the highest rung down: the best that is among the first `1 / reduction` of all that have come as far.
  private func promotion() throws -> Trial? {
    let space = study.description.space
    guard case .halving(_, let reduction, _) = space.strategy else { return nil }
    let standings = try standings(by: space.metric)
    for (rung, next) in zip(rungs, rungs.dropFirst()).reversed() {
      let there = standings.compactMap { standing in standing.value(at: rung, space.metric).map { (standing, $0) } }
      let ranked = there.sorted { a, b in
        a.1 == b.1 ? a.0.number < b.0.number : space.metric.isLoss ? a.1 < b.1 : a.1 > b.1
      }
      for (standing, _) in ranked.prefix(ranked.count / reduction)
      where standing.state == .paused && standing.untilEpoch == rung {
        var promoted = try study.trial(standing.number)
        promoted?.untilEpoch = next
        return promoted
      }
    }
    return nil
  }

  /// How far a trial has come.
  private struct Standing {
    var number: Int
    var state: Trial.State?
    var untilEpoch: Int
    /// The metric of each epoch; nil where it was not measured.
    var values: [Double?] = []

    /// The best value up to that epoch; nil where the trial has not come so far.
    func value(at rung: Int, _ metric: Metric) -> Double? {
      let isThere = values.count >= rung || state == .finished
      let values = values.prefix(rung).compactMap { $0 }
      return isThere ? (metric.isLoss ? values.min() : values.max()) : nil
    }
  }

  private func standings(by metric: Metric) throws -> [Standing] {
    try translatingErrors(study.path) {
      try study.database.read { database in
        var standings: [Int: Standing] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT number, state, until_epoch FROM trial") {
          let number = try row.decode(Int.self, forColumn: "number")
          standings[number] = Standing(
            number: number, state: try Trial.State(rawValue: row.decode(String.self, forColumn: "state")),
            untilEpoch: try row.decode(Int.self, forColumn: "until_epoch"))
        }
        for epoch in try TrialEpoch.fetchAll(database, sql: "SELECT * FROM epoch ORDER BY trial, epoch") {
          standings[epoch.trial]?.values.append(metric.value(of: epoch.record))
        }
        return standings.values.sorted { $0.number < $1.number }
      }
    }
  }
}
