import Distortions
import Evaluation
import Foundation
import ImageSets
import Support
import Testing

@Suite struct BenchmarkTableTests {
  /// Corner images: an up-down flip shows the label + 2, a left-right flip the label + 1; every eighth image stays.
  private let corruptions = [
    Corruption(
      "half", .report, seed: 1,
      steps: [[.init(UpDownFlip(), probability: 0.5)], [.init(UpDownFlip())]]),
    Corruption("side", .heldOut, seed: 2, steps: [[.init(LeftRightFlip())]]),
    Corruption("none", .heldOut, seed: 3, steps: [[]]),
  ]

  /// Makes every image say 0.
  private struct Eraser: Corrector {
    func restore(_ images: ImageSet) throws -> ImageSet {
      images.replacingPixels(.init(repeating: 0, count: images.pixels.count))
    }
  }

  private func table(
    _ methods: [BenchmarkMethod], reader: PixelReader = PixelReader(), count: Int = 80, baseline: String? = nil
  ) throws -> BenchmarkTable {
    try BenchmarkTable(
      of: CornerImages.make(count: count), recognizer: reader, classifier: "corner", methods: methods,
      baseline: baseline, corruptions: corruptions)
  }

  @Test func errorsByHand() {
    // Errors 0.1 + 0.3 against 0.2 + 0.6.
    #expect(abs(CorruptionErrors.error(accuracies: [0.9, 0.7], baseline: [0.8, 0.4])! - 0.5) < 1e-12)
    #expect(CorruptionErrors.error(accuracies: [1, 1], baseline: [0.5, 1]) == 0)
    #expect(CorruptionErrors.error(accuracies: [0.5], baseline: [1]) == nil)
  }

  @Test func whoKnowsEverythingWhoDoesNothingAndWhoErases() throws {
    let clean = CornerImages.make(count: 80)
    let table = try table([
      BenchmarkMethod(name: "knows", .corrector(Rememberer(clean))),
      BenchmarkMethod(name: "idles", .corrector(Idler())),
      BenchmarkMethod(name: "erases", .corrector(Eraser())),
      BenchmarkMethod(name: "reads", .reader(PixelReader())),
    ])
    #expect(table.columns.map(\.name) == ["as is", "knows", "idles", "erases", "reads"])
    #expect(table.columns.map(\.kind) == [.asIs, .corrected, .corrected, .corrected, .direct])
    #expect(table.rows.map(\.corruption) == ["clean", "half", "half", "side", "none"])
    #expect(
      table.rows.map(\.severity) == [0, 1, 2, 1, 1] && table.means.map(\.corruption) == ["half", "side", "none"])
    for row in table.rows {
      #expect(row.figures[1].accuracy.mean == 1 && row.figures[1].psnr?.mean == 100)
      #expect(row.figures[2].accuracy == row.figures[0].accuracy && row.figures[2].gain?.mean == 0)
      #expect(row.figures[3].accuracy.mean == 0.25)
      #expect(row.figures[4].accuracy == row.figures[0].accuracy && row.figures[4].psnr == nil)
      #expect(row.figures.allSatisfy { $0.accuracy.count == 80 && $0.ssim == nil })
    }
    // Flipped, one image in eight (all of it 1, and so is its label) is still classified correctly.
    #expect(table.rows[2].figures[0].accuracy.mean == 0.125 && table.rows[3].figures[0].accuracy.mean == 0.125)
    let half = table.rows[1].figures[0].accuracy.mean
    #expect(abs(table.means[0].figures[0].accuracy.mean - (half + 0.125) / 2) < 1e-12)
    // As is everything is its own measure; erasing errs in 3 of 4 images, twice, against 1 − half and 7 of 8.
    #expect(table.errors[0].report == 1 && table.errors[0].heldOut == 1)
    #expect(table.errors[1].report == 0 && table.errors[2].report == 1)
    #expect(abs(table.errors[3].report! - 1.5 / (1 - half + 0.875)) < 1e-12)
    #expect(abs(table.errors[3].heldOut! - 0.75 / 0.875) < 1e-12)
    #expect(table.errors[3].byCorruption["none"] == nil)
  }

  @Test func setsAreCountedFromOne() throws {
    var rows: [String] = []
    _ = try BenchmarkTable(
      of: CornerImages.make(count: 8), recognizer: PixelReader(), classifier: "corner", methods: [],
      corruptions: corruptions
    ) { if rows.last != $0.row { rows.append($0.row) } }
    #expect(rows.map { $0.split(separator: "(")[1] } == ["1 of 5)", "2 of 5)", "3 of 5)", "4 of 5)", "5 of 5)"])
  }

  /// The clean images alone.
  @Test func noCorruptions() throws {
    let table = try BenchmarkTable(
      of: CornerImages.make(count: 8), recognizer: PixelReader(), classifier: "corner", methods: [], corruptions: [])
    #expect(table.rows.count == 1 && table.description.contains("clean") && table.markdown.contains("| clean |"))
  }

  /// Of means alone.
  @Test func corruptionErrorsInCSV() throws {
    let table = try table([BenchmarkMethod(name: "erases", .corrector(Eraser()))])
    for line in table.csv.split(separator: "\n").dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      let isKnown = cells[2] == "mean" && cells[0] != "none"
      #expect(cells[cells.count - 2].isEmpty != isKnown, "\(line)")
    }
  }

  @Test func aImagesMeanOverSeveritiesCountsOnce() throws {
    let table = try table([])
    let mean = table.means[0].figures[0].accuracy
    let (half, all) = (table.rows[1].figures[0].accuracy, table.rows[2].figures[0].accuracy)
    // Its variance is not that of two independent readings: those that are flipped at 1 are flipped at 2 as well.
    let independent =
      (half.standardError! * half.standardError! + all.standardError! * all.standardError!)
      .squareRoot() / 2
    #expect(mean.count == 80 && mean.standardError! > independent)
  }

  @Test func harmIsToldWhereItIsDone() throws {
    let table = try table([
      BenchmarkMethod(name: "erases", .corrector(Eraser())), BenchmarkMethod(name: "idles", .corrector(Idler())),
    ])
    let harm = table.harm(by: 1)
    #expect(harm.map(\.corruption) == ["clean", "half", "none"] && harm.map(\.severities) == [[0], [1], [1]])
    #expect(table.harm(by: 2).isEmpty && table.harm(by: 0).isEmpty)
    let text = table.description
    #expect(text.contains("erases does more harm than good") && text.contains("on: clean, half 1, none 1"))
    #expect(text.contains("idles does no harm that") && text.contains("! 0.25"))
    #expect(table.text(bySeverity: true).contains("half 2"))
    let csv = table.csv.split(separator: "\n")
    #expect(csv.count == 1 + 8 * 3 && csv[2].hasPrefix("clean,,0,erases,corrected,80,0.25,"))
    #expect(csv[2].hasSuffix(",1") && csv[3].hasSuffix(",0"))
    #expect(table.markdown.contains("| half 2 |") && table.markdown.contains("| clean | 1.0000 | ! 0.25"))
    #expect(table.markdown.contains("|  | as is | erases | idles |\n|---|---|---|---|\n| clean |"), "the heads' line")
  }

  @Test func nothingIsReadTwice() throws {
    let reader = PixelReader()
    _ = try table(
      [BenchmarkMethod(name: "a", .corrector(Idler())), BenchmarkMethod(name: "b", .corrector(Idler()))],
      reader: reader,
      count: 1030)
    // Five sets, as they are and twice corrected, each in two parts.
    #expect(reader.given.count == 5 * 3 * 2 && reader.given.reduce(0) { $0 + $1.count } == 5 * 3 * 1030)
    #expect(reader.given.allSatisfy { $0.count <= 1024 })
  }

  @Test func anotherBaseline() throws {
    let methods = [BenchmarkMethod(name: "erases", .corrector(Eraser()))]
    let table = try table(methods, baseline: "erases")
    #expect(table.errors[1].report == 1 && table.errors[1].heldOut == 1 && table.baseline == "erases")
    #expect(abs(table.errors[0].byCorruption["side"]! - 0.875 / 0.75) < 1e-12)
    let unknown = try #require(throws: UsageError.self) { try self.table(methods, baseline: "nobody") }
    #expect(unknown.remedy.contains("\"erases\""))
    #expect(throws: UsageError.self) { try self.table(methods + methods) }
  }

  @Test func imagesOfSomebodyElseMustFit() throws {
    let clean = CornerImages.make(count: 80)
    let table = try table([BenchmarkMethod(name: "other", .images { _ in clean })])
    #expect(table.rows.allSatisfy { $0.figures[1].accuracy.mean == 1 })
    let error = try #require(throws: DataError.self) {
      try self.table([BenchmarkMethod(name: "other", .images { _ in clean.prefix(79) })])
    }
    #expect(error.expected.contains("80 images") && error.found.contains("79"))
  }

  @Test func isReadBack() throws {
    let table = try table([BenchmarkMethod(name: "idles", detail: "nothing", .corrector(Idler()))])
    #expect(try JSONDecoder().decode(BenchmarkTable.self, from: JSONEncoder().encode(table)) == table)
  }
}
