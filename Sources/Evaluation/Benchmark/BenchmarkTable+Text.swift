import Support

extension BenchmarkTable: CustomStringConvertible {
  /// By corruption, the mean over severities.
  package var description: String { text(bySeverity: false) }

  /// As text: a block for each figure, in it a line for each corruption (or each of its severities) and a column for each
  /// method; then where correcting does harm.
  package func text(bySeverity: Bool) -> String {
    let blocks = blocks(bySeverity: bySeverity).flatMap { [[$0.title]] + $0.rows + [[""]] }
    return ([heading(bySeverity: bySeverity), ""] + alignedColumns(blocks) + notes).joined(separator: "\n")
  }

  /// The same in Markdown, by corruption and then by severity.
  package var markdown: String {
    var lines = ["# \(benchmark)", "", heading(bySeverity: false)]
    for bySeverity in [false, true] {
      for block in blocks(bySeverity: bySeverity) {
        lines += ["", "## \(block.title)\(bySeverity ? ", by severity" : "")", ""]
        for (number, row) in block.rows.enumerated() {
          lines.append("| " + row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |")
          if number == 0 { lines.append("|" + String(repeating: "---|", count: row.count)) }
        }
      }
    }
    return (lines + [""] + notes.map { "- " + $0 }).joined(separator: "\n") + "\n"
  }

  private func heading(bySeverity: Bool) -> String {
    "\(benchmark): \(set), \(grouped(images)) images in each set, read by \(classifier); "
      + (bySeverity ? "" : "mean over severities, ") + "mean ± standard error"
  }

  private typealias Block = (title: String, rows: [[String]])

  private func blocks(bySeverity: Bool) -> [Block] {
    let shown = bySeverity ? rows : rows.filter { $0.group == nil } + means
    func block(_ title: String, _ cell: (Figures, Column) -> String) -> Block {
      (title, [[""] + columns.map(\.name)] + shown.map { row in [label(row)] + zip(row.figures, columns).map(cell) })
    }
    var blocks = [
      block("accuracy") { ($1.kind == .corrected && $0.isWorse ? "! " : "") + $0.accuracy.text },
      block("PSNR, dB, peak 1") { figures, _ in figures.psnr?.text ?? "–" },
    ]
    if rows[0].figures[0].ssim != nil { blocks.append(block("SSIM") { figures, _ in figures.ssim?.text ?? "–" }) }
    if !bySeverity { blocks.append(("corruption error, in % of that of \"\(baseline)\"", errorRows)) }
    return blocks
  }

  private func label(_ row: Row) -> String {
    guard let severity = row.severity, row.group != nil else { return row.corruption }
    return "\(row.corruption) \(severity)"
  }

  private var errorRows: [[String]] {
    func text(_ error: Double?) -> String { error.map { fixed(100 * $0, 1) } ?? "–" }
    return [[""] + columns.map(\.name)]
      + means.map { row in [row.corruption] + errors.map { text($0.byCorruption[row.corruption]) } }
      + [["mean, report's"] + errors.map { text($0.report) }, ["mean, held out"] + errors.map { text($0.heldOut) }]
  }

  /// What the names stand for, and where correcting does harm, in sentences.
  private var notes: [String] {
    let cap = Int(MetricSummary.highestPSNR)
    var notes = columns.compactMap { column in column.detail.map { "\(column.name): \($0)" } }
    notes.append("PSNR and SSIM against the clean images; an image that equals its clean one counts with \(cap) dB")
    let flawless = means.map(\.corruption).filter { errors.first?.byCorruption[$0] == nil }
    if !flawless.isEmpty {
      notes.append("read without error by the baseline, and not in the means: \(flawless.joined(separator: ", "))")
    }
    for (number, column) in columns.enumerated() where column.kind == .corrected {
      let harm = harm(by: number)
      var places = harm.map { corruption, severities in
        severities == [0] ? corruption : "\(corruption) \(Self.ranges(severities))"
      }
      for mean in means
      where mean.figures[number].isWorse && !harm.contains(where: { $0.corruption == mean.corruption }) {
        places.append("\(mean.corruption) in the mean")  // at no severity alone is it beyond doubt
      }
      notes.append(
        places.isEmpty
          ? "\(column.name) does no harm that could be told from chance"
          : "\(column.name) does more harm than good (!), by more than twice the standard error of the difference, on: "
            + places.joined(separator: ", "))
    }
    return notes
  }

  /// [1, 2, 3, 5] as "1–3+5".
  private static func ranges(_ numbers: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
      .joined(separator: "+")
  }
}

extension BenchmarkTable {
  /// As CSV, a line for each set and column; the severity of means is "mean". Figures that were not measured are empty.
  package var csv: String {
    var lines = [
      "corruption,group,severity,column,kind,images,accuracy,accuracy_standard_error,gain,gain_standard_error,"
        + "psnr,psnr_standard_error,ssim,ssim_standard_error,corruption_error,harm"
    ]
    for row in rows + means {
      for (number, figures) in row.figures.enumerated() {
        let column = columns[number]
        let error = row.severity == nil ? errors[number].byCorruption[row.corruption] : nil
        var cells = [row.corruption, row.group?.rawValue ?? "", row.severity.map(String.init) ?? "mean"]
        cells += [csvCell(column.name), column.kind.rawValue, "\(figures.accuracy.count)"]
        for estimate in [figures.accuracy, figures.gain, figures.psnr, figures.ssim] {
          cells += [estimate.map { "\($0.mean)" } ?? "", estimate?.standardError.map { "\($0)" } ?? ""]
        }
        cells += [error.map { "\($0)" } ?? "", column.kind == .corrected && figures.isWorse ? "1" : "0"]
        lines.append(cells.joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
