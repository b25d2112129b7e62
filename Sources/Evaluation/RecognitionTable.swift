import Distortions
import ImageSets

/// How well a set's images are read: clean, distorted, and corrected again. The report's table 2, and two rows more.
package struct RecognitionTable: Codable, Sendable, Equatable {
  /// What the images were to whoever reads or corrects them.
  package enum Use: String, Codable, Sendable, CaseIterable {
    case trainedOn = "trained_on"
    /// Some of the images were.
    case partlyTrainedOn = "partly_trained_on"
    /// Decided which epoch was the best one, or when training stops: not trained on, and not unseen either.
    case validatedOn = "validated_on"
    case heldOut = "held_out"
    /// What was trained on is not at hand, or was not recorded.
    case unknown
  }

  /// Versions of the images, in the table's order.
  package enum Version: String, Codable, Sendable, CaseIterable {
    case original
    /// By `Recipe.reportSingle`.
    case singleDistorted = "single_distorted"
    case singleReconstructed = "single_reconstructed"
    /// By `Recipe.reportMultiple`, unless the table's `multipleRecipe` says otherwise.
    case multipleDistorted = "multiple_distorted"
    /// The multiple distorted ones, corrected: the report's row 4.
    case reconstructed
    /// The clean ones, corrected: does the corrector do harm where nothing is to be done?
    case originalReconstructed = "original_reconstructed"
  }

  package struct Row: Codable, Sendable, Equatable {
    package var version: Version
    /// Mean categorical cross-entropy, in nats an image.
    package var loss: Estimate
    /// Accuracy: the share of images whose class was predicted correctly.
    package var accuracy: Estimate
    package var confusion: ConfusionMatrix
    /// The report's figures; nil where it has none, or none for this recipe.
    package var report: ReportFigures?
  }

  /// What the set is called.
  package var name: String
  package var images: Int
  package var use: Use
  /// Images that were also trained on, where only some were.
  package var overlap: Int?
  /// What the images were distorted with, epoch 0.
  package var seed: UInt64
  /// The name of the recipe of `multipleDistorted`.
  package var multipleRecipe: String
  /// In the order of `Version.allCases`; those of corrected images are missing without a corrector.
  package var rows: [Row]

  enum CodingKeys: String, CodingKey {
    case name, images, use, overlap, seed, rows
    case multipleRecipe = "multiple_recipe"
  }

  /// Distorts clean images, corrects them and has all versions read.
  ///
  /// - Parameters:
  ///   - provenance: what the set was to the recognizer and the corrector; the table can only repeat it.
  ///   - seed: better another one than training had, or image 7 meets the same draws as image 7 of the training.
  ///   - multiple: the recipe of the rows `multipleDistorted` and `reconstructed`.
  ///   - corrector: nil for the rows without it.
  ///   - progress: called some times a row.
  ///
  /// Throws `DataError` for no images, a label that is missing or no class, a faulty recipe, or figures that are no
  /// log-probabilities; and what the recognizer and the corrector throw.
  package init(
    of clean: ImageSet, _ provenance: Provenance, seed: UInt64, multiple: Recipe = .reportMultiple,
    recognizer: any Recognizer,
    corrector: (any Corrector)? = nil, progress: (TableProgress) -> Void = { _ in }
  ) throws {
    let reading = try RecognitionMeasuring(clean, seed: seed, recognizer: recognizer, corrector: corrector)
    try multiple.validate()
    name = clean.name
    images = clean.count
    (use, overlap) = (provenance.use, provenance.use == .partlyTrainedOn ? provenance.overlap : nil)
    self.seed = seed
    multipleRecipe = multiple.name
    var rows: [Row] = []
    for (version, correctedVersion, recipe) in [
      (Version.original, Version.originalReconstructed, Recipe.identity),
      (.singleDistorted, .singleReconstructed, .reportSingle), (.multipleDistorted, .reconstructed, multiple),
    ] {
      let outcome = try reading.read(distortedBy: recipe, withMetrics: false) { done in
        progress(TableProgress(set: clean.name, row: version.label, done: done, total: clean.count))
      }
      let known = version == .multipleDistorted && multiple != .reportMultiple ? [:] : ReportFigures.table2
      rows.append(Row(outcome.distorted.recognition, version, report: known[version]))
      if let corrected = outcome.corrected {
        rows.append(Row(corrected.recognition, correctedVersion, report: known[correctedVersion]))
      }
    }
    self.rows = Version.allCases.compactMap { version in rows.first { $0.version == version } }
  }

  /// The row of a version; nil where it was not measured.
  package subscript(version: Version) -> Row? { rows.first { $0.version == version } }
}

/// Figures of the report's table 2, measured on its training images by a recognizer and a corrector of its own.
package struct ReportFigures: Codable, Sendable, Equatable {
  package var loss: Double
  package var accuracy: Double

  package static let table2: [RecognitionTable.Version: ReportFigures] = [
    .original: ReportFigures(loss: 0.0152, accuracy: 0.9952),
    .singleDistorted: ReportFigures(loss: 3.4219, accuracy: 0.5853),
    .multipleDistorted: ReportFigures(loss: 4.9394, accuracy: 0.2681),
    .reconstructed: ReportFigures(loss: 0.1047, accuracy: 0.9682),
  ]
}

extension RecognitionTable.Row {
  fileprivate init(
    _ recognition: Recognition, _ version: RecognitionTable.Version, report: ReportFigures?
  ) {
    self.init(
      version: version, loss: recognition.loss, accuracy: recognition.accuracy, confusion: recognition.confusion,
      report: report)
  }
}
