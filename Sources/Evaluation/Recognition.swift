import Foundation
import ImageSets
import Support

/// How a recognizer read labelled images, one by one.
package struct Recognition: Sendable, Equatable {
  /// How many classes the recognizer tells apart.
  package let classes: Int
  /// What they are called, where that is not their numbers.
  package var classNames: [String]?
  /// The true classes, each within 0 ..< classes.
  package private(set) var labels: [Int] = []
  /// The likeliest classes; the lowest of equals.
  package private(set) var predictions: [Int] = []
  /// Categorical cross-entropy of each image: −log p of the true class, in nats, without a bound.
  package private(set) var losses: [Double] = []

  /// Has a recognizer read all images of a set.
  ///
  /// Throws what the recognizer throws, and `DataError` for no images, a label that is missing or no class, or
  /// figures that are no log-probabilities.
  package init(of images: ImageSet, by recognizer: any Recognizer) throws {
    _ = try Self.labels(of: images, classes: recognizer.classes)
    try self.init(recognizer.logProbabilities(of: images), of: images, classes: recognizer.classes)
  }

  /// From log-probabilities (N, classes) that a recognizer has given for the images of a set.
  ///
  /// Throws `DataError` for no images, a label that is missing or no class, or figures that are no
  /// log-probabilities. `firstIndex` is what errors call the first image.
  ///
  /// - Precondition: `classes` figures an image.
  package init(
    _ logProbabilities: [Float], of images: ImageSet, classes: Int, firstIndex: Int = 0
  ) throws(DataError) {
    let labels = try Self.labels(of: images, classes: classes, firstIndex: firstIndex)
    precondition(
      logProbabilities.count == images.count * classes,
      "\(logProbabilities.count) figures are not \(classes) for each of \(images.count) images")
    self.init(classes: classes)
    for (image, label) in labels.enumerated() {
      let row = logProbabilities[image * classes..<(image + 1) * classes]
      try Self.check(row, file: images.name, place: "image \(firstIndex + image)")
      predictions.append((row.indices.max { row[$0] < row[$1] || (row[$0] == row[$1] && $0 > $1) } ?? 0) % classes)
      losses.append(-Double(row[row.startIndex + label]))
    }
    self.labels = labels
  }

  /// Of no images yet.
  init(classes: Int) { self.classes = classes }

  /// Of no images yet, by this recognizer.
  init(by recognizer: any Recognizer) {
    classes = recognizer.classes
    let names = recognizer.classNames
    classNames = names == (0..<classes).map(String.init) ? nil : names
  }

  /// Adds the images that follow.
  mutating func append(_ other: Recognition) {
    precondition(other.classes == classes, "\(other.classes) classes are added to \(classes)")
    labels += other.labels
    predictions += other.predictions
    losses += other.losses
  }
}

// MARK: - Figures

extension Recognition {
  package var count: Int { labels.count }
  /// Whether each image's class was predicted correctly.
  package var correct: [Bool] { zip(labels, predictions).map { $0 == $1 } }
  /// The mean of `losses`, in nats.
  package var loss: Estimate { Estimate(losses) }
  /// The share of images whose class was predicted correctly.
  package var accuracy: Estimate { Estimate(hits: correct.count { $0 }, of: count) }
  package var confusion: ConfusionMatrix {
    var matrix = ConfusionMatrix(labels: labels, predictions: predictions, classes: classes)
    matrix.names = classNames
    return matrix
  }
}

// MARK: - Checks

extension Recognition {
  /// The set's labels, each within 0 ..< classes; throws `DataError` otherwise, and for no images.
  static func labels(of images: ImageSet, classes: Int, firstIndex: Int = 0) throws(DataError) -> [Int] {
    guard images.count > 0 else {
      throw DataError(
        file: images.source, expected: "at least one image to read", found: "none", remedy: "Choose another set.")
    }
    return try images.labels(within: classes, firstIndex: firstIndex)
  }

  /// All finite, and the probabilities add up to 1, as far as 32 bits can tell.
  private static func check(_ row: ArraySlice<Float>, file: String, place: String) throws(DataError) {
    var expected = "finite log-probabilities"
    var found = row.first { !$0.isFinite }
    if found == nil {
      let sum = row.reduce(0) { $0 + exp(Double($1)) }
      if abs(sum - 1) <= 0.01 { return }
      (expected, found) = ("probabilities that add up to 1", Float(sum))
    }
    throw DataError(
      file: "\(file), as it was read", place: place, expected: expected, found: "\(found ?? .nan)",
      remedy: "The recognizer is broken; train it again, with a lower learning rate.")
  }
}
