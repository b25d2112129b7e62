import Distortions
import ImageSets

/// Kannada-MNIST-C, version 1: Kannada-MNIST's test part under fifteen corruptions, each in five severities.
///
/// Defined by recipes and seeds, as MNIST-C and ImageNet-C are by files: an image of it is a function of the clean
/// image and its number, the same bytes on every machine. Another recipe, seed or distorted byte would be another
/// benchmark, and wants another version.
package enum KannadaMNISTC {
  package static let version = 1
  package static let title = "Kannada-MNIST-C, version \(version)"
  /// `ImageSet.checksum` of Kannada-MNIST's official test part.
  static let checksum: UInt64 = 0xacd9_69e8_a388_6df4

  /// The benchmark's name where the images are those that it is made of, all or a subset of them; otherwise a name that
  /// says what was corrupted instead.
  ///
  /// - Parameters:
  ///   - set: the images that are measured.
  ///   - whole: what they are a subset of; nil where they are all.
  package static func title(of set: ImageSet, from whole: ImageSet? = nil) -> String {
    guard (whole ?? set).checksum == checksum else {
      return "corruptions of \(title) on other images (\(set.name) of \(set.source))"
    }
    let whole = whole ?? set
    return set.count == whole.count
      ? title : "\(title), a subset of \(set.count) of \(whole.count) images spread over all"
  }

  /// Of the clean images, as exported files are called.
  package static let cleanName = "clean"

  package static let corruptions = report + heldOut

  /// The report's distortions; severity 3 is the report's setting. A flip or a quarter turn has no strength: severity s
  /// distorts s of 5 images.
  private static let report: [Corruption] = [
    corruption("up-down-flip", .report, 1, (1...5).map { [Recipe.Step(UpDownFlip(), probability: share($0))] }),
    corruption("left-right-flip", .report, 2, (1...5).map { [Recipe.Step(LeftRightFlip(), probability: share($0))] }),
    corruption("rotation", .report, 3, (1...5).map { [Recipe.Step(Rotation(), probability: share($0))] }),
    corruption("gaussian-noise", .report, 4, noises.map { [Recipe.Step($0)] }),
    corruption("brightness-gradient", .report, 5, gradients.map { [Recipe.Step($0)] }),
    corruption("occlusion", .report, 6, occlusions.map { [Recipe.Step($0)] }),
    corruption("report-multiple", .report, 7, (1...5).map(multiple)),
  ]

  private static let heldOut: [Corruption] = [
    corruption("shear", .heldOut, 8, [0.2, 0.35, 0.5, 0.7, 0.9].map { [Recipe.Step(Shear(factor: $0...$0))] }),
    corruption(
      "small-rotation", .heldOut, 9, [10, 18, 26, 34, 42].map { [Recipe.Step(SmallRotation(angle: $0...$0))] }),
    corruption(
      "translation", .heldOut, 10, [2, 3.5, 5, 6.5, 8].map { [Recipe.Step(Translation(distance: $0...$0))] }),
    corruption("blur", .heldOut, 11, [0.5, 0.75, 1, 1.3, 1.6].map { [Recipe.Step(Blur(sigma: $0))] }),
    corruption(
      "salt-and-pepper", .heldOut, 12, [0.03, 0.07, 0.12, 0.2, 0.3].map { [Recipe.Step(SaltAndPepper(share: $0))] }),
    corruption("contrast", .heldOut, 13, [0.6, 0.45, 0.3, 0.2, 0.1].map { [Recipe.Step(Contrast(factor: $0))] }),
    corruption(
      "stripes", .heldOut, 14,
      [(14, 1), (10, 1), (7, 1), (9, 2), (7, 2)].map { [Recipe.Step(Stripes(period: $0, width: $1))] }),
    corruption(
      "elastic", .heldOut, 15,
      [0.5, 0.8, 1.1, 1.4, 1.7].map { [Recipe.Step(Elastic(strength: $0, smoothness: 3))] }),
  ]

  /// Seeds begin with "KMC" in ASCII, far from those that anyone trains with.
  private static func corruption(
    _ name: String, _ group: Corruption.Group, _ number: UInt64, _ steps: [[Recipe.Step]]
  ) -> Corruption {
    Corruption(name, group, seed: 0x4B4D_4300 + number, steps: steps)
  }

  private static func share(_ severity: Int) -> Double { Double(severity) / 5 }

  private static let noises = [10, 20, 30, 50, 80].map { GaussianNoise(sigma: $0) }
  private static let gradients = [10, 20, 30, 80, 160].map { BrightnessGradient(peak: 0...$0) }
  private static let occlusions = [0.1...0.2, 0.15...0.35, 0.25...0.5, 0.3...0.55, 0.4...0.6].map {
    Occlusion(side: $0)
  }

  /// The report's recipe with noise and occlusion of this severity; at severity 3 the very recipe. Geometry comes to 1, 2
  /// and then 3 of 3 images, an occlusion to 1, 2, 3, 4 and 5 of 6.
  private static func multiple(_ severity: Int) -> [Recipe.Step] {
    [
      Recipe.Step(Recipe.geometry.action, probability: min(1, Double(severity) / 3)),
      Recipe.Step(.oneOf([Recipe.Step(noises[severity - 1]), Recipe.Step(gradients[severity - 1])])),
      Recipe.Step(occlusions[severity - 1], probability: Double(severity) / 6),
    ]
  }
}
