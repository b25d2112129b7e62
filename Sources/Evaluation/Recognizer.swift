import ImageSets

/// Reads digits (or whatever its classes are); asked to say how well images can be read.
package protocol Recognizer {
  /// How many classes it tells apart; labels are 0 ..< classes.
  var classes: Int { get }
  /// What they are called; the numbers of the labels unless said otherwise.
  var classNames: [String] { get }

  /// Natural logarithms of the classes' probabilities, (N, classes), row-major.
  func logProbabilities(of images: ImageSet) throws -> [Float]
}

extension Recognizer {
  package var classNames: [String] { (0..<classes).map(String.init) }
}

/// Turns distorted images into clean ones.
package protocol Corrector {
  /// As many images as it was given, of the same shape, in the same order.
  func restore(_ images: ImageSet) throws -> ImageSet
}
