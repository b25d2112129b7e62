import Distortions
import Evaluation
import Figures
import ImageSets
import Restoration
import Support

/// The report's figures, of one model that corrects and the images of one set. Each says which.
package struct ReportDrawings {
  /// One figure and the name of its file, without an ending.
  package struct Entry {
    package var name: String
    package var figure: any Figure
  }

  private let restorer: Restorer
  private let clean: ImageSet
  private let seed: UInt64

  /// - Parameters:
  ///   - clean: the set whose first images are shown.
  ///   - count: how many of them.
  ///   - seed: decides their distortions.
  package init(_ restorer: Restorer, clean: ImageSet, count: Int = 8, seed: UInt64) {
    self.restorer = restorer
    self.clean = clean.prefix(count)
    self.seed = seed
  }

  private var model: String { restorer.name }

  /// Figure 2: clean images over their distorted versions.
  package func distorted(by recipe: Recipe = .reportMultiple) throws -> Entry {
    let rows = [
      ImageRows.Row(caption: "original", images: clean),
      .init(caption: "distorted", images: try distort(by: recipe)),
    ]
    return Entry(
      name: "figure-2", figure: figure(rows, caption: "\(shown), distorted by \(recipe.name) (seed \(seed))."))
  }

  /// Figure 3: loss and accuracy over the epochs of the model's training.
  ///
  /// - Parameter ceiling: the share of pixels that are exactly 0 or 255, which the accuracy cannot exceed.
  package func curves(of run: RunFolder, ceiling: Double?) throws -> Entry {
    let plan = try run.plan()
    let set = plan.data.map { "\(grouped($0.images)) images of \($0.name)" } ?? "its training images"
    return Entry(
      name: "figure-3",
      figure: try LearningCurves(
        history: run.historyCSV, ceiling: ceiling,
        caption: "Loss (\(plan.loss.rawValue)) and \(plan.loss.accuracyName) of \(model) on \(set), distorted by "
          + "\(plan.recipe.name), over its epochs."))
  }

  /// Figures 4 and 5: what a model trained with penalties makes of the same images.
  package func regularized(_ other: Restorer, number: Int) throws -> Entry {
    Entry(name: "figure-\(number)", figure: try restored(by: [other], from: .reportMultiple))
  }

  /// Figures 6 and 7: original, distorted by one distortion or by several, and reconstructed.
  package func reconstructed() throws -> [Entry] {
    [
      Entry(name: "figure-6", figure: try restored(from: .reportSingle)),
      Entry(name: "figure-7", figure: try restored(from: .reportMultiple)),
    ]
  }

  /// Clean images, the same distorted by any recipe, and as the model restores them, with others' rows above its own.
  package func restored(from recipe: Recipe, beside others: [Restorer] = []) throws -> ImageRows {
    try restored(by: others + [restorer], from: recipe)
  }

  private func restored(by restorers: [Restorer], from recipe: Recipe) throws -> ImageRows {
    let distorted = try distort(by: recipe)
    var rows = [
      ImageRows.Row(caption: "original", images: clean), .init(caption: "distorted", images: distorted),
    ]
    for restorer in restorers {
      let caption = restorers.count == 1 ? "reconstructed" : restorer.name
      rows.append(.init(caption: caption, images: try restorer.restore(distorted)))
    }
    return figure(
      rows,
      caption: "\(shown), distorted by \(recipe.name) (seed \(seed)) and reconstructed by "
        + "\(restorers.map(described).joined(separator: " and ")).")
  }

  private func described(_ restorer: Restorer) -> String {
    restorer.model.plans.compactMap(\.regularizerNote).first.map { "\(restorer.name) (\($0))" } ?? restorer.name
  }

  private var shown: String { "The first \(clean.count) images of \(clean.name)" }

  private func distort(by recipe: Recipe) throws -> ImageSet {
    try recipe.compiled(for: clean.shape).apply(to: clean, seed: seed)
  }

  private func figure(_ rows: [ImageRows.Row], caption: String) -> ImageRows {
    ImageRows(rows: rows, columns: ImageRows.headings(for: clean), caption: caption)
  }
}

// MARK: - Of measurements

extension ReportDrawings {
  /// Figure 8: a pie for each version of each set, its accuracy.
  package static func pies(of report: RecognitionReport) -> Entry {
    let pies = report.tables.flatMap { table in
      [RecognitionTable.Version.original, .singleDistorted, .multipleDistorted, .reconstructed].compactMap { version in
        table[version].map { row in
          PieCharts.Pie(
            title: "\(version.label), \(table.name) (\(table.use.label))",
            slices: [("correct", row.accuracy.mean), ("incorrect", 1 - row.accuracy.mean)])
        }
      }
    }
    let counts = report.tables.map { "\(grouped($0.images)) of \($0.name)" }.joined(separator: ", ")
    return Entry(
      name: "figure-8",
      figure: PieCharts(
        pies: pies,
        caption: "Images that \(report.classifier) reads right: clean, distorted, and reconstructed by "
          + "\(report.corrector). Images: \(counts)."))
  }

  /// Figure 9: which digits are taken for which, once they are reconstructed; one for each set.
  package static func confusions(of report: RecognitionReport) -> [Entry] {
    report.tables.compactMap { table in
      table[.reconstructed].map { row in
        Entry(
          name: "figure-9-\(table.name)",
          figure: ConfusionMatrixPlot(
            counts: row.confusion.counts, labels: row.confusion.counts.indices.map(row.confusion.name),
            caption:
              "Digits of \(table.name) (\(table.use.label)), distorted by \(table.multipleRecipe), reconstructed by "
              + "\(report.corrector) and read by \(report.classifier)."))
      }
    }
  }
}
