import Evaluation
import Foundation
import ImageSets

/// Reads an image's class from its first pixel, 10 grey levels a class, and keeps what it was given. It gives that
/// class one half and each of the three others a sixth.
final class PixelReader: Recognizer {
  let classes = 4
  /// The sets it was given, one after another.
  var given: [ImageSet] = []
  /// Puts figures of its own in the place of those of an image, counted over all sets.
  var replaced: (image: Int, figures: [Float])?

  static func read(_ pixel: UInt8) -> Int { min(3, (Int(pixel) + 5) / 10) }

  func logProbabilities(of images: ImageSet) throws -> [Float] {
    let before = given.reduce(0) { $0 + $1.count }
    given.append(images)
    var figures = (0..<images.count).flatMap { image in
      let read = Self.read(images.pixels[image * images.shape.size])
      return (0..<classes).map { Float(log($0 == read ? 1 / 2.0 : 1 / 6.0)) }
    }
    if let replaced, (before..<before + images.count).contains(replaced.image) {
      let start = (replaced.image - before) * classes
      figures.replaceSubrange(start..<start + classes, with: replaced.figures)
    }
    return figures
  }
}

/// Knows the clean images, gives them back in their order, over and over, and keeps what it was given.
final class Rememberer: Corrector {
  let clean: ImageSet
  var given: [ImageSet] = []
  private var next = 0

  init(_ clean: ImageSet) { self.clean = clean }

  func restore(_ images: ImageSet) throws -> ImageSet {
    given.append(images)
    defer { next = (next + images.count) % clean.count }
    let remembered = clean.selecting(next..<next + images.count)
    // Without labels and under another name: neither is the corrector's business.
    return ImageSet(shape: clean.shape, pixels: remembered.pixels, name: "remembered", source: "made")
  }
}

/// Gives every image back as it came.
struct Idler: Corrector {
  func restore(_ images: ImageSet) throws -> ImageSet { images }
}

enum CornerImages {
  /// Images of 2×2 with labels 0, 1, 2, 3, 0, …: the first pixel says the label, the one right of it the label + 1,
  /// the one below the label + 2, the last the label + 3 (modulo 4). Every other image of class 1 says 1 everywhere.
  static func make(count: Int) -> ImageSet {
    let labels = (0..<count).map { $0 % 4 }
    let pixels = labels.enumerated().flatMap { index, label in
      (0..<4).map { UInt8(index % 8 == 1 ? 10 : (label + $0) % 4 * 10) }
    }
    return ImageSet(
      shape: ImageSet.Shape(height: 2, width: 2, channels: 1), pixels: pixels, labels: labels, name: "corners",
      source: "made")
  }

  static func relabelled(_ set: ImageSet, _ labels: [Int]?) -> ImageSet {
    ImageSet(shape: set.shape, pixels: set.pixels, labels: labels, name: set.name, source: set.source)
  }
}
