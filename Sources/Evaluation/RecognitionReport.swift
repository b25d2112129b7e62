import Distortions
import ImageSets
import Restoration
import Support

extension Classifier: Recognizer {
  /// Which one it is: figures of two readers are not to be compared.
  package var title: String {
    let plan = checkpoint.plan
    let validation = plan.validation == .none ? "" : ", chosen by \(plan.validation)"
    return "\(plan.architecture.name) (seed \(plan.seed), epoch \(checkpoint.epoch)\(validation))"
  }
}
extension Restorer: Corrector {}

/// A classifier's accuracy on images that a model has restored: on the images that they were trained on,
/// and on others.
package struct RecognitionReport: Codable, Sendable, Equatable {
  /// The model that corrects.
  package var corrector: String
  /// The model that reads.
  package var classifier: String
  /// A table for each part of the dataset.
  package var tables: [RecognitionTable]
  /// By distortion, on one part.
  package var byDistortion: DistortionTable?

  enum CodingKeys: String, CodingKey {
    case corrector, classifier, tables
    case byDistortion = "by_distortion"
  }

  /// What is to be measured.
  package struct Scope: Sendable {
    package var dataset: String
    package var parts: [Dataset.Part]
    /// Only so many images of each part, spread over all; nil takes all.
    package var subset: Int?
    /// Of the rows "multiple distorted" and "reconstructed".
    package var recipe: Recipe
    package var seed: UInt64
    /// Whether to make the table by distortion, which reads one part 26 times.
    package var byDistortion: Bool

    package init(
      dataset: String, parts: [Dataset.Part], subset: Int?, recipe: Recipe, seed: UInt64, byDistortion: Bool = true
    ) {
      self.byDistortion = byDistortion
      self.dataset = dataset
      self.parts = parts
      self.subset = subset
      self.recipe = recipe
      self.seed = seed
    }

    /// The part for the table by distortion: one that was held out, where there is one.
    var measuredPart: Dataset.Part? { parts.contains(.test) ? .test : parts.last }
  }

  /// - Throws: `UsageError` where images do not fit the models, `DataError` for sets without labels, `SystemError`.
  package init(
    _ restorer: Restorer, readBy classifier: Classifier, _ scope: Scope,
    progress: (TableProgress) -> Void = { _ in }
  ) throws {
    corrector = restorer.name
    self.classifier = classifier.title
    let trainedOn = TrainedOn(restorer.model.plans + [classifier.checkpoint.plan])
    tables = []
    for part in scope.parts {
      let origin = DataOrigin(dataset: scope.dataset, part: part, subset: scope.subset)
      let loaded = try origin.load()
      let set = try loaded.relabeled(by: classifier.classNames)
      tables.append(
        try RecognitionTable(
          of: set, trainedOn.provenance(of: loaded, from: origin), seed: scope.seed, multiple: scope.recipe,
          recognizer: classifier, corrector: restorer, progress: progress))
      guard scope.byDistortion, part == scope.measuredPart else { continue }
      byDistortion = try DistortionTable(
        of: set, seed: scope.seed, recognizer: classifier, corrector: restorer, progress: progress)
    }
  }

  /// From tables that were measured one by one.
  package init(corrector: String, classifier: String, tables: [RecognitionTable], byDistortion: DistortionTable?) {
    self.corrector = corrector
    self.classifier = classifier
    self.tables = tables
    self.byDistortion = byDistortion
  }

  /// The table of the first part that was held out, or else of the last.
  package var heldOut: RecognitionTable? { tables.first { $0.use == .heldOut } ?? tables.last }
}

extension RecognitionReport: CustomStringConvertible {
  /// Table 2, the confusion matrix of reconstructed images that were held out, and the table by distortion.
  package var description: String {
    var parts = [
      "\(corrector), read by \(classifier)\n" + RecognitionTable.text(of: tables)
    ]
    if let heldOut, let row = heldOut[.reconstructed] {
      parts.append("\(heldOut.name), \(row.version.label): \(heldOut.useText)\n\(row.confusion)")
    }
    if let byDistortion { parts.append("\(byDistortion)") }
    return parts.joined(separator: "\n\n")
  }
}
