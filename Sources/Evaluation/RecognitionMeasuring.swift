import Distortions
import ImageSets

/// How far a table's measuring has come.
package struct TableProgress: Sendable, Equatable {
  /// The set's name.
  package var set: String
  /// The row being measured, as the table calls it.
  package var row: String
  /// Images read so far, and to be read in all, counted anew for each row.
  package var done: Int
  package var total: Int
}

/// A set of clean images that is distorted in several ways, corrected, and read, a part at a time: of a distorted
/// version only that part is ever in memory.
struct RecognitionMeasuring {
  let clean: ImageSet
  let seed: UInt64
  let recognizer: any Recognizer
  let corrector: (any Corrector)?
  /// The last part may be shorter.
  static let partSize = 1024

  /// Some of the images.
  struct Part {
    var clean: ImageSet
    var distorted: ImageSet
    /// The number of the first one in the whole set.
    var firstIndex: Int
  }

  /// One version of the images, as it was read.
  struct Outcome {
    var recognition: Recognition
    /// PSNR of each image against the clean one, of bytes, with the peak 1, in dB, at most `highestPSNR`.
    var psnr: [Double] = []
    /// Structural similarity of each; empty for images smaller than its window.
    var ssim: [Double] = []
  }

  /// Throws `DataError` for no images, or a label that is missing or no class, before anything is measured.
  init(_ clean: ImageSet, seed: UInt64, recognizer: any Recognizer, corrector: (any Corrector)?) throws {
    _ = try Recognition.labels(of: clean, classes: recognizer.classes)
    self.clean = clean
    self.seed = seed
    self.recognizer = recognizer
    self.corrector = corrector
  }

  /// Distorts the images by a recipe (epoch 0), and has them read as they are and, by a corrector, corrected: the
  /// corrector is given the very images that are read.
  ///
  /// - Parameter progress: called with the number of images done.
  func read(
    distortedBy recipe: Recipe, withMetrics: Bool, progress: (Int) -> Void
  ) throws -> (distorted: Outcome, corrected: Outcome?) {
    var distorted = Outcome(recognition: Recognition(by: recognizer))
    var corrected = distorted
    try forEachPart(distortedBy: recipe) { part in
      try read(part.distorted, of: part, withMetrics: withMetrics, into: &distorted)
      if let corrector {
        try read(Self.correct(part, by: corrector), of: part, withMetrics: withMetrics, into: &corrected)
      }
      progress(part.firstIndex + part.clean.count)
    }
    return (distorted, corrector == nil ? nil : corrected)
  }

  /// The images distorted by a recipe (epoch 0), some at a time.
  func forEachPart(distortedBy recipe: Recipe, _ body: (Part) throws -> Void) throws {
    let distorter = try recipe.compiled(for: clean.shape)
    for start in stride(from: 0, to: clean.count, by: Self.partSize) {
      let part = clean.selecting(start..<min(start + Self.partSize, clean.count))
      try body(
        Part(clean: part, distorted: distorter.apply(to: part, seed: seed, firstIndex: start), firstIndex: start))
    }
  }

  /// A part's distorted images, corrected, with the labels of the clean ones.
  static func correct(_ part: Part, by corrector: any Corrector) throws -> ImageSet {
    let restored = try corrector.restore(part.distorted)
    precondition(
      restored.shape == part.clean.shape && restored.count == part.clean.count, "a corrector keeps shape and count")
    return part.clean.replacingPixels(restored.pixels)
  }

  /// Has a version of a part's images read, by `reader` in the place of the recognizer if there is one.
  ///
  /// - Parameter withMetrics: whether it is also measured how near they come to the clean ones.
  func read(
    _ images: ImageSet, of part: Part, by reader: (any Recognizer)? = nil, withMetrics: Bool,
    into outcome: inout Outcome
  ) throws {
    let reader = reader ?? recognizer
    outcome.recognition.append(
      try Recognition(
        reader.logProbabilities(of: images), of: images, classes: reader.classes, firstIndex: part.firstIndex))
    guard withMetrics else { return }
    let metrics = ImageMetrics.ofEach(images, against: part.clean)
    outcome.psnr += metrics.map { min($0.psnr, MetricSummary.highestPSNR) }
    outcome.ssim += metrics.compactMap(\.ssim)
  }
}
