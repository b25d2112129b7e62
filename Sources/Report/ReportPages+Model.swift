import Evaluation
import Support

extension ReportPages {
  // MARK: - The final model

  var finalModel: Document.Section {
    let model = report.finalModel
    let last = model.epochs.last
    return Document.Section(
      "The final model", id: "final",
      [
        .paragraph(
          """
          Dense, three layers before a bottleneck of 64: the report's text says 32 neurons, but its printed summary, \
          with 863,312 parameters, is that of 64, and so is this one. It was trained on \
          \(grouped(model.plan.data?.images ?? 0)) images for \(model.epochs.count) epochs, each image distorted \
          once; its loss came to \(fixed(last?.loss ?? 0, 4)) nats a pixel and its “accuracy” to \
          \(fixed(last?.accuracy ?? 0, 4)).
          """),
        .table(layers),
      ] + image("figure-3", "Figure 3"))
  }

  private var layers: Document.Table {
    let total = report.layers.map(\.parameters).reduce(0, +)
    return Document.Table(
      caption: "The layers of \(report.finalModel.plan.architecture.name): shapes without the batch, and parameters.",
      columns: [.init("layer", .left), .init("output shape"), .init("parameters")],
      rows: report.layers.map {
        .cells([$0.layer, $0.outputShape.map(String.init).joined(separator: " × "), grouped($0.parameters)])
      } + [.marked(["total", "", grouped(total)])])
  }

  // MARK: - Penalties

  var regularisation: Document.Section {
    let trained = report.penalties.filter { $0.failure == nil }
    guard !trained.isEmpty else {
      return Document.Section(
        "Does regularisation help?", id: "regularisation", [.paragraph("No model was trained with penalties.")])
    }
    return Document.Section(
      "Does regularisation help?", id: "regularisation",
      [
        .paragraph(
          """
          The final model again, with penalties on large values: L1, L2 or both; in a first attempt on kernels, biases \
          and activations, in a second on kernels alone. Each was trained on \
          \(scale.regularisation.description), of which a fifth was put aside, and all are measured alike: by the \
          cross-entropy of what they make of the same distorted test images, without the penalty.
          """),
        .table(penalties),
        .paragraph(penaltyResult),
      ] + image("figure-4", "Figure 4, the best of the first attempt")
        + image("figure-4-strongest", "Figure 4, the heaviest penalty of the first attempt")
        + image("figure-5", "Figure 5, the best of the second attempt")
        + image("figure-5-strongest", "Figure 5, the heaviest penalty of the second attempt"))
  }

  private var penaltyResult: RichText {
    func text(_ trial: PenaltyTrial?) -> String { trial?.binaryCrossEntropy.map(Self.short) ?? "–" }
    let none = report.penalties.best(.none)
    return """
      Without a penalty the cross-entropy is \(strong: text(none)), with the best of the first attempt \
      \(text(report.penalties.best(.all))), with the best of the second \(text(report.penalties.best(.kernels))). \
      \(lowestPenalty) The report found none best; its figures 4 and 5 show much the same image whatever goes in. Ours \
      stand below, those of the heaviest penalties too.
      """
  }

  /// With four decimals at most, which is all that a table has room for.
  static func short(_ estimate: Estimate) -> String {
    guard let error = estimate.standardError, error < 0.0005 else { return estimate.text }
    return "\(fixed(estimate.mean, 4)) ± \(error < 0.00005 ? "<0.0001" : fixed(error, 4))"
  }

  private var penalties: Document.Table {
    var rows: [Document.Table.Row] = []
    for (place, title) in [
      (PenaltyTrial.Place.none, "No penalty"), (.all, "First attempt: kernels, biases and activations"),
      (.kernels, "Second attempt: kernels alone"),
    ] {
      let trials = report.penalties.filter { $0.place == place }
      guard !trials.isEmpty else { continue }
      rows.append(.heading(title))
      let best = report.penalties.best(place)
      rows += trials.map { trial in
        let cells = [
          trial.kind, trial.place == .none ? "" : "\(trial.weight)", "\(trial.epochs)",
          trial.binaryCrossEntropy.map(Self.short) ?? trial.failure ?? "–", trial.psnr?.text ?? "–",
        ]
        return trial == best && place != .none ? .marked(cells) : .cells(cells)
      }
    }
    let count = report.penalties.compactMap { $0.binaryCrossEntropy?.count }.first ?? 0
    return Document.Table(
      caption: "Models with penalties on \(grouped(count)) test images, mean ± standard error; the best of each "
        + "attempt is marked.",
      columns: [
        .init("penalty", .left), .init("weight"), .init("epochs"), .init("cross-entropy, nats a pixel"),
        .init("PSNR, dB"),
      ], rows: rows)
  }
}
