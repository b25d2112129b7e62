import Distortions
import Support

extension RecognitionTable: CustomStringConvertible {
  /// The table of this set alone, as text.
  package var description: String { Self.text(of: [self]) }

  /// The tables of several sets beside each other, and the report's own figures in the first column.
  package static func text(of tables: [RecognitionTable]) -> String {
    var rows = [["how well digits are read, mean ± standard error"]]
    rows.append(["", "report, train"] + tables.map(\.name))
    rows.append(["", Use.trainedOn.label] + tables.map(\.useText))
    rows.append(["n", grouped(60_000)] + tables.map { grouped($0.images) })
    rows.append(["seed", "–"] + tables.map { "\($0.seed)" })
    rows.append(["multiple distorted by", Recipe.reportMultiple.name] + tables.map(\.multipleRecipe))
    rows += block("loss, in nats", of: tables, \.loss) { $0.loss }
    rows += block("accuracy", of: tables, \.accuracy) { $0.accuracy }
    return alignedColumns(rows).joined(separator: "\n")
  }

  private static func block(
    _ title: String, of tables: [RecognitionTable], _ figure: KeyPath<Row, Estimate>,
    report: (ReportFigures) -> Double
  ) -> [[String]] {
    let measured = Version.allCases.filter { version in tables.contains { $0[version] != nil } }
    return [[""], [title]]
      + measured.map { version in
        let known = ReportFigures.table2[version].map { fixed(report($0), 4) } ?? "–"
        return [version.label, known] + tables.map { $0[version]?[keyPath: figure].text ?? "–" }
      }
  }
}

extension RecognitionTable {
  /// "held out", or "3 of 300 also trained on".
  package var useText: String { Provenance(use, overlap: overlap ?? 0).text(of: images) }
}

extension RecognitionTable.Use {
  /// "held out"
  package var label: String { rawValue.replacing("_", with: " ") }
}

extension RecognitionTable.Version {
  /// As tables call it: "single distorted, reconstructed".
  package var label: String {
    switch self {
    case .original: "original"
    case .singleDistorted: "single distorted"
    case .singleReconstructed: "single distorted, reconstructed"
    case .multipleDistorted: "multiple distorted"
    case .reconstructed: "reconstructed"
    case .originalReconstructed: "original, reconstructed"
    }
  }
}
