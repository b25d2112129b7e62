import Distortions

/// One corruption of a benchmark, in several severities.
package struct Corruption: Sendable, Equatable {
  package enum Group: String, Codable, Sendable, CaseIterable {
    /// The report's: what its models were trained to correct.
    case report
    /// Others, that no model was trained on.
    case heldOut = "held_out"
  }

  package let name: String
  package let group: Group
  /// What its images are distorted with, epoch 0, at every severity: the same image leans to the same side.
  package let seed: UInt64
  /// Of the severities from 1 on.
  private let steps: [[Recipe.Step]]

  /// - Precondition: there is at least one severity.
  package init(_ name: String, _ group: Group, seed: UInt64, steps: [[Recipe.Step]]) {
    precondition(!steps.isEmpty, "a corruption has at least one severity")
    self.name = name
    self.group = group
    self.seed = seed
    self.steps = steps
  }

  /// 1, 2, …
  package var severities: ClosedRange<Int> { 1...steps.count }

  /// What makes its images; severity 0 leaves them as they are.
  ///
  /// - Precondition: the severity is 0 or one of `severities`.
  package func recipe(severity: Int) -> Recipe {
    Recipe(name: setName(severity: severity), steps: severity == 0 ? [] : steps[severity - 1])
  }

  /// "gaussian-noise-3", as exported files are called, too.
  package func setName(severity: Int) -> String { "\(name)-\(severity)" }
}
