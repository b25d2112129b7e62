import ArgumentParser
import Evaluation
import Figures
import Foundation
import ImageSets
import Report
import Restoration
import Support

/// `tiddu figure all …`: every figure of the report.
struct FigureAllCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "all", abstract: "Draw all figures of the report from a run folder.",
    discussion: """
      Figure 2: distorted images. 3: the training's curves. 4, 5: models trained with penalties, where they are \
      given. 6, 7: images reconstructed. With a classifier also 8: accuracy, and 9: which are taken \
      for which. Each as PNG and SVG, and the figures behind 8 and 9 as recognition.json and recognition.txt.

      EXAMPLE: tiddu figure all runs/final --classifier runs/report-classifier --data kannada-mnist --into figures
      """)

  @Argument(help: ArgumentHelp("The run folder of a model that corrects.", valueName: "run"))
  var model: String

  @Option(help: ArgumentHelp("A classifier's checkpoint or run folder, for figures 8 and 9.", valueName: "model"))
  var classifier: String?

  @Option(
    help: ArgumentHelp("What tiddu evaluate --json printed, so that it is not measured again.", valueName: "file"))
  var measured: String?

  @Option(help: ArgumentHelp("A model trained with --l1 or --l2, for figure 4; another one for 5.", valueName: "model"))
  var regularized: [String] = []

  @OptionGroup var measuring: MeasuringOptions

  @Option(help: ArgumentHelp("Measure only so many images of each part, spread over all.", valueName: "count"))
  var subset: Int?

  @Option(help: ArgumentHelp("The folder for the figures.", valueName: "dir"))
  var into: String

  @OptionGroup var threading: ThreadOptions

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    if classifier != nil, measured != nil {
      throw ValidationError("--measured holds what a classifier found; give only one of it and --classifier.")
    }
    if regularized.count > 2 { throw ValidationError("--regularized: the report has two such figures, 4 and 5.") }
  }

  func run() throws {
    try threading.use()
    try OutputTarget.check(into, isFolder: true)
    let folder = RunFolder(model)
    _ = try folder.plan()
    let restorer = try Restorer(contentsOf: model)
    let recognition = try measured.map(MeasuredRecognition.read) ?? measure(restorer)
    let origin = try measuring.origin(subset: nil)
    let drawings = ReportDrawings(restorer, clean: try origin.load(), seed: measuring.seed)
    var entries = [try drawings.distorted(), try drawings.curves(of: folder, ceiling: ceiling(restorer))]
    for (number, path) in regularized.enumerated() {
      entries.append(try drawings.regularized(Restorer(contentsOf: path), number: 4 + number))
    }
    entries += try drawings.reconstructed()
    if let recognition {
      entries += [ReportDrawings.pies(of: recognition)] + ReportDrawings.confusions(of: recognition)
    }
    try Folder.create(into)
    for entry in entries {
      for ending in ["png", "svg"] { try entry.figure.render(to: "\(into)/\(entry.name).\(ending)") }
      Console.report("\(into)/\(entry.name).png, .svg")
    }
    guard let recognition else { return }
    try WholeFile.write("\(recognition)\n", to: "\(into)/recognition.txt")
    try WholeFile.write(JSONOutput.text(recognition) + "\n", to: "\(into)/recognition.json")
  }

  private func measure(_ restorer: Restorer) throws -> RecognitionReport? {
    guard let classifier else { return nil }
    let display = MeasuringDisplay()
    defer { display.end() }
    return try RecognitionReport(
      restorer, readBy: Classifier(contentsOf: classifier), measuring.scope(subset: subset), progress: display.show)
  }

  /// Of the images that the model was trained on, where they are still there.
  private func ceiling(_ restorer: Restorer) throws -> Double? {
    guard let origin = restorer.model.plans.first?.origin, let set = try? origin.load() else { return nil }
    return ImageMetrics.binaryAccuracyCeiling(of: set)
  }
}
