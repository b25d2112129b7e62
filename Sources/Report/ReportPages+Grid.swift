import Support

extension ReportPages {
  var grid: Document.Section {
    Document.Section(
      "Which autoencoder? 36 models", id: "grid",
      [
        .paragraph(
          """
          Dense and convolutional models of 2, 3 or 4 layers a side with 32, 64 or 128 neurons (filters, where they are \
          convolutional), each trained for two losses: binary cross-entropy and squared error. A fifth of the images \
          is put aside for validation. Figures are those of a training's last epoch, ours to the left of the report's.
          """),
        .table(table1),
        .note(slips),
      ] + bestRows + [
        .paragraph(
          """
          Do both rank the models alike? Spearman's ρ compares the orders, not the numbers: 1 is the same order, 0 is \
          no relation. Where both losses are thrown together, squared errors are smaller numbers than cross-entropies, \
          which alone makes the orders alike; each loss alone says more.
          """),
        .table(correlations),
      ])
  }

  private var slips: RichText {
    """
    Marked rows are doubtful in the report. Its convolutional models with squared error have the very same figures for \
    3 and for 4 layers, three times over, so at least one of each two must be a copy; and the dense model of 3 layers \
    and 32 neurons, the one it chose, has a validation loss below its training loss and a validation accuracy above, as \
    no other dense model there has.
    """
  }

  private var table1: Document.Table {
    let columns = [
      "layers", "neurons", "loss", "loss", "report", "val-loss", "report", "accuracy", "report", "val-accuracy",
      "report", "epochs",
    ]
    var rows: [Document.Table.Row] = []
    for model in ["dense", "conv"] {
      let trials = report.grid.filter { $0.point.model == model }
      guard let first = trials.first else { continue }
      rows.append(
        .heading(
          "\(model == "dense" ? "Dense" : "Convolutional"): trained on \(grouped(first.trainingImages)) images, "
            + "\(grouped(first.validationImages)) for validation, at most "
            + "\((model == "dense" ? scale.dense : scale.convolutional).epochs) epochs "
            + "(the report: 48,000 and 12,000, 20 epochs)"))
      rows += trials.map(row)
    }
    return Document.Table(
      label: "Table 1",
      caption: "Loss and “accuracy” of each model at its last epoch, on its training images and on those put aside. "
        + "Losses are nats a pixel (bce) or squared errors (mse).",
      columns: columns.enumerated().map { .init($1, $0 == 2 ? .left : .right, isFaint: $1 == "report") }, rows: rows)
  }

  private func row(_ trial: GridTrial) -> Document.Table.Row {
    let theirs = Table1.row(of: trial.point)
    func pair(_ figure: KeyPath<Table1.Figures, Double>) -> [String] {
      [trial.figures, theirs?.figures].map { $0.map { fixed($0[keyPath: figure], 5) } ?? "failed" }
    }
    let cells =
      ["\(trial.point.layers)", "\(trial.point.neurons)", trial.point.loss]
      + pair(\.loss) + pair(\.validationLoss) + pair(\.accuracy) + pair(\.validationAccuracy) + ["\(trial.epochs)"]
    return theirs?.slip == nil ? .cells(cells) : .marked(cells)
  }

  /// Which models come out best, here and there.
  private var bestRows: [Document.Block] {
    func name(_ point: Table1.Point) -> String {
      "\(point.layers) layers and \(point.neurons) \(point.model == "dense" ? "neurons" : "filters")"
    }
    let items = ["dense", "conv"].flatMap { model in
      ["bce", "mse"].compactMap { loss -> RichText? in
        let ours = report.grid.filter { $0.point.model == model && $0.point.loss == loss && $0.figures != nil }
          .min { ($0.figures?.validationLoss ?? 0) < ($1.figures?.validationLoss ?? 0) }
        let theirs = Table1.rows.filter { $0.point.model == model && $0.point.loss == loss && $0.slip == nil }
          .min { $0.figures.validationLoss < $1.figures.validationLoss }
        guard let ours, let theirs else { return nil }
        return
          "\(model), \(loss): \(name(ours.point)) here, \(name(theirs.point)) in the report (without marked rows)."
      }
    }
    return items.isEmpty ? [] : [.paragraph("The lowest validation losses:"), .list(items)]
  }

  private var correlations: Document.Table {
    func text(_ rho: Double?) -> String { rho.map { fixed($0, 2).replacing("-", with: "−") } ?? "–" }
    return Document.Table(
      caption: "Spearman's rank correlation between our figures and the report's, over n models.",
      columns: [.init("models", .left), .init("n")]
        + ["loss", "val-loss", "accuracy", "val-accuracy"].map { .init($0) },
      rows: report.correlations.map {
        .cells([
          $0.models, "\($0.count)", text($0.loss), text($0.validationLoss), text($0.accuracy),
          text($0.validationAccuracy),
        ])
      })
  }
}
