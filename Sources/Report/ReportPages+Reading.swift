import Evaluation
import Support

extension ReportPages {
  // MARK: - By eye

  var byEye: Document.Section {
    Document.Section(
      "Seen by eye", id: "by-eye",
      [
        .paragraph(
          """
          Original, distorted, reconstructed: with one distortion in figure 6, with two or three in figure 7. First \
          images of \(heldOut.map(setTitle) ?? "the test set") (\(heldOutWords)), then, where the data's own are shown, images that the model was trained on, as \
          the report shows them: in figure 7 the very pairs, in figure 6 the same digits with a single distortion, \
          which is none that they were trained with.
          """)
      ] + image("figure-6", "Figure 6, \(heldOutWords)") + image("figure-6-train", "Figure 6, trained on")
        + image("figure-7", "Figure 7, \(heldOutWords)") + image("figure-7-train", "Figure 7, trained on")
        + [.table(metrics)])
  }

  private var metrics: Document.Table {
    let rows: [(String, (MetricSummary) -> Estimate?)] = [
      ("squared error", { $0.meanSquaredError }), ("PSNR, dB", { $0.psnr }), ("SSIM", { $0.ssim }),
      ("binary cross-entropy", { $0.binaryCrossEntropy }), ("binary accuracy", { $0.binaryAccuracy }),
    ]
    let sets = report.restored
    return Document.Table(
      caption: "How near images are to the clean ones before and after correction, mean ± standard error: "
        + sets.map { "\(title(of: $0)), n = \(grouped($0.metrics.images))" }.joined(separator: "; ") + ".",
      columns: [.init("", .left)]
        + sets.flatMap { [.init("\(title(of: $0)): distorted"), .init("restored")] },
      rows: rows.map { label, metric in
        .cells([label] + sets.flatMap { [$0.metrics.distorted, $0.metrics.restored].map { metric($0)?.text ?? "–" } })
      })
  }

  private func title(of images: RestoredImages) -> String { images.use.label }

  // MARK: - By a classifier

  var reading: Document.Section {
    let model = report.classifier
    return Document.Section(
      "Read by a network", id: "reading",
      [
        .paragraph(
          """
          A convolutional network, trained on \(grouped(model.plan.data?.images ?? 0)) clean images for \
          \(model.epochs.count) epochs (the weights of epoch \(model.bestEpoch) are kept), reads digits before and \
          after. The report did so on its training images only; here others stand beside them. “The pairs trained \
          on” (train-pairs) are the very distorted images that the autoencoder learnt from; “distorted anew” (train-anew) are the same digits \
          with other flips, noise and patches.
          """),
        .table(table2),
        .paragraph(harm),
      ] + image("figure-8", "Figure 8")
        + report.recognition.tables.filter { $0.name != "train-anew" }
        .flatMap { image("figure-9-\($0.name)", "Figure 9, \(columnTitle($0))") } + hardest)
  }

  /// As a column of table 2 is called.
  private func columnTitle(_ table: RecognitionTable) -> String {
    switch table.name {
    case "train-pairs": "the pairs trained on"
    case "train-anew": "trained on, distorted anew"
    default: "\(table.name): \(table.useText)"
    }
  }

  private var table2: Document.Table {
    let tables = report.recognition.tables
    func block(_ report: (ReportFigures) -> Double, _ figure: KeyPath<RecognitionTable.Row, Estimate>) -> [Document
      .Table.Row]
    {
      RecognitionTable.Version.allCases.map { version in
        let cells =
          [version.label, ReportFigures.table2[version].map { fixed(report($0), 4) } ?? "–"]
          + tables.map { $0[version]?[keyPath: figure].text ?? "–" }
        return version == .reconstructed ? .marked(cells) : .cells(cells)
      }
    }
    return Document.Table(
      label: "Table 2",
      caption: "How well digits are read, mean ± standard error. The report: 60,000 images, trained on. Ours: "
        + tables.map { "\(columnTitle($0)), n = \(grouped($0.images))" }.joined(separator: "; ") + ".",
      columns: [.init("", .left), .init("the report, trained on", isFaint: true)]
        + tables.map { .init(columnTitle($0)) },
      rows: [.heading("Accuracy")] + block(\.accuracy, \.accuracy)
        + [.heading("Loss, nats an image")] + block(\.loss, \.loss))
  }

  private var harm: RichText {
    """
    The last row of each half is one that the report does not have: a clean digit that is “corrected” all the same. \
    Of \(heldOut.map(setTitle) ?? "the test images") (\(heldOutWords)) \
    \(strong: Self.percent(heldOut, .originalReconstructed)) are then classified correctly, against \
    \(Self.percent(heldOut, .original)) without.\(harmToClean)
    """
  }

  /// Which digits are hardest once they are corrected.
  private var hardest: [Document.Block] {
    guard let confusion = heldOut?[.reconstructed]?.confusion else { return [] }
    let worst = (0..<confusion.classes).compactMap { label in
      confusion.recall(of: label).map { (label: label, recall: $0.mean) }
    }.sorted { $0.recall < $1.recall }.prefix(2)
    guard worst.count == 2 else { return [] }
    let found = worst.map { "\($0.label) (\(Self.percent($0.recall)))" }.joined(separator: " and ")
    return [
      .paragraph(
        "Read right least often after correction (\(heldOutWords)): the digits \(found). The report names 3 and 5.")
    ]
  }

  // MARK: - By distortion

  /// In dB; an image that equals the clean one has no such figure.
  private static func psnr(_ figures: DistortionTable.Figures) -> String {
    figures.psnr.mean >= MetricSummary.highestPSNR ? "equal" : figures.psnr.text
  }

  var byDistortion: Document.Section {
    guard let table = report.recognition.byDistortion else {
      return Document.Section("Distortion by distortion", id: "by-distortion", [])
    }
    return Document.Section(
      "Distortion by distortion", id: "by-distortion",
      [
        .paragraph(
          """
          The same \(grouped(table.images)) images of \(table.name), each row with one kind of damage alone or \
          together. All images of the training were flipped or turned. \(loweredRows)
          """),
        .table(
          Document.Table(
            caption: "Accuracy and nearness to the clean image, by distortion, before and after "
              + "correction; \(table.name), \(heldOutWords), mean ± standard error.",
            columns: [.init("distortion", .left), .init("n"), .init("accuracy"), .init("corrected")]
              + [.init("PSNR, dB"), .init("corrected"), .init("SSIM"), .init("corrected")],
            rows: table.rows.map { row in
              .cells([
                row.distortion, grouped(row.distorted.accuracy.count), row.distorted.accuracy.text,
                row.corrected?.accuracy.text ?? "–", Self.psnr(row.distorted), row.corrected.map(Self.psnr) ?? "–",
                row.distorted.ssim?.text ?? "–", row.corrected?.ssim?.text ?? "–",
              ])
            })),
        .code(title: "Flips and rotations, digit by digit", text: "\(table)"),
      ])
  }
}
