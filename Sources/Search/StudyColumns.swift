import GRDB
import NeuralNetworks
import Support

/// What each column of a study's tables may hold. SQLite keeps any value in any column, so a file that was changed by
/// hand may have a text where a number belongs; it is refused before anything is made of it.
enum StudyColumns {
  /// Values of a column, as SQL: `%` stands for the column's name.
  private struct Kind {
    var words: String
    var types: [String]
    var holds = "TRUE"
    var mayBeAbsent = false

    var orAbsent: Kind {
      var copy = self
      copy.mayBeAbsent = true
      return copy
    }

    static let text = Kind(words: "a text", types: ["text"])
    static let moment = Kind(
      words: "a date and time", types: ["text"],
      holds: "% GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] *' AND julianday(%) IS NOT NULL")

    static func one(of names: [String]) -> Kind {
      Kind(
        words: "one of \(names.joined(separator: ", "))", types: ["text"],
        holds: "% IN (\(names.map { "'\($0)'" }.joined(separator: ", ")))")
    }
    static func whole(_ range: ClosedRange<Int>) -> Kind {
      Kind(
        words: range.upperBound == .max
          ? "a whole number from \(range.lowerBound)"
          : "a whole number from \(range.lowerBound) to \(range.upperBound)",
        types: ["integer"], holds: "% BETWEEN \(range.lowerBound) AND \(range.upperBound)")
    }
    /// Infinity is beyond the largest number; what is no number at all is kept as NULL.
    static let number = Kind(
      words: "a finite number from 0", types: ["real", "integer"], holds: "% BETWEEN 0 AND 1.7976931348623157e308")
    static let share = Kind(words: "a number from 0 to 1", types: ["real", "integer"], holds: "% BETWEEN 0 AND 1")
  }

  private static let mostEpochs = 1_000_000

  private static let trial: [(String, Kind)] = [
    ("number", .whole(1...SearchSpace.mostTrials)), ("point", .whole(1...SearchSpace.mostTrials)),
    ("seed", .whole(0...(.max))), ("model", .text), ("loss", .one(of: Loss.allCases.map(\.rawValue))),
    ("regularizer", .text), ("learning_rate", .number), ("batch_size", .whole(1...1 << 16)), ("recipe", .text),
    ("plan", .text), ("state", .one(of: Trial.State.allCases.map(\.rawValue))), ("reason", .text.orAbsent),
    ("until_epoch", .whole(1...mostEpochs)), ("stalls", .whole(0...(.max))), ("begun", .moment.orAbsent),
    ("ended", .moment.orAbsent),
  ]

  private static let epoch: [(String, Kind)] = [
    ("trial", .whole(1...SearchSpace.mostTrials)), ("epoch", .whole(1...mostEpochs)), ("learning_rate", .number),
    ("loss", .number), ("accuracy", .share), ("val_loss", .number.orAbsent), ("val_accuracy", .share.orAbsent),
    ("val_penalty", .number.orAbsent), ("seconds", .number.orAbsent), ("images_per_second", .number.orAbsent),
  ]

  /// Throws a `DataError` about the first value that its column cannot have: its table, row and column.
  static func check(_ database: Database, _ path: String) throws {
    try check("trial", trial, row: "'trial ' || quote(number)", database, path)
    try check("epoch", epoch, row: "'trial ' || quote(trial) || ', epoch ' || quote(epoch)", database, path)
    let orphan = try Int.fetchOne(
      database, sql: "SELECT trial FROM epoch WHERE trial NOT IN (SELECT number FROM trial) LIMIT 1")
    if let orphan {
      throw damaged(path, "table epoch, trial \(orphan)", expected: "epochs of trials", found: "no trial \(orphan)")
    }
  }

  private static func check(
    _ table: String, _ columns: [(String, Kind)], row: String, _ database: Database, _ path: String
  ) throws {
    let there = Set(try database.columns(in: table).map(\.name))
    for (name, kind) in columns {
      guard there.contains(name) else {
        throw damaged(path, "table \(table)", expected: "a column \(name)", found: "none")
      }
      let types = (kind.types + (kind.mayBeAbsent ? ["null"] : [])).map { "'\($0)'" }.joined(separator: ", ")
      let found = try Row.fetchOne(
        database,
        sql: """
          SELECT \(row) AS place, substr(quote(\(name)), 1, 40) AS value FROM \(table)
          WHERE typeof(\(name)) NOT IN (\(types))
            OR \(name) IS NOT NULL AND NOT (\(kind.holds.replacing("%", with: name)))
          LIMIT 1
          """)
      guard let found else { continue }
      throw damaged(
        path, "table \(table), \(try found.decode(String.self, forColumn: "place")), column \(name)",
        expected: kind.words, found: try found.decode(String.self, forColumn: "value"))
    }
  }

  private static func damaged(_ path: String, _ place: String, expected: String, found: String) -> DataError {
    DataError(
      file: path, place: place, expected: expected, found: found,
      remedy: "The file was changed; put it back, or begin a new study.")
  }
}
