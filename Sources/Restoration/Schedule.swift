import Foundation

/// The learning rate over a run.
package enum Schedule: String, Codable, Sendable, CaseIterable {
  case constant
  /// Falls along half a cosine from the given rate to zero.
  case cosine

  /// The rate of step `step`, counted from 0, of `steps` in the whole run.
  package func rate(_ base: Double, step: Int, of steps: Int) -> Double {
    switch self {
    case .constant: base
    case .cosine: base * 0.5 * (1 + cos(Double.pi * Double(step) / Double(max(steps, 1))))
    }
  }
}
