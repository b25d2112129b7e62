import Distortions
import Foundation
import ImageSets
import NeuralNetworks
import Restoration
import Support
import TestSupport
import Testing

/// Training as a sequence of events.
@Suite struct TrainingEventsTests {
  @Test func theSameAsRunning() async throws {
    let folder = try TemporaryFolder()
    try Trainer(Small.plan(), images: Small.digits, into: "\(folder.path)/a").run()
    let trainer = try Trainer(Small.plan(), images: Small.digits, into: "\(folder.path)/b")
    var epochs: [Int] = []
    var images = 0
    for try await event in trainer.events() {
      if case .epoch(let record, _, _) = event { epochs.append(record.epoch) }
      if case .progress(_, let done, _, _, _, _) = event { images = done }
    }
    #expect(epochs == [1, 2, 3] && images == Small.digits.count && trainer.history.records.count == 3)
    #expect(try RunFolder("\(folder.path)/a").lastingBytes() == RunFolder("\(folder.path)/b").lastingBytes())
  }

  /// What was broken off goes on at once, to the bytes of a run that was not.
  @Test(arguments: [1, 2]) func cancelling(epoch: Int) async throws {
    let folder = try TemporaryFolder()
    let (whole, broken) = ("\(folder.path)/whole", "\(folder.path)/broken")
    // So many that the run is not over before it is told to end.
    let plan = Small.plan(epochs: 400) { $0.patience = nil }
    try Trainer(plan, images: Small.digits, into: whole).run()
    let job = Task {
      let trainer = try Trainer(plan, images: Small.digits, into: broken)
      for try await event in trainer.events() {
        // Cancelled from within, so that it is known where.
        if case .progress(let now, let done, _, _, _, _) = event, now == epoch + 1, done > 30 {
          withUnsafeCurrentTask { $0?.cancel() }
        }
      }
    }
    await #expect(throws: CancellationError.self) { try await job.value }
    let trainer = try Trainer(resuming: broken, images: Small.digits)
    #expect(trainer.history.records.count >= epoch && trainer.history.records.count < 400)
    for try await _ in trainer.events() {}
    #expect(try RunFolder(whole).lastingBytes() == RunFolder(broken).lastingBytes())
  }

  @Test func failuresAreThrown() async throws {
    var plan = Small.plan()
    plan.learningRate = 1e30
    let trainer = try Trainer(plan, images: Small.digits)
    await #expect(throws: UsageError.self) { for try await _ in trainer.events() {} }
  }

  /// Several tasks get what each would get alone.
  @Test func aRestorerIsShared() async throws {
    let restorer = try Restorer(contentsOf: ShippedModels.pageCorrector)
    let sets = try (0..<6).map { number in
      try Recipe.reportMultiple.distort(
        SyntheticDigits().imageSet(writers: number..<number + 1, perWriter: 7), seed: UInt64(number))
    }
    let alone = try sets.map { try restorer.restore($0) }
    let together = try await withThrowingTaskGroup(of: (Int, ImageSet).self) { group in
      for (number, set) in sets.enumerated() { group.addTask { (number, try restorer.restore(set)) } }
      return try await group.reduce(into: [Int: ImageSet]()) { $0[$1.0] = $1.1 }
    }
    for (number, set) in alone.enumerated() { #expect(together[number] == set) }
  }
}

/// Gone when it is let go.
private final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = "/tmp/tiddu-events-\(UInt64.random(in: 0 ... .max))"
    try Folder.create(path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
