import Distortions
import Foundation
import ImageSets
import Pages
import Support

/// Says which way pages lie, and corrects their digits.
///
/// Which way a page lies is told by all of its digits together, as one alone may be unsure.
package final class PageCorrector {
  private let corrector: Restorer?
  private let areUpright: Bool

  /// Digits that are asked which way a page lies.
  private static let voters = 96
  /// How often a digit's vote is worth nothing, as it is none or like no other.
  private static let strayVotes: Float = 0.1

  /// - Parameters:
  ///   - corrector: made with `expecting: .onPages`; nil: pages are taken for upright, and nothing is corrected.
  ///   - areUpright: whether pages are known to be upright.
  /// - Throws: `UsageError` where it wants other images than grey square ones.
  package init(_ corrector: Restorer?, areUpright: Bool = false) throws {
    try Self.check(corrector?.shape, of: "the corrector")
    (self.corrector, self.areUpright) = (corrector, areUpright)
  }

  static func check(_ shape: ImageSet.Shape?, of name: String) throws {
    guard let shape, shape.channels != 1 || shape.height != shape.width else { return }
    throw UsageError(
      "\(name) takes images of \(shape), not of single digits", remedy: "Name one of square grey images, such as 28x28."
    )
  }

  /// - Throws: `ResourceError`.
  package func correct(_ page: Page) throws -> CorrectedPage {
    let groups = Dictionary(grouping: page.digits.indices) { page.digits[$0].place?.grid ?? -1 }
    var votes = [OrientationVote](repeating: .none, count: page.digits.count)
    for members in groups.values {
      let vote = try vote(page.images.selecting(members))
      for member in members { votes[member] = vote }
    }
    let orientations = votes.map(\.orientation)
    let upright = page.images.oriented { orientations[$0].inverse }
    guard let corrector, upright.count > 0 else {
      return CorrectedPage(page: page, votes: votes, upright: upright, corrected: upright)
    }
    let restored = try corrector.restoration(of: upright.fitting(corrector.shape))
    var result = CorrectedPage(
      page: page, votes: votes, upright: upright, corrected: try restored.images.fitting(page.images.shape))
    result.damages = restored.findings?.map(\.damage)
    let unchanged = Set(restored.unchanged)
    result.restored = Set(page.digits.indices.filter { !unchanged.contains($0) })
    return result
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

/// A page's digits as they lie upright, and as they were corrected.
package struct CorrectedPage: Sendable {
  package let page: Page
  /// Which way each digit's table or page lies.
  package let votes: [OrientationVote]
  /// (N, 28, 28, 1)
  package let upright: ImageSet
  package let corrected: ImageSet
  /// The most probable damage of each digit; nil where no corrector tells it.
  var damages: [Damage?]?
  /// Digits that were changed.
  package fileprivate(set) var restored: Set<Int> = []

  /// The picture that the page was read from, with each digit that the corrector changed replaced by its corrected self; the
  /// others stay as they are, to the pixel.
  package func picture(_ picture: ImageSet) -> ImageSet {
    let orientations = votes.map(\.orientation)
    return page.replacing(restored.sorted(), in: picture, with: corrected.oriented { orientations[$0] })
  }
}

/// Which way a page lies.
package struct OrientationVote: Sendable, Equatable {
  /// What was done to it, and is undone.
  package var orientation: Orientation
  package var probability: Float

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
  func fitting(_ shape: Shape?) throws -> ImageSet {
    guard let shape else { return self }
    return try resized(to: shape.imageSize)
  }
}
