import Foundation
import GRDB
import Search
import Support

/// A study as Optuna stores it in SQLite, for its plots and its dashboard.
///
/// Trials are Optuna's trials, their settings its parameters, and an epoch's figure is an intermediate value. The tables are
/// those of Optuna's schema 12 (`v3.2.0.a`), which versions 3.2 to 5.0 read.
package struct OptunaStudy {
  private let study: Study
  private let results: [TrialResult]
  private let metric: Metric

  /// - Throws: `SystemError`, `DataError` for a damaged study.
  package init(_ study: Study) throws {
    self.study = study
    results = try study.results()
    metric = study.description.space.metric
  }

  /// Writes the file whole.
  ///
  /// - Throws: `SystemError`.
  package func write(to path: String) throws {
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("tiddu-\(UUID().uuidString).db").path
    defer { try? FileManager.default.removeItem(atPath: place) }
    try translatingErrors(path) {
      let database = try DatabaseQueue(path: place)
      try database.write { database in
        try database.execute(sql: Self.schema)
        try fill(database)
      }
      try database.close()
    }
    try WholeFile.write(Folder.read(place), to: path)
  }

  private func fill(_ database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO alembic_version VALUES ('v3.2.0.a');
        INSERT INTO version_info VALUES (1, 12, '3.2.0');
        """)
    try database.execute(
      sql: "INSERT INTO studies VALUES (1, ?)", arguments: [study.description.space.name])
    try database.execute(
      sql: "INSERT INTO study_directions VALUES (1, ?, 1, 0)", arguments: [metric.isLoss ? "MINIMIZE" : "MAXIMIZE"])
    for (key, value) in [("metric", metric.rawValue), ("tiddu", study.description.version)] {
      try database.execute(
        sql: "INSERT INTO study_user_attributes (study_id, key, value_json) VALUES (1, ?, ?)",
        arguments: [key, try json(value)])
    }
    let settings = OptunaSetting.all(of: results.map(\.trial), in: study.description.space)
    for (index, result) in results.enumerated() { try write(result, index, settings, to: database) }
  }

  private func write(
    _ result: TrialResult, _ index: Int, _ settings: [OptunaSetting], to database: Database
  ) throws {
    let (trial, number) = (result.trial, index + 1)
    let best = result.best.flatMap { metric.value(of: $0) }
    // Optuna takes no trial for complete that has no value.
    let state = Self.state(of: trial, hasValue: best?.isFinite ?? false)
    try database.execute(
      sql: "INSERT INTO trials VALUES (?, ?, 1, ?, ?, ?)",
      arguments: [
        number, index, state, trial.begun.map(Self.text),
        ["COMPLETE", "FAIL", "PRUNED"].contains(state) ? (trial.ended ?? trial.begun).map(Self.text) : nil,
      ])
    if state == "COMPLETE", let best {
      try database.execute(
        sql: "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, 0, ?, 'FINITE')",
        arguments: [number, best])
    }
    for setting in settings {
      guard let value = setting.value(of: trial) else { continue }
      try database.execute(
        sql: "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (?, ?, ?, ?)",
        arguments: [number, setting.name, value, try setting.distribution()])
    }
    for epoch in result.epochs {
      guard let value = metric.value(of: epoch.record), value.isFinite else { continue }
      try database.execute(
        sql: """
          INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type)
          VALUES (?, ?, ?, 'FINITE')
          """, arguments: [number, epoch.epoch, value])
    }
    let notes = [
      ("trial", try json(trial.number)), ("seed", try json(trial.seed)), ("epochs", try json(result.epochs.count)),
      ("best_epoch", try json(result.best?.epoch ?? 0)), ("reason", try json(trial.reason ?? "")),
    ]
    for (key, value) in notes where value != "\"\"" {
      try database.execute(
        sql: "INSERT INTO trial_user_attributes (trial_id, key, value_json) VALUES (?, ?, ?)",
        arguments: [number, key, value])
    }
  }

  private static func state(of trial: Trial, hasValue: Bool) -> String {
    switch trial.state {
    case .waiting: "WAITING"
    case .running: "RUNNING"
    // It rests, and others go on.
    case .paused: "PRUNED"
    case .finished: hasValue ? "COMPLETE" : "FAIL"
    case .failed: "FAIL"
    }
  }

  /// Local time, as Optuna writes it.
  private static func text(_ date: Date) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyy-MM-dd HH:mm:ss.SSS"
    return formatter.string(from: date) + "000"
  }

  private static let schema = """
    CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
    CREATE TABLE version_info (
      version_info_id INTEGER NOT NULL PRIMARY KEY CHECK (version_info_id = 1), schema_version INTEGER,
      library_version VARCHAR(256));
    CREATE TABLE studies (study_id INTEGER NOT NULL PRIMARY KEY, study_name VARCHAR(512) NOT NULL);
    CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
    CREATE TABLE study_directions (
      study_direction_id INTEGER NOT NULL PRIMARY KEY, direction VARCHAR(8) NOT NULL,
      study_id INTEGER NOT NULL REFERENCES studies (study_id), objective INTEGER NOT NULL,
      UNIQUE (study_id, objective));
    CREATE TABLE study_system_attributes (
      study_system_attribute_id INTEGER NOT NULL PRIMARY KEY, study_id INTEGER REFERENCES studies (study_id),
      key VARCHAR(512), value_json TEXT, UNIQUE (study_id, key));
    CREATE TABLE study_user_attributes (
      study_user_attribute_id INTEGER NOT NULL PRIMARY KEY, study_id INTEGER REFERENCES studies (study_id),
      key VARCHAR(512), value_json TEXT, UNIQUE (study_id, key));
    CREATE TABLE trials (
      trial_id INTEGER NOT NULL PRIMARY KEY, number INTEGER, study_id INTEGER REFERENCES studies (study_id),
      state VARCHAR(8) NOT NULL, datetime_start DATETIME, datetime_complete DATETIME);
    CREATE INDEX ix_trials_study_id ON trials (study_id);
    CREATE TABLE trial_heartbeats (
      trial_heartbeat_id INTEGER NOT NULL PRIMARY KEY, trial_id INTEGER NOT NULL REFERENCES trials (trial_id),
      heartbeat DATETIME NOT NULL, UNIQUE (trial_id));
    CREATE TABLE trial_intermediate_values (
      trial_intermediate_value_id INTEGER NOT NULL PRIMARY KEY,
      trial_id INTEGER NOT NULL REFERENCES trials (trial_id), step INTEGER NOT NULL, intermediate_value FLOAT,
      intermediate_value_type VARCHAR(7) NOT NULL, UNIQUE (trial_id, step));
    CREATE TABLE trial_params (
      param_id INTEGER NOT NULL PRIMARY KEY, trial_id INTEGER REFERENCES trials (trial_id), param_name VARCHAR(512),
      param_value FLOAT, distribution_json TEXT, UNIQUE (trial_id, param_name));
    CREATE TABLE trial_system_attributes (
      trial_system_attribute_id INTEGER NOT NULL PRIMARY KEY, trial_id INTEGER REFERENCES trials (trial_id),
      key VARCHAR(512), value_json TEXT, UNIQUE (trial_id, key));
    CREATE TABLE trial_user_attributes (
      trial_user_attribute_id INTEGER NOT NULL PRIMARY KEY, trial_id INTEGER REFERENCES trials (trial_id),
      key VARCHAR(512), value_json TEXT, UNIQUE (trial_id, key));
    CREATE TABLE trial_values (
      trial_value_id INTEGER NOT NULL PRIMARY KEY, trial_id INTEGER NOT NULL REFERENCES trials (trial_id),
      objective INTEGER NOT NULL, value FLOAT, value_type VARCHAR(7) NOT NULL, UNIQUE (trial_id, objective));
    """
}

private func json(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = .withoutEscapingSlashes
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// A setting of a trial's as a parameter of Optuna's.
private struct OptunaSetting {
  let name: String
  private let kind: Kind

  private enum Kind {
    /// One of several texts, the number of which is stored.
    case words([String], (Trial) -> String)
    /// One of several numbers, likewise.
    case numbers([Double], (Trial) -> Double)
    /// Drawn evenly on a logarithmic scale.
    case logarithmic(ClosedRange<Double>, (Trial) -> Double)
  }

  static func all(of trials: [Trial], in space: SearchSpace) -> [OptunaSetting] {
    func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
      var seen: Set<Value> = []
      return values.filter { seen.insert($0).inserted }
    }
    func words(_ name: String, _ value: @escaping (Trial) -> String) -> OptunaSetting {
      OptunaSetting(name: name, kind: .words(distinct(trials.map(value)), value))
    }
    func numbers(_ name: String, _ value: @escaping (Trial) -> Double) -> OptunaSetting {
      OptunaSetting(name: name, kind: .numbers(distinct(trials.map(value)).sorted(), value))
    }
    let rate: OptunaSetting =
      if case .range(let from, let to) = space.learningRates, from > 0, from <= to {
        OptunaSetting(name: "learning_rate", kind: .logarithmic(from...to) { $0.learningRate })
      } else {
        numbers("learning_rate") { $0.learningRate }
      }
    return [
      words("model") { $0.model }, words("loss") { $0.loss }, words("regularizer") { $0.regularizer }, rate,
      numbers("batch_size") { Double($0.batchSize) }, words("recipe") { $0.recipe },
      numbers("seed") { Double($0.seed) },
    ]
  }

  /// As Optuna stores it: a choice's number, or the number itself.
  func value(of trial: Trial) -> Double? {
    switch kind {
    case .words(let choices, let value): choices.firstIndex(of: value(trial)).map(Double.init)
    case .numbers(let choices, let value): choices.firstIndex(of: value(trial)).map(Double.init)
    case .logarithmic(_, let value): value(trial)
    }
  }

  func distribution() throws -> String {
    func categorical(_ choices: String) -> String {
      #"{"name": "CategoricalDistribution", "attributes": {"choices": \#(choices)}}"#
    }
    switch kind {
    case .words(let choices, _): return categorical(try json(choices))
    case .numbers(let choices, _): return categorical(try json(choices))
    case .logarithmic(let range, _):
      return
        #"{"name": "FloatDistribution", "attributes": {"step": null, "low": \#(range.lowerBound), "high": "#
        + #"\#(range.upperBound), "log": true}}"#
    }
  }
}
