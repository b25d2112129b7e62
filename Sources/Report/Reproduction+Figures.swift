import Evaluation
import Figures
import Foundation
import ImageSets
import Restoration
import Support

extension Reproduction {
  /// Draws all figures into the folder `figures`, as PNG and SVG.
  func draw(_ recognition: RecognitionReport, penalties: [PenaltyTrial]) throws -> [ReportDrawings.Entry] {
    let restorer = try Restorer(contentsOf: finalRun.path)
    let trained = ReportDrawings(restorer, clean: shownTraining, seed: settings.seed)
    let heldOut = ReportDrawings(restorer, clean: shownHeldOut, seed: settings.measuringSeed)
    var entries = [try trained.distorted()]
    entries.append(
      try trained.curves(of: finalRun, ceiling: ImageMetrics.binaryAccuracyCeiling(of: restorerSet)))
    for (number, place) in [(4, PenaltyTrial.Place.all), (5, .kernels)] {
      for (trial, suffix) in [(penalties.best(place), ""), (penalties.strongest(place), "-strongest")] {
        guard let checkpoint = trial?.checkpoint else { continue }
        var entry = try heldOut.regularized(Restorer(contentsOf: path(checkpoint)), number: number)
        entry.name += suffix
        entries.append(entry)
      }
    }
    entries += try heldOut.reconstructed()
    if show == .data {
      entries += try trained.reconstructed().map { .init(name: "\($0.name)-train", figure: $0.figure) }
    }
    entries += [ReportDrawings.pies(of: recognition)] + ReportDrawings.confusions(of: recognition)
    try render(entries)
    return entries
  }

  /// Writes the figures, and removes those of an earlier call that showed other images.
  private func render(_ entries: [ReportDrawings.Entry]) throws {
    let folder = path("figures")
    try Folder.create(folder)
    var names: Set<String> = []
    for entry in entries {
      for ending in ["png", "svg"] {
        try entry.figure.render(to: "\(folder)/\(entry.name).\(ending)")
        names.insert("\(entry.name).\(ending)")
      }
    }
    for name in try Folder.names(in: folder) where name.hasPrefix("figure-") && !names.contains(name) {
      guard unlink("\(folder)/\(name)".systemBytes) == 0 else {
        throw SystemError.last(operation: "remove", path: "\(folder)/\(name)")
      }
    }
  }

  /// What the final model was trained on.
  private var restorerSet: ImageSet { sets.train.some(settings.scale.final.images) }

  private var shownTraining: ImageSet {
    show == .data ? sets.train.prefix(8).named("train (trained on)") : shownHeldOut
  }

  private var shownHeldOut: ImageSet {
    show == .data
      ? sets.test.set.prefix(8).named("\(sets.test.part.rawValue) (held out)")
      : SyntheticDigits().imageSet(
        writers: Dataset.Part.test.syntheticWriters.prefix(1), perWriter: 8,
        name: "the synthetic writer (instead of the data's; held out)")
  }
}

/// A figure whose words stand elsewhere: below it in a page.
struct WithoutCaption: Figure {
  private let figure: any Figure
  var caption: String { "" }

  init(_ figure: any Figure) { self.figure = figure }

  func layout(measuredOn canvas: Canvas) throws -> Layout { try figure.layout(measuredOn: canvas) }
}
