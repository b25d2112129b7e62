import Foundation
import GRDB
import ImageSets
import Restoration
import Search
import Support
import TestSupport
import Testing

@Suite struct SearchRunTests {
  @Test func trialsAreTrainedAsTheirPlansSayWhateverTheWorkers() throws {
    try withTemporaryFolder { folder in
      let study = try Small.search(Small.request(), into: "\(folder)/two.sqlite", workers: 2)
      let other = try Small.search(Small.request(), into: "\(folder)/one.sqlite", workers: 1)
      let (results, others) = (try study.results(), try other.results())
      #expect(
        results.map(\.trial.model) == [
          "report-dense-2-4-bce", "report-dense-2-8-bce", "report-dense-2-4-mse", "report-dense-2-8-mse",
        ])
      #expect(results.map { $0.epochs.map(\.record) } == others.map { $0.epochs.map(\.record) })
      #expect(results.allSatisfy { $0.trial.state == .finished && $0.epochs.count == 3 && $0.seconds > 0 })

      // The same as a training run alone.
      let trainer = try Trainer(results[1].trial.plan, training: TrainingImages(Small.digits))
      #expect(try trainer.run().records == results[1].epochs.map(\.record))
      #expect(try Restorer(contentsOf: study.runFolder(of: 2).path).model.plans[0].seed == 1)
    }
  }

  @Test func aSearchThatWasBrokenOffEndsAsAnUnbrokenOne() throws {
    try withTemporaryFolder { folder in
      let whole = try Small.search(Small.request(), into: "\(folder)/whole.sqlite").results()
      let path = "\(folder)/broken.sqlite"
      var interruptions = 0
      var seen: [Int: Int] = [:]
      while true {
        var epochs = 0
        do {
          try Small.search(Small.request(), into: path) { event in
            guard case .epochs(let done) = event, let last = done.last, last.epoch > seen[last.trial] ?? 0 else {
              return
            }
            seen[last.trial] = last.epoch
            epochs += 1
            if epochs == 2 { throw Interruption() }
          }
          break
        } catch is Interruption {
          interruptions += 1
        }
      }
      #expect(interruptions >= 3)
      let broken = try Study.open(path).results()
      #expect(broken.map { $0.epochs.map(\.record) } == whole.map { $0.epochs.map(\.record) })
      #expect(broken.allSatisfy { $0.trial.state == .finished })
    }
  }

  @Test func aFinishedStudyIsNotTrainedAgain() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/study.sqlite"
      let before = try Small.search(Small.request(), into: path).results()
      let after = try Small.search(Small.request(), into: path) { _ in Issue.record("something was done again") }
      #expect(try after.results() == before)
      // One plain file that can be read where nothing may be written.
      #expect(Folder.kind(of: "\(path)-wal") == .absent)
    }
  }

  @Test func failuresAreKeptAndRetriedOnDemand() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/study.sqlite"
      // Each step throws the weights far away, where losses are no numbers any more.
      let request = Small.request { $0.learningRates = .list([1e-3, 1e38]) }
      try Small.search(request, into: path)
      let study = try Study.open(path)
      let failed = try study.results().filter { $0.trial.state == .failed }
      #expect(failed.count == 4)
      #expect(failed.allSatisfy { $0.trial.reason?.contains("diverged") == true && $0.trial.learningRate == 1e38 })
      let table = try StudyTable(study)
      #expect("\(table)".contains("failed: training diverged"))
      #expect(table.winners.allSatisfy { $0.states == [.finished] })

      var begun = 0
      func count(_ event: SearchEvent) { if case .began = event { begun += 1 } }
      try Small.search(request, into: path, observe: count)
      #expect(begun == 0)
      try Small.search(request, into: path, retryingFailed: true, observe: count)
      #expect(begun == 4)
      #expect(try study.results().filter { $0.trial.state == .failed }.count == 4)
    }
  }

  /// A trial that takes the program down with it must not do so for ever.
  @Test func aTrialThatEndsTheProgramAgainAndAgainFails() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/study.sqlite"
      for attempt in 0..<Study.mostStalls {
        #expect(throws: Interruption.self) {
          try Small.search(Small.request(), into: path, workers: 1) { event in
            if case .began(let trial) = event, trial.number == 1 { throw Interruption() }
          }
        }
        // It comes last from then on, so that the others come to their end.
        let others = try Study.open(path).results()[1...].map(\.trial.state)
        #expect(others.allSatisfy { $0 == (attempt == 0 ? .waiting : .finished) })
      }
      let study = try Small.search(Small.request(), into: path, workers: 1)
      let states = try study.results().map(\.trial.state)
      #expect(states == [.failed, .finished, .finished, .finished])
      #expect(try study.results()[0].trial.reason?.contains("memory") == true)
    }
  }

  /// Also where it was resumed meanwhile: the epochs that it reports again are no progress.
  @Test func epochsReportedAgainAreNoProgress() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/study.sqlite"
      var ends = 0
      while ends < 10 {
        do {
          try Small.search(Small.request(), into: path, workers: 1) { event in
            guard case .epochs(let epochs) = event, epochs.last?.trial == 1 else { return }
            if ends > 0 || epochs.last?.epoch == 1 { throw Interruption() }
          }
          break
        } catch is Interruption {
          // Its checkpoint stays where it was: as if each epoch that follows ended the program.
          if ends == 0 { try keep("\(folder)/study.trials") } else { try putBack("\(folder)/study.trials") }
          ends += 1
        }
      }
      // One more where the worker had done another epoch before it was told to end.
      #expect((Study.mostStalls...Study.mostStalls + 1).contains(ends))
      let states = try Study.open(path).results().map(\.trial.state)
      #expect(states == [.failed, .finished, .finished, .finished])
    }
  }

  private func keep(_ folder: String) throws {
    try FileManager.default.copyItem(atPath: folder, toPath: "\(folder).kept")
  }

  private func putBack(_ folder: String) throws {
    try FileManager.default.removeItem(atPath: folder)
    try FileManager.default.copyItem(atPath: "\(folder).kept", toPath: folder)
  }

  @Test func halvingTakesOneSeed() throws {
    try withTemporaryFolder { folder in
      var request = Small.request { $0.strategy = .halving(trials: 4, reduction: 2, leastEpochs: 1) }
      request.seeds = 2
      #expect(throws: UsageError.self) { try Small.search(request, into: "\(folder)/study.sqlite") }
      #expect(Folder.kind(of: "\(folder)/study.sqlite") == .absent)
    }
  }

  @Test func seedsMakeTrialsOfOnePoint() throws {
    try withTemporaryFolder { folder in
      var request = Small.request { $0.losses = [.binaryCrossEntropy] }
      request.seeds = 3
      let study = try Small.search(request, into: "\(folder)/study.sqlite")
      #expect(try study.results().map(\.trial.seed) == [1, 2, 3, 1, 2, 3])
      let table = try StudyTable(study)
      #expect(table.rows.map(\.point) == [1, 2])
      let losses = try study.results()[0..<3].compactMap(\.best?.validationLoss)
      let figure = try #require(table.rows[0][.validationLoss])
      #expect(figure.count == 3 && abs(figure.mean - losses.reduce(0, +) / 3) < 1e-12)
      #expect(figure.standardError != nil)
    }
  }

  /// More choices and more seeds are new trials behind those that are there, which stay as they are.
  @Test func aGrownSpaceGoesOn() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/study.sqlite"
      let first = try Small.search(Small.request { $0.losses = [.binaryCrossEntropy] }, into: path).results()
      var grown = Small.request { $0.architectures = [.family(.dense, layers: [2], neurons: [4, 8, 6])] }
      grown.seeds = 2
      let study = try Small.search(grown, into: path)
      let all = try study.results()
      #expect(all.count == 12 && Array(all.prefix(2)) == first)
      #expect(all.allSatisfy { $0.trial.state == .finished })
      #expect(Set(all.map(\.trial.point)) == Set(1...6))
      // The points of the first search have their second seeds under their own numbers.
      #expect(all.filter { $0.trial.point == 1 }.map(\.trial.seed) == [1, 2])
      #expect(try Study.open(path).description.space == grown.space)
    }
  }

  @Test func anotherSearchIsRefused() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/study.sqlite"
      try Small.search(Small.request(), into: path)
      func refuse(_ request: SearchRun.Request, on training: ImageSet = Small.digits, saying word: String) {
        let error = #expect(throws: UsageError.self) {
          try SearchRun(request, training: TrainingImages(training), into: path)
        }
        #expect(error?.description.contains(word) == true, "\(String(describing: error))")
      }
      refuse(Small.request { $0.epochs = 4 }, saying: "--epochs")
      refuse(Small.request(), on: Small.digits.prefix(50), saying: "other images")
      let labels = Small.digits.labels.map { $0.map { 9 - $0 } }
      let relabelled = ImageSet(
        shape: Small.digits.shape, pixels: Small.digits.pixels, labels: labels, name: "digits", source: "digits")
      refuse(Small.request(), on: relabelled, saying: "other labels")
      var seeds = Small.request()
      seeds.firstSeed = 2
      refuse(seeds, saying: "the seeds 1")
      refuse(Small.request { $0.losses = [.meanSquaredError] }, saying: "no longer has")
    }
  }

  @Test func twoProcessesDoNotWriteOneStudy() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/study.sqlite"
      let first = try SearchRun(Small.request(), training: TrainingImages(Small.digits), into: path)
      let error = #expect(throws: SystemError.self) {
        try SearchRun(Small.request(), training: TrainingImages(Small.digits), into: path)
      }
      #expect(error?.reason.contains("\(getpid())") == true)
      // Looking on is welcome.
      #expect(try Study.open(path).results().count == 4)
      withExtendedLifetime(first) {}
    }
  }

  @Test func aWorkerThatCannotGoOnEndsTheSearch() throws {
    try withTemporaryFolder { folder in
      let search = try SearchRun(
        Small.request(), training: TrainingImages(Small.digits), into: "\(folder)/study.sqlite")
      let pool = ScriptedPool { _ in [.broken(.init(reason: "no admission", status: 74))] }
      let failure = #expect(throws: WorkerReport.Failure.self) { try search.run(with: pool) }
      #expect(failure?.reason == "no admission")
      #expect(try search.study.counts() == [.running: 1, .waiting: 3])
    }
  }
}
