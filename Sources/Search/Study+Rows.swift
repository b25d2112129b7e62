import Foundation
import GRDB
import Support

extension Study {
  /// All trials with their epochs, by number.
  package func results() throws -> [TrialResult] {
    try translatingErrors(path) {
      try database.read { database in
        let epochs = Dictionary(
          grouping: try TrialEpoch.fetchAll(database, sql: "SELECT * FROM epoch ORDER BY trial, epoch"), by: \.trial)
        let results = try Trial.fetchAll(database, sql: "SELECT * FROM trial ORDER BY number").map {
          TrialResult(trial: $0, epochs: epochs[$0.number] ?? [])
        }
        for result in results { try result.check(path) }
        return results
      }
    }
  }

  /// One trial with its epochs; nil where there is none of this number.
  package func result(of number: Int) throws -> TrialResult? {
    guard let trial = try trial(number) else { return nil }
    let epochs = try translatingErrors(path) {
      try database.read {
        try TrialEpoch.fetchAll($0, sql: "SELECT * FROM epoch WHERE trial = ? ORDER BY epoch", arguments: [number])
      }
    }
    return TrialResult(trial: trial, epochs: epochs)
  }

  /// The trial of this number; nil where there is none.
  func trial(_ number: Int) throws -> Trial? {
    try translatingErrors(path) {
      try database.read { try Trial.fetchOne($0, sql: "SELECT * FROM trial WHERE number = ?", arguments: [number]) }
    }
  }

  /// How many trials are in each state.
  package func counts() throws -> [Trial.State: Int] {
    try translatingErrors(path) {
      try database.read { database in
        let rows = try Row.fetchAll(database, sql: "SELECT state, COUNT(*) AS n FROM trial GROUP BY state")
        return Dictionary(
          try rows.compactMap { row in
            try Trial.State(rawValue: row.decode(String.self, forColumn: "state")).map {
              ($0, try row.decode(Int.self, forColumn: "n"))
            }
          }, uniquingKeysWith: +)
      }
    }
  }
}

extension Study {
  func write(_ change: (Database) throws -> Void) throws {
    try translatingErrors(path) { try database.write(change) }
  }

  func begin(_ trial: inout Trial) throws {
    trial.state = .running
    trial.begun = trial.begun ?? Date()
    (trial.ended, trial.reason) = (nil, nil)
    try write { [trial] in try trial.update($0) }
  }

  func record(_ epochs: [TrialEpoch]) throws {
    guard let last = epochs.last else { return }
    try write { database in
      let known = try Int.fetchOne(
        database, sql: "SELECT MAX(epoch) FROM epoch WHERE trial = ?", arguments: [last.trial])
      for epoch in epochs { try epoch.upsert(database) }
      guard last.epoch > known ?? 0 else { return }
      try database.execute(sql: "UPDATE trial SET stalls = 0 WHERE number = ?", arguments: [last.trial])
    }
  }

  func end(_ number: Int, _ state: Trial.State, reason: String? = nil) throws {
    try write { database in
      try database.execute(
        sql: "UPDATE trial SET state = ?, reason = ?, ended = ? WHERE number = ?",
        arguments: [state.rawValue, reason, Date(), number])
    }
  }

  /// Those that ran wait; that they did not come to an epoch's end is not their fault.
  func rest() throws {
    try write { try $0.execute(sql: "UPDATE trial SET state = 'waiting' WHERE state = 'running'") }
  }

  /// Failed trials wait again; returns how many.
  func retryFailed() throws -> Int {
    var count = 0
    try write { database in
      try database.execute(sql: "UPDATE trial SET state = 'waiting', stalls = 0, reason = NULL WHERE state = 'failed'")
      count = database.changesCount
    }
    return count
  }
}
