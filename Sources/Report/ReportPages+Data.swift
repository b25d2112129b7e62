import Evaluation
import Support

extension ReportPages {
  var data: Document.Section {
    Document.Section(
      "The data, and what is done to it", id: "data",
      [
        .paragraph(
          """
          Each image is one handwritten Kannada digit on 28 × 28 pixels, grey, 0 for paper and 255 for ink. The \
          part train is what networks are trained on, and test what they are measured on; dig, where there is one, \
          decides which epoch of the reading network is kept.
          """),
        .table(counts),
        .paragraph(
          """
          An image suffers two or three things: a flip or a rotation by a quarter, half or three quarters of a turn; \
          Gaussian noise or a spot of uneven light; and, half of the time, a black patch that covers up to a quarter of \
          it. What happens to an image follows from its number and a seed alone, so it can be made again at any time.
          """),
      ] + image("figure-2", "Figure 2"))
  }

  private var counts: Document.Table {
    let classes = report.sets.compactMap { $0.classes?.count }.max() ?? 10
    let rows = report.sets.map { set -> Document.Table.Row in
      let counts = (0..<classes).map { label in
        set.classes.map { label < $0.count ? grouped($0[label]) : "0" } ?? "–"
      }
      return .cells([set.part.rawValue, grouped(set.images)] + counts + [fixed(set.ceiling, 4)])
    }
    return Document.Table(
      caption: "Images of each part and digit. The ceiling is the share of pixels that are exactly 0 or 255: the "
        + "“accuracy” of an autoencoder, in table 1 and figure 3, can never exceed it.",
      columns: [.init("part", .left), .init("images")] + (0..<classes).map { .init("\($0)") } + [.init("ceiling")],
      rows: rows)
  }
}
