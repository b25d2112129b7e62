import Restoration
import Search
import Support
import TestSupport
import Testing

/// Asynchronous successive halving, with losses that are known beforehand.
@Suite struct HalvingTests {
  private static func request() -> SearchRun.Request {
    Small.request {
      $0.architectures = [.family(.dense, layers: [2, 3, 4], neurons: [4, 8, 16])]
      $0.losses = [.binaryCrossEntropy]
      $0.strategy = .halving(trials: 9, reduction: 3, leastEpochs: 1)
      $0.epochs = 9
    }
  }

  @Test func rungsEndWithTheSpacesEpochs() {
    func rungs(_ epochs: Int, _ least: Int, _ reduction: Int) -> [Int] {
      Scheduler.rungs(
        of: Small.request {
          $0.epochs = epochs
          $0.strategy = .halving(trials: 5, reduction: reduction, leastEpochs: least)
        }.space)
    }
    #expect(rungs(9, 1, 3) == [1, 3, 9])
    #expect(rungs(20, 2, 3) == [2, 6, 18, 20])
    #expect(rungs(5, 5, 2) == [5])
    #expect(rungs(.max, 1, 100).last == .max)
    #expect(Scheduler.rungs(of: Small.request().space) == [3])
  }

  @Test func theBestThirdGoesOn() throws {
    try withTemporaryFolder { folder in
      // Trial 2 is the best and trial 3 the worst, at every epoch.
      let order = [5, 1, 9, 3, 7, 2, 8, 4, 6]
      let search = try SearchRun(Self.request(), training: TrainingImages(Small.digits), into: "\(folder)/study.sqlite")
      let pool = ScriptedPool.losing { trial, epoch in Double(order[trial - 1]) / Double(epoch) }
      try search.run(with: pool)
      let results = try search.study.results()
      #expect(results.count == 9)
      #expect(results.allSatisfy { !$0.epochs.isEmpty })
      #expect(results[1].trial.state == .finished && results[1].epochs.count == 9)
      #expect(results.filter { $0.trial.state == .finished }.count == 1)
      #expect(results.filter { $0.epochs.count >= 3 }.map(\.trial.number) == [2, 4, 6])
      #expect(try StudyTable(search.study).winners.map(\.point) == [2])
      #expect(pool.assignments.map(\.untilEpoch).reduce(0, +) < 9 * 9)
    }
  }

  /// What is next depends on nothing but the study.
  @Test func aBrokenOneGoesOnAsItWouldHave() throws {
    try withTemporaryFolder { folder in
      func loss(_ trial: Int, _ epoch: Int) -> Double { Double(trial * 7 % 10) / Double(epoch) }
      let whole = try SearchRun(Self.request(), training: TrainingImages(Small.digits), into: "\(folder)/whole.sqlite")
      let reference = ScriptedPool.losing(loss)
      try whole.run(with: reference)
      var given: [[Int]] = []
      for _ in 0..<40 {
        let search = try SearchRun(
          Self.request(), training: TrainingImages(Small.digits), into: "\(folder)/broken.sqlite")
        let pool = ScriptedPool.losing(loss)
        try? search.run(with: pool) { event in if case .ended = event { throw Interruption() } }
        given += pool.assignments.map { [$0.trial, $0.untilEpoch] }
        if pool.assignments.isEmpty { break }
      }
      #expect(given == reference.assignments.map { [$0.trial, $0.untilEpoch] })
    }
  }
}
