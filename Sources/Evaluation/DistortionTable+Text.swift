import Support

extension DistortionTable: CustomStringConvertible {
  /// The table as text: a line for each distortion, then for each geometric one a table by class, and a note.
  package var description: String {
    let cap = Int(MetricSummary.highestPSNR)
    var lines = [
      "\(name): \(grouped(images)) images distorted in each way with seed \(seed), mean ± standard error"
    ]
    lines += alignedColumns(overview)
    for row in rows {
      guard let classes = row.classes else { continue }
      lines += ["", "\(row.distortion), by class: accuracy, and the class most often mistaken for"]
      lines += alignedColumns(table(of: classes))
    }
    lines += ["", "PSNR against the clean images, peak 1; an image that equals its clean one counts with \(cap) dB"]
    return lines.joined(separator: "\n")
  }

  private var isCorrected: Bool { rows.contains { $0.corrected != nil } }

  private var overview: [[String]] {
    let hasSSIM = rows.contains { $0.distorted.ssim != nil }
    let named = ["accuracy", "PSNR, dB"] + (hasSSIM ? ["SSIM"] : [])
    func cells(_ figures: Figures) -> [String] {
      [figures.accuracy.text, figures.psnr.text] + (hasSSIM ? [figures.ssim?.text ?? "–"] : [])
    }
    let corrected = ["accuracy", "PSNR", "SSIM"].prefix(named.count).map { "\($0) corrected" }
    return [["", "n"] + named + (isCorrected ? corrected : [])]
      + rows.map { row in
        [row.distortion, grouped(row.distorted.accuracy.count)] + cells(row.distorted)
          + (row.corrected.map(cells) ?? [])
      }
  }

  private func table(of classes: [ClassRow]) -> [[String]] {
    let headings = ["class", "n", "accuracy", "as"] + (isCorrected ? ["accuracy corrected", "as"] : [])
    return [headings]
      + classes.map { row in
        let corrected = row.corrected.map { [$0.accuracy.text, $0.mistake] } ?? []
        return [row.name ?? "\(row.label)", grouped(row.distorted.accuracy.count)]
          + [row.distorted.accuracy.text, row.distorted.mistake] + corrected
      }
  }
}

extension DistortionTable.Reading {
  /// "9: 0.412"
  fileprivate var mistake: String {
    guard let mistakenFor, let mistakenShare else { return "–" }
    return "\(mistakenForName ?? "\(mistakenFor)"): \(fixed(mistakenShare, 3))"
  }
}
