import Distortions
import Foundation
import ImageSets
public import Pages
import Support

/// Reads what is written on pages: the only way to, whoever asks.
///
/// Which way a page lies is told by all of its digits together, as one alone may be unsure; then each is corrected where it is
/// damaged, and read.
public final class PageReader {
  private let classifier: Classifier
  private let corrector: Restorer?
  private let areUpright: Bool

  /// Digits that are asked which way a page lies.
  private static let voters = 96
  /// Degrees by which digits are turned to be looked at again.
  private static let turn = 8.0
  /// How often a digit's vote is worth nothing, as it is none or like no other.
  private static let strayVotes: Float = 0.1

  /// - Parameters:
  ///   - classifier: of digits in grey.
  ///   - corrector: made with `expecting: .onPages`; nil: pages are taken for upright, and nothing is corrected.
  ///   - areUpright: whether pages are known to be upright.
  /// - Throws: `UsageError` where either wants other images than grey ones.
  public init(_ classifier: Classifier, corrector: Restorer?, areUpright: Bool = false) throws {
    for (name, shape) in [("the classifier", classifier.shape), ("the corrector", corrector?.shape)] {
      guard let shape, shape.channels != 1 || shape.height != shape.width else { continue }
      throw UsageError(
        "\(name) takes images of \(shape), not of single digits",
        remedy: "Name one of square grey images, 28x28 for example.")
    }
    (self.classifier, self.corrector, self.areUpright) = (classifier, corrector, areUpright)
  }

  /// - Throws: `ResourceError`.
  public func read(_ page: Page) throws -> PageReading {
    guard page.digits.count > 0 else {
      return PageReading(page: page, digits: [], images: page.images, corrected: page.images)
    }
    let groups = Dictionary(grouping: page.digits.indices) { page.digits[$0].place?.grid ?? -1 }
    var orientations = [OrientationVote](repeating: .none, count: page.digits.count)
    for members in groups.values {
      let vote = try vote(page.images.selecting(members))
      for member in members { orientations[member] = vote }
    }
    let turned = orientations
    let upright = page.images.oriented { turned[$0].orientation.inverse }
    let fitted = try corrector.map { try upright.fitting($0.shape) }
    let restored = try fitted.flatMap { set in try corrector?.restoration(of: set) }
    let corrected = restored?.images ?? upright
    let readings = try classify(corrected.fitting(classifier.shape))
    let unchanged = Set(restored?.unchanged ?? Array(0..<upright.count))
    let digits = page.digits.indices.map { number in
      ReadDigit(
        box: page.digits[number].box, place: page.digits[number].place, classification: readings[number],
        name: classifier.classNames[readings[number].label], orientation: orientations[number],
        damage: restored?.findings?[number].damage, isRestored: !unchanged.contains(number))
    }
    return PageReading(page: page, digits: digits, images: upright, corrected: corrected).inReadingOrder()
  }

  /// Each digit as it is and turned a little either way: what is none is then seldom the same three times, and what is
  /// written otherwise than in any dataset, such as print, is known sooner.
  private func classify(_ images: ImageSet) throws -> [Classification] {
    let looks = try [0, Self.turn, -Self.turn].map { angle in
      try classifier.classify(angle == 0 ? images : images.turned(byDegrees: angle))
    }
    return (0..<images.count).map { image in Classification(meanOf: looks.map { look in look[image] }) }
  }

  /// Which way digits of one table, or of none, lie: the product of what each says.
  private func vote(_ images: ImageSet) throws -> OrientationVote {
    guard !areUpright, let corrector, corrector.findsOrientations else { return .none }
    let step = max(1, (images.count + Self.voters - 1) / Self.voters)
    let voters = try images.selecting(Array(stride(from: 0, to: images.count, by: step))).fitting(corrector.shape)
    let scores = try Orientation.allCases.map { orientation in
      let turned = voters.oriented { _ in orientation.inverse }
      return try (corrector.uprightProbabilities(of: turned) ?? []).reduce(log(OrientationVote.prior(orientation))) {
        $0 + log($1 * (1 - Self.strayVotes) + Self.strayVotes / Float(Orientation.allCases.count))
      }
    }
    let most = scores.max() ?? 0
    let weights = scores.map { exp($0 - most) }
    let best = scores.firstIndex(of: most) ?? 0
    return OrientationVote(orientation: Orientation.allCases[best], probability: weights[best] / weights.reduce(0, +))
  }
}

/// Which way a page lies.
public struct OrientationVote: Sendable, Equatable {
  /// What was done to it, and is undone.
  public var orientation: Orientation
  public var probability: Float

  static let none = OrientationVote(orientation: .upright, probability: 1)

  /// Most pages lie upright; some are photographed lying otherwise, few are mirrored.
  static func prior(_ orientation: Orientation) -> Float {
    switch orientation {
    case .upright: 0.9
    case .rotation90, .rotation180, .rotation270: 0.025
    default: 0.025 / 4
    }
  }
}

extension ImageSet {
  /// At the size of a network.
  fileprivate func fitting(_ shape: Shape?) throws -> ImageSet {
    guard let shape else { return self }
    return try resized(to: shape.imageSize)
  }
}
