import Distortions
import Evaluation
import Foundation
import Restoration
import Support

extension ReportPages {
  var time: Document.Section {
    let total = report.parts.map(\.seconds).reduce(0, +)
    return Document.Section(
      "How long it took", id: "time",
      [
        .table(
          Document.Table(
            caption: "Time of each part, of all attempts together where one was broken off, on "
              + "\(report.made.processor ?? "this processor"), \(report.finalModel.plan.threads) of "
              + "\(report.made.cores) cores.",
            columns: [.init("part", .left), .init("time")],
            rows: report.parts.map { .cells([$0.part.title, Self.time($0.seconds)]) }
              + [.marked(["together", Self.time(total)])]))
      ] + (fullGrid.map { [.paragraph($0)] } ?? []))
  }

  /// What table 1 takes with the report's own sizes, reckoned from the time that an image took here.
  private var fullGrid: RichText? {
    let workers = max(1, report.finalModel.plan.threads)
    func hours(_ model: String) -> (count: Int, seconds: Double)? {
      let trained = report.grid.filter { $0.point.model == model && $0.epochs > 0 && $0.trainingImages > 0 }
      guard !trained.isEmpty else { return nil }
      let full = trained.map { $0.seconds / (Double($0.trainingImages) * Double($0.epochs)) * 48_000 * 20 }
      return (trained.count, full.reduce(0, +) / Double(workers))
    }
    guard let dense = hours("dense"), let conv = hours("conv") else { return nil }
    return """
      By the time that an image took, validation included, the \(dense.count) dense models of table 1 take \
      \(Self.time(dense.seconds)) with the report's 48,000 images and 20 epochs, and the \(conv.count) convolutional \
      ones \(Self.time(conv.seconds)): \(strong: Self.time(dense.seconds + conv.seconds)) for all on \
      \(workers) cores, a training on each.
      """
  }

  /// "2 min 05 s"
  static func time(_ seconds: Double) -> String {
    guard seconds >= 60 else { return "\(fixed(max(seconds, 0), 1)) s" }
    let whole = Int(min(seconds, 1e9).rounded())
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return hours > 0 ? "\(hours) h \(two(minutes)) min" : "\(minutes) min \(two(rest)) s"
  }

  var configuration: Document.Section {
    Document.Section(
      "Configuration", id: "configuration",
      [
        .paragraph(
          """
          Every number here follows from these settings, the images' checksums and the versions below; \
          \(code: "report.json") has all of them in full. Trainings take the seed \(report.settings.seed), measuring \
          takes \(report.settings.measuringSeed), so that no image is measured with the draws it was trained with, \
          but for the pairs that are called so.
          """),
        .table(sizes), .table(versions), .table(checksums),
      ]
        + [("The final model's plan", report.finalModel), ("The reading network's plan", report.classifier)].map {
          .code(title: "\($0), as YAML", text: (try? YAMLText.of($1.plan)) ?? "\($1.plan)")
        })
  }

  private var sizes: Document.Table {
    let rows: [(String, Scale.Portion)] = [
      ("the final model", scale.final), ("the reading network", scale.classifier), ("table 1, dense", scale.dense),
      ("table 1, convolutional", scale.convolutional), ("models with penalties", scale.regularisation),
    ]
    return Document.Table(
      caption: "The scale \(scale.name): what each training gets. In table 1 and with penalties, a fifth of it is for "
        + "validation.",
      columns: [.init("training", .left), .init("images", .left)],
      rows: rows.map { .cells([$0, $1.description]) }
        + [
          .cells([
            "images classified, of each part", scale.measured.map { "the first \(grouped($0))" } ?? "all images",
          ]),
          .cells(["models with penalties, measured on", "the first \(grouped(scale.penaltiesMeasured)) held out"]),
        ])
  }

  private var versions: Document.Table {
    let made = report.made
    return Document.Table(
      caption: "Versions and machine.", columns: [.init("", .left), .init("", .left)],
      rows: [
        ["tiddu", made.tiddu], ["Swift", made.swift], ["instructions", made.instructions],
        ["processor", made.processor ?? "unknown"],
        ["cores, threads", "\(made.cores), \(report.finalModel.plan.threads)"],
        ["system", made.system], ["date", made.date],
      ].map { .cells($0) })
  }

  private var checksums: Document.Table {
    Document.Table(
      caption: "The images, told by a checksum over their pixels (FNV-1a).",
      columns: [.init("part", .left), .init("images"), .init("checksum", .left)],
      rows: report.sets.map { .cells([$0.part.rawValue, grouped($0.images), $0.checksum]) })
  }
}
