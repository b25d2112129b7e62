import Foundation
import GRDB
import Restoration
import Search
import Support
import TestSupport
import Testing

/// SQLite keeps any value in any column; a study that was changed by hand is refused with the place.
@Suite struct StudyColumnsTests {
  private static let request = Small.request { $0.epochs = 2 }

  /// A study of four finished trials of two epochs, changed by SQL.
  private func study(in folder: String, _ changes: [String]) throws -> String {
    let path = "\(folder)/study.sqlite"
    let search = try SearchRun(Self.request, training: TrainingImages(Small.digits), into: path)
    try search.run(with: ScriptedPool.losing { trial, epoch in 1 / Double(trial + epoch) })
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let database = try DatabaseQueue(path: path, configuration: configuration)
    try database.write { database in for change in changes { try database.execute(sql: change) } }
    return path
  }

  /// What the tables themselves would refuse is there in files that another program has made.
  private static let withoutConstraints = ["trial", "epoch"].flatMap { table in
    [
      "CREATE TABLE loose AS SELECT * FROM \(table)", "DROP TABLE \(table)", "ALTER TABLE loose RENAME TO \(table)",
    ]
  }

  private func error(after change: String, saying words: [String]) throws {
    try withTemporaryFolder { folder in
      let path = try study(in: folder, Self.withoutConstraints + [change])
      let before = try Folder.read(path)
      for read in [
        { _ = try Study.open(path).results() },
        { _ = try SearchRun(Self.request, training: TrainingImages(Small.digits), into: path) },
      ] as [() throws -> Void] {
        let error = #expect(throws: DataError.self, "\(change)", performing: read)
        let text = error?.description ?? ""
        for word in [path] + words { #expect(text.contains(word), "\(change): \(text)") }
      }
      let after = try Folder.read(path)
      let isUntouched = after == before
      #expect(isUntouched)
    }
  }

  @Test(arguments: [
    ("accuracy", "'abc'", "from 0 to 1"), ("accuracy", "1.5", "from 0 to 1"), ("accuracy", "NULL", "from 0 to 1"),
    ("accuracy", "-0.1", "from 0 to 1"), ("val_accuracy", "'high'", "from 0 to 1"),
    ("val_accuracy", "2", "from 0 to 1"),
    ("loss", "9e999", "finite"), ("loss", "-9e999", "finite"), ("loss", "NULL", "finite"), ("loss", "x'00'", "finite"),
    ("val_loss", "'low'", "finite"), ("val_loss", "9e999", "finite"), ("val_penalty", "'x'", "finite"),
    ("seconds", "'x'", "finite"), ("seconds", "-1", "finite"), ("seconds", "9e999", "finite"),
    ("images_per_second", "'fast'", "finite"), ("learning_rate", "'x'", "finite"), ("learning_rate", "NULL", "finite"),
  ])
  func epochs(column: String, value: String, expected: String) throws {
    try error(
      after: "UPDATE epoch SET \(column) = \(value) WHERE trial = 3 AND epoch = 2",
      saying: ["table epoch, trial 3, epoch 2, column \(column)", expected])
  }

  @Test(arguments: ["-1", "0", "1.5", "'two'", "NULL", "2000000"])
  func epochNumbers(value: String) throws {
    try error(
      after: "UPDATE epoch SET epoch = \(value) WHERE trial = 3 AND epoch = 2",
      saying: [
        "table epoch, trial 3, epoch \(value)", "column epoch", "whole number from 1",
      ])
  }

  @Test(arguments: [
    ("point", "'one'", "whole number"), ("point", "0", "whole number"), ("seed", "-1", "whole number"),
    ("seed", "1.5", "whole number"), ("model", "x'07'", "a text"), ("model", "NULL", "a text"),
    ("loss", "'mae'", "bce, mse"),
    ("regularizer", "x'ff'", "a text"), ("learning_rate", "'slow'", "finite"), ("learning_rate", "9e999", "finite"),
    ("batch_size", "'many'", "65536"), ("batch_size", "0", "65536"), ("recipe", "x'03'", "a text"),
    ("plan", "NULL", "a text"),
    ("state", "'dancing'", "waiting, running"), ("state", "NULL", "waiting, running"), ("reason", "x'05'", "a text"),
    ("until_epoch", "0", "whole number"), ("until_epoch", "'all'", "whole number"), ("stalls", "'x'", "whole number"),
    ("stalls", "-1", "whole number"), ("begun", "'yesterday'", "a date"), ("ended", "12", "a date"),
  ])
  func trials(column: String, value: String, expected: String) throws {
    try error(
      after: "UPDATE trial SET \(column) = \(value) WHERE number = 2",
      saying: ["table trial, trial 2, column \(column)", expected])
  }

  /// Of the right kind, and yet not what was trained.
  @Test(arguments: [
    ("UPDATE trial SET learning_rate = 0.5 WHERE number = 2", "trial 2"),
    ("UPDATE trial SET loss = 'mse' WHERE number = 1", "trial 1"),
    ("UPDATE trial SET batch_size = 33 WHERE number = 4", "trial 4"),
    ("UPDATE trial SET until_epoch = 3 WHERE number = 2", "until_epoch"),
    ("DELETE FROM epoch WHERE trial = 2 AND epoch = 1", "trial 2"),
    ("UPDATE epoch SET trial = 77 WHERE trial = 2", "no trial 77"),
    ("ALTER TABLE epoch DROP COLUMN val_loss", "a column val_loss"),
  ])
  func contradictions(change: String, word: String) throws {
    try withTemporaryFolder { folder in
      let path = try study(in: folder, [change])
      let error = #expect(throws: DataError.self, "\(change)") { try Study.open(path).results() }
      #expect(error?.description.contains(word) == true, "\(String(describing: error))")
    }
  }

  @Test func asItWasWrittenItIsRead() throws {
    try withTemporaryFolder { folder in
      let results = try Study.open(study(in: folder, Self.withoutConstraints)).results()
      #expect(results.count == 4)
    }
  }
}
