import Foundation
import Support

/// The mean of a figure over many images, and how far it may be off.
package struct Estimate: Codable, Sendable, Equatable, CustomStringConvertible {
  package var mean: Double
  /// Sample standard deviation / √count; nil for a single value, which says nothing about its spread.
  package var standardError: Double?
  /// n, the number of values.
  package var count: Int

  enum CodingKeys: String, CodingKey {
    case mean, count
    case standardError = "standard_error"
  }

  /// - Precondition: there is at least one value, and all are finite.
  package init(_ values: [Double]) {
    precondition(!values.isEmpty, "nothing has no mean")
    precondition(values.allSatisfy(\.isFinite), "a mean wants finite values")
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    count = values.count
    standardError = count > 1 ? (squares / Double(count - 1) / Double(count)).squareRoot() : nil
  }

  /// A share of `count` things, that is the mean of `hits` ones and otherwise noughts.
  ///
  /// - Precondition: there is at least one thing, and no more hits than things.
  package init(hits: Int, of count: Int) {
    precondition(count > 0 && (0...count).contains(hits), "\(hits) of \(count) is no share")
    mean = Double(hits) / Double(count)
    self.count = count
    standardError = count > 1 ? (mean * (1 - mean) / Double(count - 1)).squareRoot() : nil
  }

  /// How far two means may lie apart by chance: twice the standard error of their difference. A mean without an error
  /// counts as exact.
  package func margin(to other: Estimate) -> Double {
    let errors = [self, other].map { ($0.standardError ?? 0) * ($0.standardError ?? 0) }
    return 2 * errors.reduce(0, +).squareRoot()
  }

  /// "15.70 ± 0.02 (n = 10,000)"
  package var description: String { "\(text) (n = \(grouped(count)))" }

  /// "15.70 ± 0.02": as many digits as the standard error leaves meaning to.
  package var text: String {
    guard let standardError, standardError > 0 else { return String(format: "%.4f", mean) }
    // One digit of the error, or two when the first is a 1.
    let decimals = Int(min(8, max(0, -log10(standardError / 2).rounded(.down))))
    return String(format: "%.\(decimals)f ± %.\(decimals)f", mean, standardError)
  }
}
