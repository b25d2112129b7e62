import Foundation

/// What is drawn where something was hidden.
///
/// A network that learns to come as near as it can answers with each pixel's mean over all that could be there: grey where
/// it cannot know. That is nearest to the truth on average, and looks like no digit.
package enum Inpainting: String, CaseIterable, Sendable {
  /// As the network says.
  case mean
  /// The more probable of ink and paper, with soft edges: what the network says, its logits doubled.
  case sharp

  /// Chosen on writers put aside from the training set: 1.5 and 2 are read as well, 3 and more less well.
  package static let factor: Float = 2
  /// Pixels that were hidden are those that the network changes by more than this, on the scale 0…1.
  package static let hidden: Float = 0.25

  /// Puts a restored image in the place of the one that it was made of.
  func put(
    _ restored: UnsafeBufferPointer<Float>, over image: UnsafeMutableBufferPointer<Float>, isOccluded: Bool
  ) {
    for place in image.indices {
      let value = restored[place]
      let isSharpened = self == .sharp && isOccluded && abs(value - image[place]) > Self.hidden
      image[place] = isSharpened ? Self.sharpened(value) : value
    }
  }

  private static func sharpened(_ value: Float) -> Float {
    let ink = pow(value, factor)
    let paper = pow(max(0, 1 - value), factor)
    return ink / max(ink + paper, .leastNormalMagnitude)
  }
}
