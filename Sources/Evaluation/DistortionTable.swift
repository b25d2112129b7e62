import Distortions
import ImageSets

/// How well a set's images are read after each kind of distortion, and after its correction.
package struct DistortionTable: Codable, Sendable, Equatable {
  /// What became of the images.
  package struct Figures: Codable, Sendable, Equatable {
    /// Accuracy: the share of images whose class was predicted correctly.
    package var accuracy: Estimate
    /// Against the clean ones: the mean of the images' PSNR with the peak 1, in dB, of bytes. An image that equals
    /// the clean one counts with `MetricSummary.highestPSNR`.
    package var psnr: Estimate
    /// Structural similarity to the clean ones; nil for images smaller than its window.
    package var ssim: Estimate?
  }

  package struct Row: Codable, Sendable, Equatable {
    /// "none", "rotation by 90 degrees", "geometry and noise", …
    package var distortion: String
    package var distorted: Figures
    /// Nil without a corrector.
    package var corrected: Figures?
    /// For a geometric distortion alone, the classes that the set has images of: a flipped digit can be another one.
    package var classes: [ClassRow]?
  }

  /// Images of one true class.
  package struct ClassRow: Codable, Sendable, Equatable {
    package var label: Int
    /// What the class is called, where that is not its number.
    package var name: String?
    package var distorted: Reading
    package var corrected: Reading?
  }

  package struct Reading: Codable, Sendable, Equatable {
    /// Recall of the class.
    package var accuracy: Estimate
    /// The wrong class that they were most often taken for, the lowest of equals; nil where none was wrong.
    package var mistakenFor: Int?
    /// What that class is called, where that is not its number.
    package var mistakenForName: String?
    /// The share of the class's images that were taken for it.
    package var mistakenShare: Double?

    enum CodingKeys: String, CodingKey {
      case accuracy
      case mistakenFor = "mistaken_for"
      case mistakenForName = "mistaken_for_name"
      case mistakenShare = "mistaken_share"
    }
  }

  /// What the set is called.
  package var name: String
  package var images: Int
  /// What the images were distorted with, epoch 0.
  package var seed: UInt64
  /// In the order of `kinds`, without those that images of this shape do not keep it in.
  package var rows: [Row]

  /// Distorts clean images in each way, corrects them and has all versions read.
  ///
  /// - Parameters:
  ///   - seed: better another one than training had.
  ///   - corrector: nil for the figures without it.
  ///   - progress: called some times a row.
  ///
  /// Throws `DataError` for no images, a label that is missing or no class, or figures that are no
  /// log-probabilities; and what the recognizer and the corrector throw.
  package init(
    of clean: ImageSet, seed: UInt64, recognizer: any Recognizer, corrector: (any Corrector)? = nil,
    progress: (TableProgress) -> Void = { _ in }
  ) throws {
    let reading = try RecognitionMeasuring(clean, seed: seed, recognizer: recognizer, corrector: corrector)
    name = clean.name
    images = clean.count
    self.seed = seed
    let kinds = try Self.kinds.filter { try $0.recipe.compiled(for: clean.shape).keepsShape }
    rows = try kinds.map { kind in
      let outcome = try reading.read(distortedBy: kind.recipe, withMetrics: true) { done in
        progress(TableProgress(set: clean.name, row: kind.recipe.name, done: done, total: clean.count))
      }
      return Row(
        distortion: kind.recipe.name, distorted: Figures(outcome.distorted),
        corrected: outcome.corrected.map(Figures.init),
        classes: kind.byClass
          ? Self.classes(outcome.distorted.recognition.confusion, outcome.corrected?.recognition.confusion) : nil)
    }
  }

  private static func classes(_ distorted: ConfusionMatrix, _ corrected: ConfusionMatrix?) -> [ClassRow] {
    (0..<distorted.classes).compactMap { label in
      Reading(of: label, in: distorted).map { reading in
        ClassRow(
          label: label, name: distorted.names == nil ? nil : distorted.name(of: label), distorted: reading,
          corrected: corrected.flatMap { Reading(of: label, in: $0) })
      }
    }
  }
}

extension DistortionTable.Figures {
  fileprivate init(_ outcome: RecognitionMeasuring.Outcome) {
    self.init(
      accuracy: outcome.recognition.accuracy, psnr: Estimate(outcome.psnr),
      ssim: outcome.ssim.isEmpty ? nil : Estimate(outcome.ssim))
  }
}

extension DistortionTable.Reading {
  /// Nil where the class has no images.
  fileprivate init?(of label: Int, in confusion: ConfusionMatrix) {
    guard let recall = confusion.recall(of: label) else { return nil }
    accuracy = recall
    mistakenFor = confusion.mistake(for: label)
    mistakenForName = confusion.names == nil ? nil : mistakenFor.map(confusion.name)
    mistakenShare = mistakenFor.map { Double(confusion.counts[label][$0]) / Double(recall.count) }
  }
}

// MARK: - Kinds

extension DistortionTable {
  /// A row's recipe, which bears the row's name.
  package struct Kind: Sendable, Equatable {
    package var recipe: Recipe
    /// Whether the row is told by class too: where it is a geometric distortion alone.
    package var byClass: Bool
  }

  /// None, each distortion alone, each pair of families, and all three; in the order geometry, noise, occlusion, each
  /// with the report's settings and always done. Geometry is a flip or a rotation, noise is Gaussian or a gradient, each
  /// as often as in `Recipe.reportMultiple`.
  package static let kinds: [Kind] = {
    let (geometry, noise) = (Recipe.geometry, Recipe.noise)
    let occlusion = Recipe.Step(Occlusion())
    let geometric =
      [
        (Orientation.upDownFlip.label, Recipe.Step(UpDownFlip())),
        (Orientation.leftRightFlip.label, Recipe.Step(LeftRightFlip())),
      ] + [90, 180, 270].map { (Orientation(degrees: $0).label, Recipe.Step(Rotation(angles: [$0]))) }
    let others: [(String, [Recipe.Step])] = [
      ("Gaussian noise", [Recipe.Step(GaussianNoise())]),
      ("brightness gradient", [Recipe.Step(BrightnessGradient())]),
      ("occlusion", [occlusion]),
      ("geometry and noise", [geometry, noise]),
      ("geometry and occlusion", [geometry, occlusion]),
      ("noise and occlusion", [noise, occlusion]),
      ("geometry, noise and occlusion", [geometry, noise, occlusion]),
    ]
    return [Kind(recipe: Recipe(name: "none", steps: []), byClass: false)]
      + geometric.map { Kind(recipe: Recipe(name: $0, steps: [$1]), byClass: true) }
      + others.map { Kind(recipe: Recipe(name: $0, steps: $1), byClass: false) }
  }()
}
