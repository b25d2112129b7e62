import Evaluation
import Support

extension ReproducedReport {
  /// The main results in a few lines.
  package var digest: String {
    let versions: [(RecognitionTable.Version, String)] = [
      (.original, "clean"), (.multipleDistorted, "distorted"), (.reconstructed, "corrected"),
    ]
    let tables = [recognition.heldOut, recognition.tables.first { $0.name == "train-pairs" }].compactMap { $0 }
    var lines = ["Accuracy of a classifier trained on clean digits (mean ± standard error):"]
    for table in tables {
      let shares = versions.compactMap { version, label in table[version].map { "\(label) \($0.accuracy.text)" } }
      let title = table.name == "train-pairs" ? "the pairs trained on" : "\(table.name), \(table.useText)"
      lines.append("  \(title), n = \(grouped(table.images)): \(shares.joined(separator: ", "))")
    }
    let dense = correlations.first { $0.models == "dense" }
    if let dense, let rho = dense.validationLoss {
      lines.append("Table 1, \(dense.count) dense models: rank correlation of validation losses \(fixed(rho, 2))")
    }
    return lines.joined(separator: "\n")
  }
}
