import Foundation
import GRDB
import ImageSets
import NeuralNetworks
import Restoration
import Search
import Support
import TestSupport
import Testing

@Suite struct StudyTests {
  @Test func otherFilesAreRefusedAndLeftAlone() throws {
    try withTemporaryFolder { folder in
      let (junk, other, later) = ("\(folder)/junk.sqlite", "\(folder)/other.sqlite", "\(folder)/later.sqlite")
      try WholeFile.write("no database at all, but a text that is long enough", to: junk)
      try DatabaseQueue(path: other).write { try $0.execute(sql: "CREATE TABLE notes (text TEXT)") }
      try Small.search(Small.request(), into: later)
      try DatabaseQueue(path: later).write { try $0.execute(sql: "PRAGMA user_version = 7") }
      for (path, word) in [(junk, "not a database"), (other, "another SQLite"), (later, "version 7")] {
        let before = try Folder.read(path)
        for open in [{ _ = try Study.open(path) }, { try Small.search(Small.request(), into: path) }]
          as [() throws -> Void]
        {
          let error = #expect(throws: DataError.self, performing: open)
          #expect(error?.file == path && error?.found.contains(word) == true, "\(String(describing: error))")
        }
        #expect(try Folder.read(path) == before)
      }
      #expect(throws: SystemError.self) { try Study.open("\(folder)/none.sqlite") }
      #expect(throws: SystemError.self) { try Study.open(folder) }
    }
  }

  @Test func aDamagedStudyIsRefused() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/study.sqlite"
      try Small.search(Small.request(), into: path)
      for change in [
        "UPDATE trial SET plan = 'no plan'", "UPDATE trial SET state = 'dancing'", "UPDATE trial SET state = x'ff'",
        "UPDATE study SET description = '{}'", "DROP TABLE epoch", "UPDATE epoch SET val_loss = 9e999",
        "UPDATE epoch SET epoch = epoch + 10", "UPDATE trial SET until_epoch = 0", "DELETE FROM study",
        "UPDATE study SET description = replace(description, '\"grid\"', '{\"halving\":{\"reduction\":0}}')",
        "UPDATE trial SET plan = replace(plan, 'up-down-flip', 'somersault')", "UPDATE epoch SET seconds = 'long'",
        "UPDATE epoch SET accuracy = '0.9 or so'", "UPDATE epoch SET accuracy = 7", "UPDATE epoch SET seconds = -1",
        "UPDATE trial SET reason = x'ff00'", "UPDATE trial SET batch_size = 'many'", "UPDATE trial SET seed = 1.5",
      ] {
        let copy = "\(folder)/copy.sqlite"
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        try DatabaseQueue(path: copy).write { try $0.execute(sql: change) }
        let error = #expect(throws: (any Error).self, "\(change)") {
          let study = try Study.open(copy)
          _ = try StudyTable(study)
        }
        #expect("\(error as Any)".contains(copy), "\(change): \(error as Any)")
      }
    }
  }

  /// What is refused leaves the file as it was: one plain file, with nothing beside it.
  @Test func aRefusedSearchChangesNothing() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/study.sqlite"
      try Small.search(Small.request(), into: path)
      let before = try Folder.read(path)
      #expect(throws: UsageError.self) { try Small.search(Small.request { $0.epochs = 9 }, into: path) }
      #expect(try Folder.read(path) == before)
      #expect(try !Folder.names(in: folder).contains("study.sqlite-wal"))
    }
  }

  /// A kill may leave a database that nothing was written into yet.
  @Test func anUnbegunStudyIsBegun() throws {
    try withTemporaryFolder { folder in
      let (empty, bare) = ("\(folder)/empty.sqlite", "\(folder)/bare.sqlite")
      try WholeFile.write("", to: empty)
      try DatabaseQueue(path: bare).write { try $0.execute(sql: "PRAGMA user_version = 0") }
      for path in [empty, bare] { #expect(try Small.search(Small.request(), into: path).results().count == 4) }
    }
  }

  /// A kill in the middle of a change leaves a journal, by which that change is taken back at the next look.
  @Test func aChangeThatWasBrokenOffIsTakenBack() throws {
    try withTemporaryFolder { folder in
      let (path, copy) = ("\(folder)/study.sqlite", "\(folder)/copy.sqlite")
      try Small.search(Small.request(), into: path)
      try DatabaseQueue(path: path).writeWithoutTransaction { database in
        // Little memory, so that pages go into the file before the change is done.
        try database.execute(
          sql: "PRAGMA cache_size = 1; BEGIN IMMEDIATE; UPDATE trial SET reason = hex(zeroblob(50000))")
        for end in ["", "-journal"] { try FileManager.default.copyItem(atPath: path + end, toPath: copy + end) }
        try database.execute(sql: "ROLLBACK")
      }
      #expect(try Folder.read(copy) != Folder.read(path))
      #expect(try Study.open(copy).results() == Study.open(path).results())
      #expect(try Small.search(Small.request(), into: copy).results().count == 4)
    }
  }

  /// An open transaction of another program holds the file.
  @Test func aLockedStudyIsAClearError() throws {
    let error = #expect(throws: SystemError.self) {
      try translatingErrors("study.sqlite") {
        throw DatabaseError(resultCode: .SQLITE_BUSY, message: "database is locked")
      }
    }
    #expect(error?.description.contains("locked") == true && error?.remedy.contains("Another program") == true)
  }

  @Test func aReadOnlyStudyIsAClearError() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/study.sqlite"
      try Small.search(Small.request(), into: path)
      try withReadOnly(folder) { () throws -> Void in
        #expect(try Study.open(path).results().count == 4)
        #expect(throws: SystemError.self) { try Small.search(Small.request(), into: path) }
      }
    }
  }

  @Test func aFolderThatCannotBeWrittenIsAClearError() throws {
    #expect(throws: SystemError.self) { try Small.search(Small.request(), into: "/proc/study.sqlite") }
  }

  @Test func theTableNamesWinnersAndTies() {
    func result(_ point: Int, _ loss: Double, _ state: Trial.State = .finished) throws -> TrialResult {
      var plan = try Presets.plan(named: "report-dense-2-\(point)-bce")
      plan.seed = 1
      let choice = Point(
        model: plan.architecture.name, loss: plan.loss, learningRate: 1e-3, batchSize: 32, recipe: "report-multiple")
      var trial = Trial(number: point, point: point, plan: plan, choice: choice, untilEpoch: 1)
      trial.state = state
      let record = EpochRecord(epoch: 1, learningRate: 1e-3, loss: loss, accuracy: 0.8, validationLoss: loss)
      return TrialResult(trial: trial, epochs: [TrialEpoch(trial: point, record, nil)])
    }
    func table(_ results: [TrialResult]) -> StudyTable {
      StudyTable(results, name: "ties", metric: .validationLoss, moment: .best)
    }
    do {
      let tied = table([try result(1, 0.2), try result(2, 0.1), try result(3, 0.1), try result(4, 0.05, .running)])
      #expect(tied.winners.map(\.point) == [2, 3])
      #expect(tied.verdict.contains("tied with it: point 3"))
      #expect(tied.verdict.contains("1 of 4 points have not come to their end"))
      let open = table([try result(1, 0.2, .waiting)])
      #expect(open.winners.isEmpty && open.verdict.contains("no point"))
    } catch { Issue.record(error) }
  }

  /// A cross-entropy is not compared with a squared error, nor a loss with a penalty with one without.
  @Test(arguments: [
    (["report-dense-2-4-bce", "report-dense-2-4-mse"], false, Metric.validationLoss, "losses differ (bce, mse)"),
    (["report-dense-2-4-bce", "report-dense-2-8-bce"], true, .validationLoss, "penalties differ"),
  ])
  func unlikeFiguresHaveNoWinner(models: [String], penalized: Bool, metric: Metric, words: String) throws {
    let results = try models.enumerated().map { index, model in
      let regularizer = penalized && index == 1 ? Regularizer(kernel: Penalty(l1: 0, l2: 0.1)) : .none
      let plan = try Presets.plan(named: model, regularizer: regularizer)
      let choice = Point(
        model: model, loss: plan.loss, regularizer: regularizer, learningRate: 1e-3, batchSize: 32,
        recipe: "report-multiple")
      var trial = Trial(number: index + 1, point: index + 1, plan: plan, choice: choice, untilEpoch: 1)
      trial.state = .finished
      let record = EpochRecord(
        epoch: 1, learningRate: 1e-3, loss: 0.1, accuracy: 0.8, validationLoss: 0.2 - 0.1 * Double(index),
        validationAccuracy: 0.9, validationPenalty: index == 1 && penalized ? 0.05 : 0)
      return TrialResult(trial: trial, epochs: [TrialEpoch(trial: index + 1, record, nil)])
    }
    let table = StudyTable(results, name: "unlike", metric: metric, moment: .best)
    #expect(table.winners.isEmpty && table.notToldApart.isEmpty)
    #expect(table.verdict.contains(words) && table.verdict.contains("--metric"), "\(table.verdict)")
    let common = StudyTable(
      results, name: "unlike", metric: penalized ? .validationFit : .validationAccuracy, moment: .best)
    #expect(!common.winners.isEmpty, "\(common.verdict)")
  }

  @Test func csvHasALineATrialOrALineAnEpoch() throws {
    try withTemporaryFolder { folder in
      let request = Small.request { $0.regularizers = [RegularizerChoice(kinds: [.both], weights: .list([1e-5]))] }
      let study = try Small.search(request, into: "\(folder)/study.sqlite")
      let lines = try study.csv().split(separator: "\n")
      #expect(lines.count == 5)
      #expect(lines[0].hasPrefix("trial,point,seed,model,loss_function,regularizer"))
      // A comma in a field wants quotes.
      #expect(lines[1].hasPrefix("1,1,1,report-dense-2-4-bce,bce,\"l1 1e-05, l2 1e-05 on kernels\","))
      let epochs = try study.csv(epochs: true).split(separator: "\n")
      #expect(epochs.count == 1 + 4 * 3)
      #expect(epochs[0].contains("val_fit"))
      // The penalty is in val_loss and not in val_fit.
      let result = try study.results()[0]
      let record = try #require(result.best)
      let (loss, fit) = (try #require(record.validationLoss), try #require(Metric.validationFit.value(of: record)))
      #expect(fit < loss && fit > 0)
    }
  }
}
