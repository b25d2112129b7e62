import Distortions
import Evaluation
import ImageSets
import Restoration

/// What the final model does to images, and the classifier's accuracy after restoration.
struct Measures: Codable {
  var restored: [RestoredImages]
  var recognition: RecognitionReport
}

extension Reproduction {
  /// Table 2 and the table by distortion, and the images themselves against the clean ones.
  func measure(mark: () throws -> Void) throws -> Measures {
    let restorer = try Restorer(contentsOf: finalRun.path)
    let classifier = try Classifier(contentsOf: classifierRun.path)
    let recognition = try read(restorer, classifier, mark: mark)
    let (_, test) = sets.test
    let restored = try [
      (RecognitionTable.Use.trainedOn, trainedOn.named("the training pairs"), settings.seed),
      (recognition.heldOut?.use ?? .heldOut, test.some(settings.scale.measured), settings.measuringSeed),
    ].map { use, clean, seed in
      // A part of a large set says enough, and its metrics are slow.
      let clean = clean.subset(10_000)
      let distorted = try Recipe.reportMultiple.compiled(for: clean.shape).apply(to: clean, seed: seed)
      return RestoredImages(
        use: use,
        metrics: try MetricTable(clean: clean, distorted: distorted, restored: restorer.estimate(distorted)))
    }
    return Measures(restored: restored, recognition: recognition)
  }

  /// Of the images that the final model and the classifier both were trained on, those that are measured.
  private var trainedOn: ImageSet {
    let scale = settings.scale
    let limits = [scale.measured, scale.final.images, scale.classifier.images].compactMap { $0 }
    // Smaller subsets lie within larger ones.
    var set = sets.train.some(limits.min())
    guard let trained = sets.train.some(scale.final.images).numbers, let numbers = set.numbers else { return set }
    // The final model counted its own images: by these numbers they meet the same distortions.
    let places = Dictionary(uniqueKeysWithValues: zip(trained, 0...))
    set.numbers = numbers.compactMap { places[$0] }
    return set
  }

  private func read(_ restorer: Restorer, _ classifier: Classifier, mark: () throws -> Void) throws
    -> RecognitionReport
  {
    // Tables are measured by loops that nothing is thrown through.
    var interruption: (any Error)?
    func watch(_ progress: TableProgress) {
      do { try observe(.reading(progress)) } catch { interruption = interruption ?? error }
    }
    func table(_ set: ImageSet, _ provenance: Provenance, seed: UInt64) throws -> RecognitionTable {
      let table = try RecognitionTable(of: set, provenance, seed: seed, recognizer: classifier, corrector: restorer) {
        watch($0)
      }
      try interruption.map { throw $0 }
      try mark()
      return table
    }
    // With the seed of its training, the model meets the very pairs that it was trained on.
    var tables = [
      try table(trainedOn.named("train-pairs"), Provenance(.trainedOn), seed: settings.seed),
      try table(trainedOn.named("train-anew"), Provenance(.trainedOn), seed: settings.measuringSeed),
    ]
    let known = TrainedOn(restorer.model.plans + [classifier.checkpoint.plan])
    for (part, set) in sets.heldOut {
      let measured = set.some(settings.scale.measured).named(part.rawValue)
      let origin = DataOrigin(dataset: sets.dataset, part: part, subset: settings.scale.measured)
      tables.append(
        try table(measured, known.provenance(of: measured, from: origin), seed: settings.measuringSeed))
    }
    let byDistortion = try DistortionTable(
      of: sets.test.set.some(settings.scale.measured), seed: settings.measuringSeed, recognizer: classifier,
      corrector: restorer
    ) { watch($0) }
    try interruption.map { throw $0 }
    return RecognitionReport(
      corrector: restorer.name, classifier: classifier.title,
      tables: tables, byDistortion: byDistortion)
  }
}

extension ImageSet {
  /// The same images by another name.
  func named(_ name: String) -> ImageSet {
    var set = self
    set.name = name
    return set
  }
}
