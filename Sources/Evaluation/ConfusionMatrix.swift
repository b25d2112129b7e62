import Support

/// How often images of each class were taken for which.
package struct ConfusionMatrix: Codable, Sendable, Equatable {
  /// Images, [true class][predicted class].
  package private(set) var counts: [[Int]]
  /// Names of the classes, where they are called otherwise than by their numbers.
  package var names: [String]?

  enum CodingKeys: String, CodingKey {
    case counts, names
  }

  /// What a class is called.
  package func name(of label: Int) -> String {
    names.flatMap { $0.indices.contains(label) ? $0[label] : nil } ?? "\(label)"
  }

  /// Without images.
  package init(classes: Int) {
    precondition(classes > 0, "at least one class is wanted")
    counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
  }

  /// - Precondition: one prediction a label, all within 0 ..< classes.
  package init(labels: some Collection<Int>, predictions: some Collection<Int>, classes: Int) {
    precondition(labels.count == predictions.count, "one prediction a label is wanted")
    self.init(classes: classes)
    for (label, prediction) in zip(labels, predictions) { counts[label][prediction] += 1 }
  }

  /// More images than this are taken for a faulty file: sums stay far from the largest `Int`.
  private static let mostImages = 1 << 40

  /// Throws `DecodingError` unless the counts are a square of numbers from 0 on.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    counts = try container.decode([[Int]].self, forKey: .counts)
    names = try container.decodeIfPresent([String].self, forKey: .names)
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
  package mutating func merge(_ other: ConfusionMatrix) {
    precondition(other.classes == classes, "\(other.classes) classes are merged into \(classes)")
    for label in 0..<classes {
      for prediction in 0..<classes { counts[label][prediction] += other.counts[label][prediction] }
    }
  }
}

// MARK: - Figures

extension ConfusionMatrix {
  package var classes: Int { counts.count }

  /// Of all classes.
  package var images: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// Accuracy over all images; nil without images.
  package var accuracy: Estimate? {
    images > 0 ? Estimate(hits: (0..<classes).reduce(0) { $0 + counts[$1][$1] }, of: images) : nil
  }

  /// Recall of a class; nil where it has none.
  package func recall(of label: Int) -> Estimate? {
    let all = counts[label].reduce(0, +)
    return all > 0 ? Estimate(hits: counts[label][label], of: all) : nil
  }

  /// The share of the images taken for a class that are of it; nil where none was.
  package func precision(of prediction: Int) -> Estimate? {
    let all = counts.reduce(0) { $0 + $1[prediction] }
    return all > 0 ? Estimate(hits: counts[prediction][prediction], of: all) : nil
  }

  /// The wrong class that images of this one were most often taken for, the lowest of equals; nil where none was wrong.
  package func mistake(for label: Int) -> Int? {
    let wrong = (0..<classes).filter { $0 != label && counts[label][$0] > 0 }
    return wrong.max { (counts[label][$0], $1) < (counts[label][$1], $0) }
  }
}

extension ConfusionMatrix: CustomStringConvertible {
  /// As many classes as a table shows whole.
  private static let mostColumns = 30

  /// The table as text: a row for each true class with its recall, and below it the precisions. With many classes, the
  /// most frequent confusions instead.
  package var description: String {
    guard classes <= Self.mostColumns else { return mostFrequent }
    let numbers = 0..<classes
    var rows = [["true \\ read as"] + numbers.map(name) + ["recall"]]
    rows += numbers.map { label in
      [name(of: label)] + counts[label].map(grouped) + [Self.text(recall(of: label))]
    }
    rows.append(["precision"] + numbers.map { Self.text(precision(of: $0)) })
    return alignedColumns(rows).joined(separator: "\n")
  }

  private var mostFrequent: String {
    let wrong = (0..<classes).flatMap { label in
      (0..<classes).compactMap { other in
        label == other || counts[label][other] == 0 ? nil : (label: label, other: other, count: counts[label][other])
      }
    }.sorted { ($1.count, $0.label, $0.other) < ($0.count, $1.label, $1.other) }
    let rows =
      [["true", "read as", "images", "recall"]]
      + wrong.prefix(20).map {
        [name(of: $0.label), name(of: $0.other), grouped($0.count), Self.text(recall(of: $0.label))]
      }
    return "the \(min(20, wrong.count)) most frequent of \(wrong.count) confusions among \(classes) classes\n"
      + alignedColumns(rows).joined(separator: "\n")
  }

  private static func text(_ share: Estimate?) -> String { share.map { fixed($0.mean, 3) } ?? "–" }
}
