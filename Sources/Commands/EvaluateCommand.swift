import ArgumentParser
import Evaluation
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// `tiddu evaluate`
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure how well a model restores images that a recipe has distorted.",
    discussion: """
      Distorts clean images, restores them, and compares both with the clean ones. Choose images that the model \
      was not trained on: the default is the part test.

      With a classifier it also gives its accuracy: on every part of the dataset (or the one that is \
      named), of clean, distorted and restored images; which are taken for which; and by distortion.

      EXAMPLE: tiddu evaluate runs/final --data kannada-mnist --recipe report-multiple
      """)

  @Argument(help: ArgumentHelp("A checkpoint or a run's folder.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("A classifier that reads the images.", valueName: "model"))
  var classifier: String?

  @OptionGroup var measuring: MeasuringOptions

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Measure on real pairs, matched by name: the folders of the damaged and of the clean images, or one that has both.",
      valueName: "damaged> <clean"))
  var pairs: [String] = []

  @Option(help: "What the pairs are drawn on: light or dark paper, or none: photographs (default: told by them).")
  var paper: Paper?

  @Option(help: ArgumentHelp("Only so many images, spread over all.", valueName: "count"))
  var subset: Int?

  @Flag(help: "Leave out the table by distortion, which takes a while.")
  var skipByDistortion = false

  @OptionGroup var threading: ThreadOptions

  @OptionGroup var products: PrecisionOption

  @OptionGroup var expectation: ExpectationOption

  @Flag(help: "Print the result as JSON.")
  var json = false

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    if !pairs.isEmpty, classifier != nil || subset != nil {
      throw ValidationError("--pairs is measured whole, and has no labels: leave out --classifier and --subset.")
    }
    if pairs.isEmpty, paper != nil { throw ValidationError("--paper goes with --pairs; leave it out.") }
    if pairs.count > 2 { throw ValidationError("--pairs takes two folders, the damaged and the clean images.") }
    if skipByDistortion, classifier == nil {
      throw ValidationError("--skip-by-distortion: that table is made with --classifier alone; leave it out.")
    }
  }

  func run() throws {
    try threading.use()
    let restorer = try Restorer(
      contentsOf: model, precision: products.precision, expecting: expectation.recipe)
    let reader = try classifier.map { try Classifier(contentsOf: $0) }
    let pairs = try pairs.isEmpty ? measuring.pairs(subset: subset) : measuring.realPairs(pairs, paper: paper)
    let restored = try restorer.restoration(of: pairs.distorted)
    let table = try MetricTable(clean: pairs.clean, distorted: pairs.distorted, restored: restored.numbers)
    let reliability =
      pairs.recipe == nil
      ? nil : restored.findings.map { ReliabilityTable($0, truth: pairs.orientations) }
    let provenance = Provenance(of: pairs.clean, from: pairs.origin, by: restorer.model.plans)
    let recognition = try reader.map { try read(restorer, by: $0) }
    if json {
      try JSONOutput.print(
        Result(
          model: model, architecture: restorer.name, precision: products.precision, data: measuring.data,
          part: pairs.origin.part.rawValue,
          images: pairs.clean.count, provenance: provenance,
          recipe: pairs.recipe?.name, seed: measuring.seed, table: table, orientations: reliability,
          recognition: recognition))
    } else {
      print(
        "\(restorer.name) after \(restorer.model.parts.map { "\($0.epoch)" }.joined(separator: " and ")) epochs\(products.remark); "
          + (pairs.recipe.map { "\($0.name), seed \(measuring.seed)" } ?? "real pairs"))
      print(
        "\(name(of: pairs.origin)): \(grouped(pairs.clean.count)) images, "
          + provenance.text(of: pairs.clean.count))
      print(table)
      if let reliability { print("\n\(reliability)") }
      if let recognition { print("\n\(recognition)") }
    }
  }

  private func name(of origin: DataOrigin) -> String {
    origin.damaged.map { "\($0) and \(origin.dataset)" } ?? "\(measuring.data), part \(origin.part.rawValue)"
  }

  private func read(_ restorer: Restorer, by classifier: Classifier) throws -> RecognitionReport {
    let display = MeasuringDisplay()
    defer { display.end() }
    return try RecognitionReport(
      restorer, readBy: classifier, measuring.scope(subset: subset, byDistortion: !skipByDistortion),
      progress: display.show)
  }

  private struct Result: Encodable {
    var model: String
    var architecture: String
    var precision: Precision
    var data: String
    var part: String
    var images: Int
    /// Whether the model was trained on them.
    var provenance: Provenance
    /// Nil for real pairs.
    var recipe: String?
    var seed: UInt64
    var table: MetricTable
    /// How often the model finds an image's orientation, and how well calibrated it is; nil from one that doesn't.
    var orientations: ReliabilityTable?
    /// Nil without a classifier.
    var recognition: RecognitionReport?
  }
}
