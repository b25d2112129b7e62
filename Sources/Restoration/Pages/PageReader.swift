import ImageSets
import Pages
import Support

/// Reads what is written on pages: the only way to, whoever asks.
package final class PageReader {
  private let classifier: Classifier
  private let corrector: PageCorrector

  /// Degrees by which digits are turned to be looked at again.
  private static let turn = 8.0

  /// - Throws: `UsageError` where the classifier wants other images than grey square ones.
  package init(_ classifier: Classifier, corrector: PageCorrector) throws {
    try PageCorrector.check(classifier.shape, of: "the classifier")
    (self.classifier, self.corrector) = (classifier, corrector)
  }

  /// - Throws: `ResourceError`.
  package func read(_ page: Page) throws -> PageReading {
    let corrected = try corrector.correct(page)
    let readings = try page.digits.isEmpty ? [] : classify(corrected.corrected.fitting(classifier.shape))
    let digits = readings.indices.map { number in
      ReadDigit(
        box: page.digits[number].box, place: page.digits[number].place, classification: readings[number],
        name: classifier.classNames[readings[number].label], orientation: corrected.votes[number],
        damage: corrected.damages?[number], isRestored: corrected.restored.contains(number))
    }
    return PageReading(page: page, digits: digits, images: corrected.upright, corrected: corrected.corrected)
      .inReadingOrder()
  }

  /// Each digit as it is and turned a little either way: what is none is then seldom the same three times, and what is
  /// written otherwise than in any dataset, such as print, is known sooner.
  private func classify(_ images: ImageSet) throws -> [Classification] {
    let looks = try [0, Self.turn, -Self.turn].map { angle in
      try classifier.classify(angle == 0 ? images : images.turned(byDegrees: angle))
    }
    return (0..<images.count).map { image in Classification(meanOf: looks.map { look in look[image] }) }
  }
}
