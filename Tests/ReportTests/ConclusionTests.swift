import Evaluation
import Report
import Support
import TestSupport
import Testing

/// Every conclusion on the page follows from the numbers beside it: it is there where they bear it out, and not where they
/// contradict it.
@Suite(.serialized) struct ConclusionTests {
  private static let many = 10_000

  private static let report = Result {
    try withTemporaryFolder { folder in
      Threads.use(1)
      return try Reproduction(
        of: Tiny.data(in: folder), into: "\(folder)/out", scale: Tiny.scale, studies: PretendedStudies()
      ).run()
    }
  }

  /// The page with the numbers changed.
  private func page(_ change: (inout ReproducedReport) -> Void) throws -> String {
    var report = try Self.report.get()
    change(&report)
    return Document(report).markdown.split(separator: "\n").joined(separator: " ")
  }

  private func setAccuracy(_ version: RecognitionTable.Version, _ share: Double, in report: inout ReproducedReport) {
    for table in report.recognition.tables.indices {
      for row in report.recognition.tables[table].rows.indices
      where report.recognition.tables[table].rows[row].version == version {
        report.recognition.tables[table].rows[row].accuracy = Estimate(
          hits: Int(share * Double(Self.many)), of: Self.many)
      }
    }
  }

  @Test(arguments: [
    (0.9, 0.3, "harms what needs nothing"), (0.3, 0.9, "does clean images good"), (0.9, 0.9, "No difference"),
  ])
  func harmToCleanImages(clean: Double, corrected: Double, words: String) throws {
    let page = try page { report in
      setAccuracy(.original, clean, in: &report)
      setAccuracy(.originalReconstructed, corrected, in: &report)
    }
    for sentence in ["harms what needs nothing", "does clean images good", "No difference"] {
      #expect(page.contains(sentence) == (sentence == words), "\(sentence)")
    }
  }

  @Test(arguments: [true, false]) func loweredRows(lowered: Bool) throws {
    let page = try page { report in
      guard let count = report.recognition.byDistortion?.rows.count else { return }
      for row in 0..<count {
        report.recognition.byDistortion?.rows[row].distorted.accuracy = Estimate(hits: 5000, of: Self.many)
        let hits = lowered && row == 6 ? 4000 : 6000
        report.recognition.byDistortion?.rows[row].corrected?.accuracy = Estimate(hits: hits, of: Self.many)
      }
    }
    #expect(page.contains("lowers the share in no row") == !lowered)
    #expect(page.contains("lowers the share in 1 of 13 rows") == lowered)
  }

  /// The best of many, picked and judged on the same images, is never called better.
  @Test(arguments: [(0.1, 0.2, "that without a penalty"), (0.2, 0.1, "that of l2 1e-06")])
  func penalties(none: Double, penalized: Double, words: String) throws {
    let page = try page { report in
      report.penalties = [
        PenaltyTrial(place: .none, kind: "none", weight: 0, epochs: 1, checkpoint: "a"),
        PenaltyTrial(place: .kernels, kind: "l2", weight: 1e-6, epochs: 1, checkpoint: "b"),
      ]
      for (number, value) in [none, penalized].enumerated() {
        report.penalties[number].binaryCrossEntropy = Estimate([value - 1e-6, value + 1e-6])
      }
    }
    #expect(page.contains("The lowest of the 2 figures is \(words)"), "\(page)")
    for claim in ["is better", "None is best, as the report found", "by more than the error of measuring"] {
      #expect(!page.contains(claim), "\(claim)")
    }
  }

  @Test(arguments: [RecognitionTable.Use.heldOut, .unknown, .partlyTrainedOn, .validatedOn])
  func whatImagesWereIsSaid(use: RecognitionTable.Use) throws {
    let page = try page { report in
      for table in report.recognition.tables.indices where report.recognition.tables[table].use != .trainedOn {
        report.recognition.tables[table].use = use
        report.recognition.tables[table].overlap = use == .partlyTrainedOn ? 3 : nil
      }
    }
    let words = [
      RecognitionTable.Use.unknown: "whether trained on, unknown", .partlyTrainedOn: "3 of 20 also trained on",
      .validatedOn: "validated on", .heldOut: "held out",
    ]
    #expect(page.contains("(\(words[use] ?? ""))"))
    #expect(!page.contains("which no network here was trained on"))
  }
}
