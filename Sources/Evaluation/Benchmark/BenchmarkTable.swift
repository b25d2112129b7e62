import ImageSets

/// Accuracy on corrupted images, as they are and corrected by several methods, by corruption and severity.
package struct BenchmarkTable: Codable, Sendable, Equatable {
  /// Who corrected the images, or read them in another way.
  package struct Column: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable {
      /// The images as they are, read by the classifier.
      case asIs = "as_is"
      /// Corrected, and then read by the classifier.
      case corrected
      /// Read as they are by another classifier.
      case direct
    }

    package var name: String
    package var kind: Kind
    /// What the name stands for, such as a model's architecture.
    package var detail: String?
  }

  package struct Figures: Codable, Sendable, Equatable {
    /// Accuracy: the share of images whose class was predicted correctly.
    package var accuracy: Estimate
    /// By how much it is above that of the images as they are, image by image; nil for those themselves.
    package var gain: Estimate?
    /// Against the clean images, of bytes with the peak 1, in dB, each image at most `MetricSummary.highestPSNR`;
    /// nil for those who only read.
    package var psnr: Estimate?
    /// Nil also for images smaller than its window.
    package var ssim: Estimate?
  }

  /// Images of one corruption.
  package struct Row: Codable, Sendable, Equatable {
    /// "gaussian-noise"; "clean" for the clean ones.
    package var corruption: String
    /// Nil for the clean ones.
    package var group: Corruption.Group?
    /// 0 for the clean ones; nil for the mean over severities, where each image counts once, with its own mean.
    package var severity: Int?
    /// In the order of `columns`.
    package var figures: [Figures]
  }

  /// "Kannada-MNIST-C, version 1"
  package var benchmark: String
  /// What the clean set is called, and where it came from.
  package var set: String
  package var source: String
  package var images: Int
  /// The model that reads.
  package var classifier: String
  /// The column that corruption errors are told in shares of.
  package var baseline: String
  /// The first one is `.asIs`.
  package var columns: [Column]
  /// The clean images, then each corruption's severities in turn.
  package var rows: [Row]
  /// Of each corruption over its severities.
  package var means: [Row]
  /// Of each column, in their order.
  package var errors: [CorruptionErrors]
}

/// A column's errors in shares of the baseline's (Hendrycks and Dietterich, "Benchmarking neural network robustness to
/// common corruptions and perturbations", ICLR 2019).
package struct CorruptionErrors: Codable, Sendable, Equatable {
  package var column: String
  /// By corruption: see `error(accuracies:baseline:)`. One that the baseline reads without any error is missing.
  package var byCorruption: [String: Double]
  /// The mean over the report's corruptions; nil without any.
  package var report: Double?
  /// The mean over the held-out corruptions; nil without any.
  package var heldOut: Double?

  enum CodingKeys: String, CodingKey {
    case column, report
    case byCorruption = "by_corruption"
    case heldOut = "held_out"
  }

  /// CE = Σ (1 − accuracy) / Σ (1 − baseline's accuracy), over severities; 1 is as good as the baseline, 0 perfect.
  /// Nil where the baseline makes no errors.
  ///
  /// - Precondition: as many accuracies of both.
  package static func error(accuracies: [Double], baseline: [Double]) -> Double? {
    precondition(accuracies.count == baseline.count, "as many severities of both are wanted")
    let wrong = baseline.reduce(0) { $0 + (1 - $1) }
    return wrong > 0 ? accuracies.reduce(0) { $0 + (1 - $1) } / wrong : nil
  }

  /// - Parameter numbers: the columns', and the baseline's.
  init(of column: String, number: Int, baseline: Int, in rows: [BenchmarkTable.Row]) {
    var (errors, groups) = ([String: Double](), [Corruption.Group: [Double]]())
    let corruptions = Dictionary(grouping: rows.filter { $0.group != nil }, by: \.corruption)
    for (corruption, rows) in corruptions.sorted(by: { $0.key < $1.key }) {
      let error = Self.error(
        accuracies: rows.map { $0.figures[number].accuracy.mean },
        baseline: rows.map { $0.figures[baseline].accuracy.mean })
      guard let error, let group = rows[0].group else { continue }
      errors[corruption] = error
      groups[group, default: []].append(error)
    }
    func mean(_ group: Corruption.Group) -> Double? {
      groups[group].map { $0.reduce(0, +) / Double($0.count) }
    }
    self.column = column
    byCorruption = errors
    report = mean(.report)
    heldOut = mean(.heldOut)
  }
}

// MARK: - Harm

extension BenchmarkTable.Figures {
  /// Whether accuracy is lower than without correction, by more than twice the standard error of the difference.
  package var isWorse: Bool { gain.map { $0.mean + 2 * ($0.standardError ?? .infinity) < 0 } ?? false }
}

extension BenchmarkTable {
  /// Where a column's correcting does more harm than good: each corruption with its severities (those of the clean
  /// images are [0]), in the rows' order. None for a column that corrects nothing.
  package func harm(by column: Int) -> [(corruption: String, severities: [Int])] {
    var harm: [(corruption: String, severities: [Int])] = []
    for row in rows where columns[column].kind == .corrected && row.figures[column].isWorse {
      if harm.last?.corruption != row.corruption { harm.append((row.corruption, [])) }
      harm[harm.count - 1].severities.append(row.severity ?? 0)
    }
    return harm
  }
}
