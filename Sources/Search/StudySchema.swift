import Foundation
import GRDB
import Support

/// The tables of a study's file, and how it is known that it is one.
enum StudySchema {
  /// "TIDD", in the file's header (`PRAGMA application_id`).
  static let application = 0x5449_4444
  /// Of the tables below (`PRAGMA user_version`); other versions are refused.
  static let version = 1

  static func create(in database: Database) throws {
    try database.execute(
      sql: """
        PRAGMA application_id = \(application);
        PRAGMA user_version = \(version);
        CREATE TABLE study (id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, description TEXT NOT NULL);
        CREATE TABLE trial (
          number INTEGER PRIMARY KEY, point INTEGER NOT NULL, seed INTEGER NOT NULL, model TEXT NOT NULL,
          loss TEXT NOT NULL, regularizer TEXT NOT NULL, learning_rate REAL NOT NULL, batch_size INTEGER NOT NULL,
          recipe TEXT NOT NULL, plan TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, until_epoch INTEGER NOT NULL,
          stalls INTEGER NOT NULL, begun TEXT, ended TEXT
        );
        CREATE INDEX trial_by_state ON trial (state, number);
        CREATE TABLE epoch (
          trial INTEGER NOT NULL REFERENCES trial (number), epoch INTEGER NOT NULL, learning_rate REAL NOT NULL,
          loss REAL NOT NULL, accuracy REAL NOT NULL, val_loss REAL, val_accuracy REAL,
          val_penalty REAL, seconds REAL, images_per_second REAL, PRIMARY KEY (trial, epoch)
        );
        """)
  }

  static func write(_ description: StudyDescription, to database: Database) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    try database.execute(
      sql: "INSERT OR REPLACE INTO study (id, name, description) VALUES (1, ?, ?)",
      arguments: [description.space.name, String(decoding: try encoder.encode(description), as: UTF8.self)])
  }

  static func check(_ database: Database, _ path: String) throws {
    let found = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    guard found == application else {
      throw DataError(
        file: path, expected: "a study made by tiddu search", found: "another SQLite database",
        remedy: "Name another file by --into.")
    }
    let made = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard made == version else {
      throw DataError(
        file: path, expected: "a study of version \(version)", found: "version \(made)",
        remedy: remedy(forVersion: made, newest: version, otherwise: "or begin a new study with this one"))
    }
  }

  static func readDescription(_ database: Database, _ path: String) throws -> StudyDescription {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    let text = try String.fetchOne(database, sql: "SELECT description FROM study")
    do {
      return try decoder.decode(StudyDescription.self, from: Data((text ?? "").utf8))
    } catch {
      throw DataError(
        file: path, place: "table study", expected: "the description of a study", found: explain(error),
        remedy: "The file was changed; begin a new study.")
    }
  }
}

/// Runs `body`, and says of SQLite's errors which file is meant and what to do.
package func translatingErrors<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as DatabaseError {
    let reason = error.message ?? "\(error.resultCode)"
    func system(_ operation: String, _ remedy: String) -> SystemError {
      SystemError(operation: operation, path: path, reason: reason, remedy: remedy)
    }
    switch error.resultCode {
    case .SQLITE_NOTADB, .SQLITE_CORRUPT:
      throw DataError(
        file: path, expected: "a study made by tiddu search", found: reason, remedy: "Name another file by --into.")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      throw system("use", "Another program holds the study; wait for it, or end it.")
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
      throw system("open", "Choose a place where you may write, or change the permissions of the file and its folder.")
    case .SQLITE_FULL, .SQLITE_IOERR: throw system("write", "Free some space, or choose another disk.")
    case .SQLITE_ERROR where reason.hasPrefix("no such"): throw damaged(path, reason)
    default: throw system("use", "Check the file, or begin a new study.")
    }
  } catch var error as DataError where error.file == "settings" {
    // A recipe within a plan.
    error.file = path
    throw error
  } catch let error as DecodingError {
    throw damaged(path, explain(error))
  } catch let error as RowDecodingError {
    throw damaged(path, "\(error)".prefix { $0 != "\n" } + "")
  }
}

private func damaged(_ path: String, _ found: String) -> DataError {
  DataError(
    file: path, expected: "a study made by tiddu search", found: found,
    remedy: "The file was changed; begin a new study.")
}
