import Foundation
import GRDB
import ImageSets
import Restoration
import Support

/// What a study is about. Once it is begun its space and its seeds may only grow.
package struct StudyDescription: Codable, Equatable, Sendable {
  package var space: SearchSpace
  /// Each point is trained with these.
  package var seeds: [Int]
  package var origin: DataOrigin
  package var data: DataRecord
  /// Of each trial.
  package var threads: Int
  package var created: Date
  /// The tiddu that began it.
  package var version: String
  /// Where the space's validation names a set: its images.
  package var validation: DataRecord?

  package init(
    space: SearchSpace, seeds: [Int], origin: DataOrigin, data: DataRecord, threads: Int, created: Date = Date(),
    version: String = programVersion, validation: DataRecord? = nil
  ) {
    self.space = space
    self.seeds = seeds
    self.origin = origin
    self.data = data
    self.threads = threads
    self.created = created
    self.version = version
    self.validation = validation
  }
}

/// A search and all that came of it, in one SQLite file; the trials' weights lie in a folder beside it.
///
/// One process writes at a time; any number may read meanwhile.
package final class Study {
  package let path: String
  package private(set) var description: StudyDescription
  let database: DatabaseQueue
  private let lock: FileLock?

  private init(path: String, description: StudyDescription, database: DatabaseQueue, lock: FileLock?) {
    self.path = path
    self.description = description
    self.database = database
    self.lock = lock
  }

  /// Where the run folders of its trials are.
  package var folder: String { Self.folder(of: path) }

  static func folder(of path: String) -> String {
    "\(path.hasSuffix(".sqlite") ? String(path.dropLast(7)) : path).trials"
  }

  /// A trial's run folder: "study.trials/0001".
  package func runFolder(of trial: Int) -> RunFolder {
    let digits = "\(trial)"
    return RunFolder("\(folder)/\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)")
  }

  /// A study to read, while others write perhaps.
  ///
  /// - Throws: `SystemError` where it cannot be read; `DataError` where it is none or another version's, or has a value
  ///   that its column cannot have.
  package static func open(_ path: String) throws -> Study {
    let kind = Folder.kind(of: path)
    guard kind == .file else {
      throw SystemError(
        operation: "read", path: path, reason: kind == .folder ? "it is a folder" : "there is no such file",
        remedy: "Name the file that tiddu search wrote by --into.")
    }
    return try translatingErrors(path) {
      let database = try readable(path)
      return Study(path: path, description: try readDescription(database, path), database: database, lock: nil)
    }
  }

  /// The study at `path` to go on with, or nil where there is none yet.
  ///
  /// - Parameter suits: looks at its description first; where it throws, the file stays as it is.
  static func resume(_ path: String, suits: (StudyDescription) throws -> Void) throws -> Study? {
    guard Folder.kind(of: path) != .absent else { return nil }
    guard try !isUnbegun(path) else { return nil }
    let description = try open(path).description
    try suits(description)
    let lock = try lock(path)
    return try translatingErrors(path) {
      let database = try writable(path)
      try database.write { database in
        // They ran when the process ended: they go on from their checkpoints.
        try database.execute(
          sql: "UPDATE trial SET state = 'waiting', stalls = stalls + 1 WHERE state = 'running'")
        if case .halving = description.space.strategy {
        } else {
          // Nothing would wake them.
          try database.execute(sql: "UPDATE trial SET state = 'waiting' WHERE state = 'paused'")
        }
        try database.execute(
          sql: "UPDATE trial SET state = 'failed', ended = ?, reason = ? WHERE state = 'waiting' AND stalls >= ?",
          arguments: [
            Date(),
            "the program ended \(mostStalls) times while it ran, the last ones while nothing ran beside it, before an "
              + "epoch was done; out of memory?",
            mostStalls,
          ])
      }
      return Study(path: path, description: description, database: database, lock: lock)
    }
  }

  /// After so many ends of the program within one epoch of a trial, it is the trial's fault.
  package static let mostStalls = 4
  /// After so many it runs alone, since one that ran beside it may have been the cause.
  static let suspicion = 2

  /// Begins a study with these trials.
  static func create(_ path: String, _ description: StudyDescription, trials: [Trial]) throws -> Study {
    if let cut = path.lastIndex(of: "/"), cut != path.startIndex { try Folder.create(String(path[..<cut])) }
    let lock = try lock(path)
    return try translatingErrors(path) {
      let database = try writable(path)
      try database.write { database in
        try StudySchema.create(in: database)
        try StudySchema.write(description, to: database)
        for trial in trials { try trial.insert(database) }
      }
      // Before there is a trial's folder, which no loss of power may leave without its study.
      try database.writeWithoutTransaction { _ = try $0.checkpoint(.full) }
      try Folder.sync(Folder.parent(of: path))
      return Study(path: path, description: description, database: database, lock: lock)
    }
  }

  /// Takes up a space that has grown, with the trials that are new.
  func grow(to wanted: StudyDescription, adding trials: [Trial]) throws {
    var grown = description
    (grown.space, grown.seeds) = (wanted.space, wanted.seeds)
    try translatingErrors(path) {
      try database.write { database in
        try StudySchema.write(grown, to: database)
        for trial in trials { try trial.insert(database) }
      }
    }
    description = grown
  }

  private static func lock(_ path: String) throws -> FileLock {
    try FileLock("\(path).lock", for: path, kind: "study")
  }

  /// Whether a kill has left a database before anything was written into it.
  private static func isUnbegun(_ path: String) throws -> Bool {
    try translatingErrors(path) {
      try readable(path).read { database in
        try Int.fetchOne(database, sql: "PRAGMA application_id") == 0
          && Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_master") == 0
      }
    }
  }

  private static func readable(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    do {
      let database = try DatabaseQueue(path: path, configuration: configuration)
      _ = try database.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM sqlite_master") }
      return database
    } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_READONLY_ROLLBACK {
      // A kill has left a journal whose changes must be taken back first, which only who may write can do.
      _ = try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM sqlite_master") }
      return try DatabaseQueue(path: path, configuration: configuration)
    }
  }

  private static func writable(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(10)
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  private static func readDescription(_ database: DatabaseQueue, _ path: String) throws -> StudyDescription {
    try database.read { database in
      try StudySchema.check(database, path)
      let description = try StudySchema.readDescription(database, path)
      try StudyColumns.check(database, path)
      return description
    }
  }

  /// One file again, without the write-ahead log, unless somebody reads just now: so it can be copied, and read where
  /// nothing may be written.
  func settle() { try? database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") } }
}
