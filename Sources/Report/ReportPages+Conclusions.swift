import Evaluation
import Support

/// Sentences that the numbers decide: each is there only where they bear it out, by more than twice the standard error of
/// the difference.
extension ReportPages {
  /// Whether correcting clean images lowers or raises accuracy, on the images that `heldOut` is of.
  var harmToClean: String {
    guard let clean = heldOut?[.original]?.accuracy, let corrected = heldOut?[.originalReconstructed]?.accuracy else {
      return ""
    }
    if Self.isBelow(corrected, clean) { return " Correcting harms what needs nothing." }
    return Self.isBelow(clean, corrected) ? " Correcting does clean images good." : " No difference can be told."
  }

  /// Rows of the table by distortion in which fewer digits are read after correction than before.
  var loweredRows: String {
    let rows = report.recognition.byDistortion?.rows ?? []
    let lowered = rows.filter { row in row.corrected.map { Self.isBelow($0.accuracy, row.distorted.accuracy) } ?? false
    }
    guard !lowered.isEmpty else { return "Correction lowers the share in no row." }
    return "Correction lowers the share in \(lowered.count) of \(rows.count) rows: "
      + lowered.map(\.distortion).joined(separator: ", ") + "."
  }

  /// Where the lowest cross-entropy of all penalties stands. The images that picked it are those that it is told of,
  /// with one seed each, so that nothing is said of whether it would be the lowest again.
  var lowestPenalty: String {
    let trained = report.penalties.filter { $0.binaryCrossEntropy != nil }
    guard
      let lowest = trained.min(by: {
        ($0.binaryCrossEntropy?.mean ?? .infinity) < ($1.binaryCrossEntropy?.mean ?? .infinity)
      })
    else { return "" }
    let place = lowest.place == .none ? "that without a penalty" : "that of \(lowest.label)"
    return
      "The lowest of the \(trained.count) figures is \(place); it was picked among them on these very images, each "
      + "trained from one seed, so that the order of near figures says nothing."
  }

  /// "held out", as the table's own record has it.
  var heldOutWords: String { heldOut?.useText ?? "held out" }

  static func isBelow(_ one: Estimate, _ other: Estimate) -> Bool {
    other.mean - one.mean > one.margin(to: other)
  }
}
