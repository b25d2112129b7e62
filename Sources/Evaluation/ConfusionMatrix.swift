import Support

/// How often images of each class were taken for which.
public struct ConfusionMatrix: Codable, Sendable, Equatable {
  /// Images, [true class][predicted class].
  public private(set) var counts: [[Int]]

  enum CodingKeys: String, CodingKey {
    case counts
  }

  /// Without images.
  public init(classes: Int) {
    precondition(classes > 0, "at least one class is wanted")
    counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
  }

  /// - Precondition: one prediction a label, all within 0 ..< classes.
  public init(labels: some Collection<Int>, predictions: some Collection<Int>, classes: Int) {
    precondition(labels.count == predictions.count, "one prediction a label is wanted")
    self.init(classes: classes)
    for (label, prediction) in zip(labels, predictions) { counts[label][prediction] += 1 }
  }

  /// More images than this are taken for a faulty file: sums stay far from the largest `Int`.
  private static let mostImages = 1 << 40

  /// Throws `DecodingError` unless the counts are a square of numbers from 0 on.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    counts = try container.decode([[Int]].self, forKey: .counts)
    let largest = Self.mostImages / max(1, counts.count * counts.count)
    guard
      !counts.isEmpty, counts.allSatisfy({ $0.count == counts.count && $0.allSatisfy((0...largest).contains) })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .counts, in: container,
        debugDescription: "as many columns as rows, and counts from 0 to \(largest) are expected")
    }
  }

  /// Adds the images of another matrix.
  ///
  /// - Precondition: both have the same number of classes.
  public mutating func merge(_ other: ConfusionMatrix) {
    precondition(other.classes == classes, "\(other.classes) classes are merged into \(classes)")
    for label in 0..<classes {
      for prediction in 0..<classes { counts[label][prediction] += other.counts[label][prediction] }
    }
  }
}

// MARK: - Figures

extension ConfusionMatrix {
  public var classes: Int { counts.count }

  /// Of all classes.
  public var images: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// Accuracy over all images; nil without images.
  public var accuracy: Estimate? {
    images > 0 ? Estimate(hits: (0..<classes).reduce(0) { $0 + counts[$1][$1] }, of: images) : nil
  }

  /// Recall of a class; nil where it has none.
  public func recall(of label: Int) -> Estimate? {
    let all = counts[label].reduce(0, +)
    return all > 0 ? Estimate(hits: counts[label][label], of: all) : nil
  }

  /// The share of the images taken for a class that are of it; nil where none was.
  public func precision(of prediction: Int) -> Estimate? {
    let all = counts.reduce(0) { $0 + $1[prediction] }
    return all > 0 ? Estimate(hits: counts[prediction][prediction], of: all) : nil
  }

  /// The wrong class that images of this one were most often taken for, the lowest of equals; nil where none was wrong.
  public func mistake(for label: Int) -> Int? {
    let wrong = (0..<classes).filter { $0 != label && counts[label][$0] > 0 }
    return wrong.max { (counts[label][$0], $1) < (counts[label][$1], $0) }
  }
}

extension ConfusionMatrix: CustomStringConvertible {
  /// The table as text: a row for each true class with its recall, and below it the precisions.
  public var description: String {
    let numbers = 0..<classes
    var rows = [["true \\ read as"] + numbers.map(String.init) + ["recall"]]
    rows += numbers.map { label in
      ["\(label)"] + counts[label].map(grouped) + [Self.text(recall(of: label))]
    }
    rows.append(["precision"] + numbers.map { Self.text(precision(of: $0)) })
    return alignedColumns(rows).joined(separator: "\n")
  }

  private static func text(_ share: Estimate?) -> String { share.map { fixed($0.mean, 3) } ?? "–" }
}
