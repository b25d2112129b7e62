import Foundation
import ImageSets
import Report
import Support
import TestSupport
import Testing

/// The whole report on a handful of images, searches and all.
@Suite(.enabled(if: Tiddu.isBuilt)) struct ReproductionTests {
  private static let scale = Scale(
    name: "tiny", dense: .init(images: 40, epochs: 1), convolutional: .init(images: 20, epochs: 1),
    regularisation: .init(images: 40, epochs: 1), final: .init(epochs: 2), classifier: .init(images: 64, epochs: 1),
    measured: 20, penaltiesMeasured: 10)

  private func data(in folder: String) throws -> String {
    let path = "\(folder)/data"
    try Folder.create(path)
    for (part, count) in [(Dataset.Part.train, 8), (.test, 3), (.dig, 3)] {
      try SyntheticDigits().imageSet(writers: part.syntheticWriters.prefix(count), perWriter: 10, name: part.rawValue)
        .write(to: "\(path)/\(part.rawValue).npz")
    }
    return path
  }

  @Test func reproducesTheReport() throws {
    try withTemporaryFolder { folder in
      Threads.use(1)
      let out = "\(folder)/out"
      let reproduction = try Reproduction(of: data(in: folder), into: out, scale: Self.scale)
      let report = try reproduction.run()
      #expect(report.grid.count == 36 && report.grid.allSatisfy { $0.figures != nil })
      #expect(report.penalties.count == 31 && report.penalties.allSatisfy { $0.binaryCrossEntropy?.count == 10 })
      #expect(Set(report.penalties.map(\.weight)) == [0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2])
      #expect(report.correlations.first.map { $0.models == "dense" && $0.count == 18 } == true)
      #expect(report.layers.map(\.parameters).reduce(0, +) == 863_312)
      try checkPage(out)
      try checkFigures(out, report)
      let json = try JSONSerialization.jsonObject(with: Data(try Folder.read("\(out)/report.json")))
      let parsed = try #require(json as? [String: Any])
      #expect((parsed["grid"] as? [Any])?.count == 36 && parsed["final_model"] is [String: Any])
      let read = try JSONDecoder().decode(ReproducedReport.self, from: Data(try Folder.read("\(out)/report.json")))
      #expect(read.grid == report.grid && read.recognition == report.recognition)
      let markdown = String(decoding: try Folder.read("\(out)/report.md"), as: UTF8.self)
      #expect(markdown.contains("![") && markdown.contains("863,312") && markdown.contains("Table 2"))
    }
  }

  /// All tables and figures are in the page, and nothing that is not.
  private func checkPage(_ out: String) throws {
    let html = String(decoding: try Folder.read("\(out)/report.html"), as: UTF8.self)
    for number in 2...9 { #expect(html.contains("<strong>Figure \(number)"), "figure \(number)") }
    for words in [
      "<strong>Table 1.", "<strong>Table 2.", "863,312", "Spearman", "How long it took", "architecture:",
      "geometry, noise and occlusion", "First attempt", "The pairs trained on",
    ] {
      #expect(html.contains(words), "\(words)")
    }
    // Without the figures' own bytes, no address but those of its sections.
    for outside in ["http:", "https:", "<link", "<script", "@import", "url(", "src=\"figures"] {
      #expect(!html.contains(outside), "\(outside)")
    }
    let images = html.components(separatedBy: "<img ").count - 1
    #expect(images == html.components(separatedBy: "src=\"data:image/svg+xml;base64,").count - 1 && images >= 14)
  }

  private func checkFigures(_ out: String, _ report: ReproducedReport) throws {
    let names = try Folder.names(in: "\(out)/figures")
    #expect(Set(names) == Set(report.figures.flatMap { ["\($0.name).png", "\($0.name).svg"] }))
    for name in ["2", "3", "4", "4-strongest", "5", "6", "6-train", "7", "8", "9-train-pairs", "9-test", "9-dig"] {
      #expect(names.contains("figure-\(name).png"), "\(name)")
    }
  }

  @Test func refusesWhatItCannotDo() throws {
    try withTemporaryFolder { folder in
      let data = try data(in: folder)
      for (status, arguments, words) in [
        (EX_USAGE, ["--scale", "giant", "--into", "\(folder)/x"], ["giant", "desk"]),
        (EX_USAGE, ["--into", data, "--data", data], ["dig.npz", "reproduction.json"]),
        (EX_DATAERR, ["--into", "\(folder)/x", "--data", "\(data)/train.npz"], ["test or dig"]),
        (EX_IOERR, ["--into", "\(folder)/x", "--data", "\(folder)/none"], ["none"]),
      ] {
        try Tiddu.fail(status, ["reproduce"] + arguments, saying: words)
      }
      #expect(Folder.kind(of: "\(folder)/x") == .absent)
    }
  }
}
