import ImageSets
import NeuralNetworks
import Restoration
import Support
import TestSupport
import Testing

/// What goes wrong on one rank is known to all, and none waits for it.
@Suite struct RankFailureTests {
  private func failures(_ body: @escaping (any Collective) throws -> Void) -> [RankFailure] {
    Ranks.run(3, body).compactMap { result in
      if case .failure(let error) = result { error as? RankFailure } else { nil }
    }
  }

  private func expect(
    _ failures: [RankFailure], rank: Int, saying words: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(failures.count == 3, sourceLocation: sourceLocation)
    for failure in failures {
      #expect(failure.rank == rank, sourceLocation: sourceLocation)
      #expect(failure.description.hasPrefix("rank \(rank) on host\(rank): "), sourceLocation: sourceLocation)
      #expect(failure.description.contains(words), "\(failure)", sourceLocation: sourceLocation)
    }
  }

  @Test func errorsKeepTheirKind() throws {
    let error = DataError(file: "a", expected: "b", found: "c", remedy: "d")
    let all = failures { collective in try collective.together { if collective.rank > 0 { throw error } } }
    expect(all, rank: 1, saying: "expected b, found c")
    for failure in all { #expect(failure.error as? DataError == error) }
    let first = failures { _ = try $0.fromFirst { () throws -> Int in throw Interruption() } }
    expect(first, rank: 0, saying: "Interruption")
    for value in Ranks.run(3, { collective in try collective.fromFirst { collective.rank + 7 } }) {
      let value = try value.get()
      #expect(value == 7)
    }
  }

  @Test func otherImages() throws {
    let all = failures { collective in
      _ = try Trainer(Small.plan(), training: collective.rank == 2 ? Small.otherDigits : Small.digits, with: collective)
    }
    expect(all, rank: 2, saying: "the images there, or their labels, are others than those of rank 0 on host0")
  }

  @Test func otherWeights() throws {
    let all = failures { collective in
      _ = try Trainer(Small.plan { $0.seed = collective.rank == 1 ? 2 : 1 }, training: Small.digits, with: collective)
    }
    expect(all, rank: 1, saying: "training begins with other weights there")
  }

  @Test func unusableImages() throws {
    let large = SyntheticDigits().imageSet(writers: 0..<1, perWriter: 3, name: "large")
    let all = failures { collective in
      _ = try Trainer(Small.plan(), training: collective.rank == 1 ? large : Small.digits, with: collective)
    }
    expect(all, rank: 1, saying: "takes images of 8×8×1")
  }

  @Test func runFolders() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder("\(folder)/run")
      let missing = failures { _ = try Trainer(resuming: run, training: Small.digits, with: $0) }
      expect(missing, rank: 0, saying: "holds no run")
      for result in Ranks.run(3, { try Trainer(Small.plan(), training: Small.digits, into: run, with: $0).run() }) {
        let history = try result.get()
        #expect(history.records.count == 3)
      }
      let twice = failures { _ = try Trainer(Small.plan(), training: Small.digits, into: run, with: $0) }
      expect(twice, rank: 0, saying: "holds a run already")
    }
  }

  @Test func divergenceAndEarlyStopping() throws {
    let diverging = failures { collective in
      try Trainer(
        Small.plan {
          $0.learningRate = 1e38
          $0.loss = .meanSquaredError
        }, training: Small.digits, with: collective
      ).run()
    }
    expect(diverging, rank: 0, saying: "training diverged in epoch 1, step ")
    let plan = Small.plan(epochs: 9) {
      $0.learningRate = 1e-30
      $0.validation = .share(0.3)
      $0.patience = 2
    }
    for result in Ranks.run(3, { try Trainer(plan, training: Small.digits, with: $0).run() }) {
      let history = try result.get()
      #expect(history.records.count == 3)
    }
  }
}
