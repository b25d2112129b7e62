import Foundation
import Report
import Support
import TestSupport
import Testing

@Suite(.serialized) struct ReproductionTests {
  private struct Interruption: Error {}

  /// What became of each part.
  private final class Log {
    var reused: [ReproductionPart] = []
    var finished: [ReproductionPart] = []

    func note(_ event: Reproduction.Event) {
      switch event {
      case .reused(let part, _): reused.append(part)
      case .finished(let part, _): finished.append(part)
      default: break
      }
    }
  }

  @Test func goesOnWhereItWasBrokenOff() throws {
    try withTemporaryFolder { folder in
      Threads.use(1)
      let data = try Tiny.data(in: folder)
      let studies = PretendedStudies()
      func reproduction() throws -> Reproduction {
        try Reproduction(of: data, into: "\(folder)/out", scale: Tiny.scale, studies: studies)
      }
      let log = Log()
      #expect(throws: Interruption.self) {
        try reproduction().run { event in
          log.note(event)
          if case .begin(.penalties) = event { throw Interruption() }
        }
      }
      #expect(log.finished == [.data, .finalModel, .classifier, .measures, .dense] && log.reused.isEmpty)
      #expect(Folder.kind(of: "\(folder)/out/report.html") == .absent)

      let second = Log()
      let report = try reproduction().run(observe: second.note)
      #expect(second.reused == log.finished && second.finished == [.penalties, .convolutional, .figures])
      #expect(report.grid.count == 36 && report.penalties.map { $0.failure } == [nil, "it diverged"])
      #expect(report.penalties[0].binaryCrossEntropy?.count == 10)

      let third = Log()
      let stamps = try timestamps(of: "\(folder)/out/runs/final")
      let again = try reproduction().run(observe: third.note)
      #expect(third.finished == [.figures] && third.reused.count == 7)
      #expect(studies.asked == ["studies/grid-dense", "studies/penalties", "studies/grid-conv"])
      #expect(again.parts.dropLast() == report.parts.dropLast(), "the times of what was done are kept")
      #expect(try timestamps(of: "\(folder)/out/runs/final") == stamps)
    }
  }

  private func timestamps(of folder: String) throws -> [String: Date] {
    try Folder.names(in: folder).reduce(into: [:]) { stamps, name in
      stamps[name] =
        try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.modificationDate] as? Date
    }
  }

  /// A training that is broken off in its middle keeps its time and its epochs.
  @Test func keepsTheTimeOfABrokenPart() throws {
    try withTemporaryFolder { folder in
      Threads.use(1)
      let data = try Tiny.data(in: folder)
      func reproduction() throws -> Reproduction {
        try Reproduction(of: data, into: "\(folder)/out", scale: Tiny.scale, studies: PretendedStudies())
      }
      #expect(throws: Interruption.self) {
        try reproduction().run { event in
          if case .training(_, .progress(let epoch, _, _, _, _, _)) = event, epoch == 2 {
            Thread.sleep(forTimeInterval: 0.05)
            throw Interruption()
          }
        }
      }
      // As if the first epoch had taken an hour.
      let path = "\(folder)/out/reproduction.json"
      let read = try JSONSerialization.jsonObject(with: Data(try Folder.read(path))) as? [String: Any]
      var journal = try #require(read)
      #expect(((journal["unfinished"] as? [String: Double])?["final"] ?? 0) > 0)
      journal["unfinished"] = ["final": 3600]
      try WholeFile.write(Array(JSONSerialization.data(withJSONObject: journal)), to: path)
      var epochs: Set<Int> = []
      let report = try reproduction().run { event in
        if case .training(let plan, .epoch(let record, _, _)) = event, plan.recipe.steps.count > 1 {
          epochs.insert(record.epoch)
        }
      }
      #expect(epochs == [2], "the first epoch is not trained again")
      #expect((report.parts.first { $0.part == .finalModel }?.seconds ?? 0) > 3600)
      #expect(report.finalModel.epochs.map(\.epoch) == [1, 2])
    }
  }

  @Test func refusesOtherSettings() throws {
    try withTemporaryFolder { folder in
      let data = try Tiny.data(in: folder)
      func begin(_ data: String, _ scale: Scale = Tiny.scale, seed: UInt64 = 1) throws {
        _ = try Reproduction(of: data, into: "\(folder)/out", scale: scale, seed: seed, studies: PretendedStudies())
      }
      try begin(data)
      try begin(data)
      for (scale, seed, words) in [
        (Scale.smoke, UInt64(1), "at the scale tiny, not smoke"), (Tiny.scale, 2, "with the seed 1, not 2"),
      ] {
        let error = #expect(throws: UsageError.self) { try begin(data, scale, seed: seed) }
        #expect(error?.problem.contains(words) == true, "\(String(describing: error))")
      }
      try Folder.create("\(folder)/other")
      let error = #expect(throws: UsageError.self) {
        try begin(Tiny.data(in: "\(folder)/other", parts: [.train, .test]))
      }
      #expect(error?.problem.contains("on other images") == true)
      let strange = #expect(throws: UsageError.self) {
        try Reproduction(of: data, into: data, scale: Tiny.scale, studies: PretendedStudies())
      }
      #expect(strange?.problem.contains("dig.npz") == true)
    }
  }

  /// Figures of the data's own images do not stay behind where others are to be shown.
  @Test func showsOtherImages() throws {
    try withTemporaryFolder { folder in
      Threads.use(1)
      let data = try Tiny.data(in: folder)
      func names(_ show: ShownImages) throws -> [String] {
        try Reproduction(of: data, into: "\(folder)/out", scale: Tiny.scale, show: show, studies: PretendedStudies())
          .run()
        return try Folder.names(in: "\(folder)/out/figures")
      }
      func svg(_ number: Int) throws -> String {
        String(decoding: try Folder.read("\(folder)/out/figures/figure-\(number).svg"), as: UTF8.self)
      }
      #expect(try names(.data).contains("figure-7-train.svg"))
      #expect(try svg(2).contains("of train (trained on)") && svg(7).contains("of test (held out)"))
      #expect(try !names(.synthetic).contains("figure-7-train.svg"))
      for number in [2, 6, 7] { #expect(try svg(number).contains("of the synthetic writer"), "\(number)") }
    }
  }

  @Test func wantsHeldOutImages() throws {
    try withTemporaryFolder { folder in
      let data = try Tiny.data(in: folder, parts: [.train])
      let error = #expect(throws: DataError.self) {
        try Reproduction(of: data, into: "\(folder)/out", scale: Tiny.scale, studies: PretendedStudies())
      }
      #expect(error?.expected.contains("test or dig") == true)
      #expect(Folder.kind(of: "\(folder)/out") == .absent)
    }
  }
}
