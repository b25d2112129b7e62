import GRDB

/// SQLite, as it is found when the program runs.
package enum StudyLibrary {
  package static var version: String {
    let version = try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }
    return version ?? "unknown"
  }
}
