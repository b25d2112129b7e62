import Distortions
import Foundation
import Restoration
import Support

/// Whether a model that says how sure it is of images' orientations is right as often as it says.
package struct ReliabilityTable: Codable, Sendable, Equatable {
  /// Images of which the model was about as sure.
  package struct Row: Codable, Sendable, Equatable {
    /// Probabilities from this one on, and below the next row's.
    package var from: Double
    /// Mean of what the model said; nil where there are no images.
    package var said: Estimate?
    /// Share of the orientations that were found right; nil where there are no images.
    package var right: Estimate?
    /// Of all images, those of which the model was at least this sure: what `--only-if-sure` restores.
    package var shareFromHere: Double
    /// Share of those whose orientation was found right; nil where there are none.
    package var rightFromHere: Estimate?

    enum CodingKeys: String, CodingKey {
      case from, said, right
      case shareFromHere = "share_from_here"
      case rightFromHere = "right_from_here"
    }
  }

  package var rows: [Row]
  /// Share of all orientations that were found right.
  package var right: Estimate
  /// Mean over images of the distance between what was said and what held in their row (Naeini, Cooper and
  /// Hauskrecht 2015).
  package var expectedCalibrationError: Double

  enum CodingKeys: String, CodingKey {
    case rows, right
    case expectedCalibrationError = "expected_calibration_error"
  }

  /// Narrower where models are mostly: near 1.
  static let bounds = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999]

  /// - Parameter truth: how each image did lie.
  /// - Precondition: there is at least one finding, and as many truths.
  package init(_ findings: [OrientationPrediction], truth: [Orientation]) {
    precondition(!findings.isEmpty && findings.count == truth.count, "a truth for each finding is wanted")
    let all = zip(findings, truth).map { (said: Double($0.probability), isRight: $0.orientation == $1) }
    func right(_ group: [(said: Double, isRight: Bool)]) -> Estimate? {
      group.isEmpty ? nil : Estimate(hits: group.count(where: \.isRight), of: group.count)
    }
    var error = 0.0
    rows = Self.bounds.enumerated().map { number, from in
      let next = number + 1 < Self.bounds.count ? Self.bounds[number + 1] : .infinity
      let group = all.filter { $0.said >= from && $0.said < next }
      let surer = all.filter { $0.said >= from }
      let said = group.isEmpty ? nil : Estimate(group.map(\.said))
      if let said, let right = right(group) {
        error += abs(said.mean - right.mean) * Double(group.count) / Double(all.count)
      }
      return Row(
        from: from, said: said, right: right(group), shareFromHere: Double(surer.count) / Double(all.count),
        rightFromHere: right(surer))
    }
    self.right = Estimate(hits: all.count(where: \.isRight), of: all.count)
    expectedCalibrationError = error
  }
}

extension ReliabilityTable: CustomStringConvertible {
  package var description: String {
    let header = [
      "sure by", "images", "said on average", "found right", "this sure or surer", "of these found right",
    ]
    let cells = rows.map { row in
      [
        row.from == 0 ? "less" : "\(row.from) or more", grouped(row.right?.count ?? 0),
        row.said.map { fixed($0.mean, 3) } ?? "–", row.right?.text ?? "–", "\(fixed(100 * row.shareFromHere, 1)) %",
        row.rightFromHere?.text ?? "–",
      ]
    }
    return
      (["orientations found right: \(right); expected calibration error \(fixed(expectedCalibrationError, 4))"]
      + alignedColumns([header] + cells)).joined(separator: "\n")
  }
}
