import Evaluation
import Foundation
import Support

extension Document {
  /// The reproduced report, in the order of the report itself.
  package init(_ report: ReproducedReport) {
    let pages = ReportPages(report: report)
    self.init(
      title: "Correcting Images with Autoencoders, reproduced",
      lead: pages.lead,
      sections: [
        pages.data, pages.grid, pages.finalModel, pages.regularisation, pages.byEye, pages.reading, pages.byDistortion,
        pages.time, pages.configuration,
      ],
      footer: "Made by tiddu \(report.made.tiddu) on \(report.made.date), at the scale \(report.settings.scale.name).")
  }
}

/// The sections of a reproduced report; an extension each.
struct ReportPages {
  let report: ReproducedReport

  var scale: Scale { report.settings.scale }
  var isSynthetic: Bool { report.finalModel.plan.origin?.dataset == "synthetic" }

  func table(_ name: String) -> RecognitionTable? { report.recognition.tables.first { $0.name == name } }
  var pairs: RecognitionTable? { table("train-pairs") }
  var heldOut: RecognitionTable? { report.recognition.heldOut }

  /// A figure by the name of its file; nothing where it was not drawn.
  func image(_ name: String, _ label: String) -> [Document.Block] {
    report.figures.first { $0.name == name }.map {
      [.image(Document.Image(name: name, label: label, caption: $0.caption))]
    } ?? []
  }

  /// "76.2 %", which no line may break.
  static func percent(_ share: Double) -> String { "\(fixed(share * 100, 1))\u{A0}%" }

  /// A table's row, in words.
  static func percent(_ table: RecognitionTable?, _ version: RecognitionTable.Version) -> String {
    table?[version].map { percent($0.accuracy.mean) } ?? "–"
  }
}

// MARK: - The main result

extension ReportPages {
  var lead: [Document.Block] {
    [.paragraph(mainResult), .bars(bars), .paragraph(trainingAgainstHeldOut)] + warnings
  }

  private var mainResult: RichText {
    let part = heldOut.map(setTitle) ?? "the test images"
    return """
      Of the digits in \(part) (\(heldOutWords)), a reader that knows clean digits recognises \
      \(strong: Self.percent(heldOut, .original)) as they are, \
      \(strong: Self.percent(heldOut, .multipleDistorted)) once they are flipped or turned, made noisy and partly \
      covered, and \(strong: Self.percent(heldOut, .reconstructed)) after the autoencoder has corrected them.
      """
  }

  private var trainingAgainstHeldOut: RichText {
    """
    On the very pairs that the autoencoder was trained on it is \
    \(strong: Self.percent(pairs, .reconstructed)); the report, which measured on its training images alone, has \
    \(Self.percent(ReportFigures.table2[.reconstructed]?.accuracy ?? 0)). Such a figure says how well a model \
    remembers; one on images that were held out says how well it corrects. Both stand side by side on this page, and each \
    says which it is.
    """
  }

  private var warnings: [Document.Block] {
    var notes: [Document.Block] = []
    if scale.name != Scale.full.name && scale.name != Scale.desk.name {
      notes.append(
        .note(
          """
          This is the scale \(code: scale.name): most trainings got few images and few epochs, so that everything is \
          done in minutes. It shows that all works, not how well; \("Configuration", to: "configuration") has the sizes.
          """))
    }
    if isSynthetic {
      notes.append(
        .note(
          """
          The images are digits of Tiddu's own synthetic writer, not the report's Kannada-MNIST: figures stand \
          beside the report's for orientation only.
          """))
    }
    if report.show == .synthetic, !isSynthetic {
      notes.append(
        .note(
          """
          All numbers are measured on the data. The images in the figures are the synthetic writer's, so that this \
          page can be passed on without the data's; the models have never seen such ones.
          """))
    }
    return notes
  }

  private var bars: Document.Bars {
    let versions: [(RecognitionTable.Version, String)] = [
      (.original, "clean"), (.multipleDistorted, "distorted"), (.reconstructed, "corrected"),
    ]
    let groups = [
      (heldOut, heldOutWords.prefix(1).uppercased() + heldOutWords.dropFirst()), (pairs, "The pairs trained on"),
    ].compactMap { table, title in
      table.map { table in
        Document.Bars.Group(
          title: "\(title), n = \(grouped(table.images))",
          bars: versions.compactMap { version, label in
            table[version].map {
              Document.Bars.Bar(label: label, share: $0.accuracy.mean, value: Self.percent($0.accuracy.mean))
            }
          })
      }
    }
    return Document.Bars(
      groups: groups, caption: "The share of digits that \(report.recognition.classifier) reads right.")
  }

  /// "the test set", as sentences call a table's set.
  func setTitle(_ table: RecognitionTable) -> String {
    switch table.name {
    case "test": "the test set"
    case "dig": "the second test set"
    default: table.name
    }
  }
}
