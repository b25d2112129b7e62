import Support

extension SearchSpace {
  /// The report's searches, as the files that they could be.
  static let builtInFiles = [
    "report-grid": """
    # The report's table 1: 36 networks.
    name: report-grid
    architectures:
      - dense: {layers: [2, 3, 4], neurons: [32, 64, 128]}
      - conv: {layers: [2, 3, 4], neurons: [32, 64, 128]}
    losses: [bce, mse]
    epochs: 20
    patience: 10
    validation: 0.2
    metric: val_loss
    """,
    "report-regularisation": """
    # The report's two attempts to keep its final model from learning by heart: penalties on everything, and on kernels.
    name: report-regularisation
    architectures: [report-final]
    regularizers:
      - none
      - penalties: [l1, l2, both]
        weights: [1e-6, 1e-5, 1e-4, 1e-3, 1e-2]
        on: [all, kernels]
    epochs: 20
    patience: 10
    validation: 0.2
    # Not val_loss, which has the penalties in it.
    metric: val_fit
    """,
  ]

  /// Names that `named(_:)` knows.
  package static let builtInNames = builtInFiles.keys.sorted()

  /// The YAML of the built-in space of this name; nil where there is none.
  package static func builtInYAML(named name: String) -> String? { builtInFiles[name] }

  /// The built-in space of this name, or the one in the file at this path.
  package static func named(_ name: String) throws -> SearchSpace {
    if let text = builtInFiles[name] { return try SearchSpace(yaml: text, file: name) }
    if Folder.kind(of: name) == .file { return try SearchSpace(contentsOf: name) }
    throw UsageError(
      "there is no search space \"\(name)\", neither built in nor as a file",
      remedy: "Did you mean \"\(nearest(to: name, among: builtInNames) ?? "")\"? "
        + "Built in: \(builtInNames.joined(separator: ", ")).")
  }
}
