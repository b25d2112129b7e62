import Evaluation
import Foundation
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// The report done again from its data: trains, searches, measures and draws everything, and writes it up.
///
/// Each part leaves its product in the folder (`Journal`), and a training that is broken off goes on where it was, so
/// that a reproduction can be killed and called again at any time.
package final class Reproduction {
  /// What those who watch are told.
  package enum Event {
    case begin(ReproductionPart)
    /// A part was done before and is taken as it is.
    case reused(ReproductionPart, seconds: Double)
    case finished(ReproductionPart, seconds: Double)
    case training(TrainingPlan, TrainingEvent)
    /// Trainings of a search done, of all, and what was last heard of one that runs.
    case searching(done: Int, of: Int, latest: String)
    case reading(TableProgress)
  }

  package let folder: String
  package let settings: ReproductionSettings
  let show: ShownImages
  let sets: ReportSets
  let journal: Journal
  let studies: any Studies
  /// Called on the thread that works; what it throws ends the work, and what is done stays.
  var observe: (Event) throws -> Void = { _ in }
  private var times: [PartTime] = []
  private let threads = Threads.count
  private let lock: FileLock

  /// Loads the images, and begins the folder or goes on with it.
  ///
  /// - Parameters:
  ///   - dataset: a folder, or `synthetic`.
  ///   - show: whose images the figures show.
  /// - Throws: `UsageError` for a folder begun with other settings, `DataError` for images without labels or of
  ///   another size than the report's, `SystemError`.
  package init(
    of dataset: String, into folder: String, scale: Scale, seed: UInt64 = 1, show: ShownImages = .data,
    studies: any Studies = SearchStudies()
  ) throws {
    guard seed <= 1 << 53 else {
      throw UsageError("the seed \(seed)", remedy: "Choose a number from 0 to \(1 << 53).")
    }
    sets = try ReportSets(dataset)
    settings = ReproductionSettings(
      scale: scale, seed: seed,
      sets: sets.all.map { part, set in
        .init(part: part, images: set.count, checksum: DataRecord(set).checksum)
      })
    journal = try Journal(folder, settings: settings)
    lock = try FileLock("\(folder)/.lock", for: folder, kind: "reproduction")
    self.folder = folder
    self.show = show
    self.studies = studies
  }

  /// The page to open.
  package var page: String { "\(folder)/report.html" }

  /// Does what is not done yet, and writes `report.html`, `report.md`, `report.json` and the figures.
  ///
  /// - Throws: `DataError`, `SystemError`, `UsageError` where training diverges, and what `observe` throws.
  @discardableResult
  package func run(observe: @escaping (Event) throws -> Void = { _ in }) throws -> ReproducedReport {
    self.observe = observe
    times = []
    defer { self.observe = { _ in } }
    let summaries = try part(.data) { _ in sets.all.map { SetSummary($1, part: $0) } }
    let final = try part(.finalModel, needs: { _ in [finalRun.best] }, makings: [finalRun.path], trainFinalModel)
    let classifier = try part(
      .classifier, needs: { _ in [classifierRun.best] }, makings: [classifierRun.path], trainClassifier)
    let measures = try part(.measures, measure)
    let dense = try part(.dense) { try grid("dense", settings.scale.dense, mark: $0) }
    let penalties = try part(
      .penalties, needs: { $0.compactMap(\.checkpoint).map(path) },
      makings: ["sqlite", "trials"].map { path("studies/penalties.\($0)") }, searchPenalties)
    let conv = try part(.convolutional) { try grid("conv", settings.scale.convolutional, mark: $0) }
    let figures = try drawing { try draw(measures.recognition, penalties: penalties) }
    let report = ReproducedReport(
      made: RunEnvironment(), settings: settings, show: show, sets: summaries,
      layers: try LayerSummary.all(of: final.plan.architecture), finalModel: final, classifier: classifier,
      grid: dense + conv, correlations: Correlation.all(of: dense + conv), penalties: penalties,
      restored: measures.restored, recognition: measures.recognition,
      figures: figures.map { DrawnFigure(name: $0.name, caption: $0.figure.caption) }, parts: times)
    try write(report, figures)
    return report
  }

  /// A part's product, made now unless the journal has it.
  private func part<Product: Codable>(
    _ part: ReproductionPart, needs: (Product) -> [String] = { _ in [] }, makings: [String] = [],
    _ make: (@escaping () throws -> Void) throws -> Product
  ) throws -> Product {
    // A training that went on by its own plan has left its own number.
    Threads.use(threads)
    let done = try journal.part(part, needs: needs, makings: makings) { mark in
      try observe(.begin(part))
      return try make(mark)
    }
    times.append(PartTime(part: part, seconds: done.seconds))
    try observe(done.wasThere ? .reused(part, seconds: done.seconds) : .finished(part, seconds: done.seconds))
    return done.product
  }

  /// Figures are drawn each time: it takes a moment, and they may be wanted otherwise.
  private func drawing<Figures>(_ draw: () throws -> Figures) throws -> Figures {
    let start = ContinuousClock.now
    try observe(.begin(.figures))
    let figures = try draw()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    times.append(PartTime(part: .figures, seconds: seconds))
    try observe(.finished(.figures, seconds: seconds))
    return figures
  }

  /// A file below the folder.
  func path(_ name: String) -> String { "\(folder)/\(name)" }
  var finalRun: RunFolder { RunFolder(path("runs/final")) }
  var classifierRun: RunFolder { RunFolder(path("runs/classifier")) }

  private func write(_ report: ReproducedReport, _ figures: [ReportDrawings.Entry]) throws {
    let document = Document(report)
    let html = try document.html { name in
      try figures.first { $0.name == name }.map { try WithoutCaption($0.figure).rendered(as: .svg) } ?? []
    }
    try WholeFile.write(Journal.text(report), to: path("report.json"))
    try WholeFile.write(document.markdown, to: path("report.md"))
    try WholeFile.write(html, to: page)
  }
}
