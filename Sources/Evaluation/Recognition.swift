import Foundation
import Groundwork
import ImageSets

/// How a recognizer read labelled pictures, one by one.
public struct Recognition: Sendable, Equatable {
  /// How many classes the recognizer tells apart.
  public let classes: Int
  /// The true classes, each within 0 ..< classes.
  public private(set) var labels: [Int] = []
  /// The likeliest classes; the lowest of equals.
  public private(set) var predictions: [Int] = []
  /// Categorical cross-entropy of each picture: −log p of the true class, in nats, without a bound.
  public private(set) var losses: [Double] = []

  /// Has a recognizer read all pictures of a set.
  ///
  /// Throws what the recognizer throws, and `DataError` for no pictures, a label that is missing or no class, or
  /// figures that are no log-probabilities.
  public init(of pictures: ImageSet, by recognizer: any Recognizer) throws {
    _ = try Self.labels(of: pictures, classes: recognizer.classes)
    try self.init(recognizer.logProbabilities(of: pictures), of: pictures, classes: recognizer.classes)
  }

  /// From log-probabilities (N, classes) that a recognizer has given for the pictures of a set.
  ///
  /// Throws `DataError` for no pictures, a label that is missing or no class, or figures that are no
  /// log-probabilities. `firstIndex` is what errors call the first picture.
  ///
  /// - Precondition: `classes` figures a picture.
  public init(
    _ logProbabilities: [Float], of pictures: ImageSet, classes: Int, firstIndex: Int = 0
  ) throws(DataError) {
    let labels = try Self.labels(of: pictures, classes: classes, firstIndex: firstIndex)
    precondition(
      logProbabilities.count == pictures.count * classes,
      "\(logProbabilities.count) figures are not \(classes) for each of \(pictures.count) pictures")
    self.init(classes: classes)
    for (picture, label) in labels.enumerated() {
      let row = logProbabilities[picture * classes..<(picture + 1) * classes]
      try Self.check(row, file: pictures.name, place: "picture \(firstIndex + picture)")
      predictions.append((row.indices.max { row[$0] < row[$1] || (row[$0] == row[$1] && $0 > $1) } ?? 0) % classes)
      losses.append(-Double(row[row.startIndex + label]))
    }
    self.labels = labels
  }

  /// Of no pictures yet.
  init(classes: Int) { self.classes = classes }

  /// Adds the pictures that follow.
  mutating func append(_ other: Recognition) {
    precondition(other.classes == classes, "\(other.classes) classes are added to \(classes)")
    labels += other.labels
    predictions += other.predictions
    losses += other.losses
  }
}

// MARK: - Figures

extension Recognition {
  public var count: Int { labels.count }
  /// Whether each picture was read right.
  public var correct: [Bool] { zip(labels, predictions).map { $0 == $1 } }
  /// The mean of `losses`, in nats.
  public var loss: Estimate { Estimate(losses) }
  /// The share of pictures read right.
  public var accuracy: Estimate { Estimate(hits: correct.count { $0 }, of: count) }
  public var confusion: ConfusionMatrix {
    ConfusionMatrix(labels: labels, predictions: predictions, classes: classes)
  }
}

// MARK: - Checks

extension Recognition {
  /// The set's labels, each within 0 ..< classes; throws `DataError` otherwise, and for no pictures.
  static func labels(of pictures: ImageSet, classes: Int, firstIndex: Int = 0) throws(DataError) -> [Int] {
    guard pictures.count > 0 else {
      throw DataError(
        file: pictures.source, expected: "at least one picture to read", found: "none", remedy: "Choose another set.")
    }
    return try pictures.labels(within: classes, firstIndex: firstIndex)
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
