import ArgumentParser
import Distortions
import ImageSets
import Support

/// `tiddu distort …`
struct DistortCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "distort",
    abstract: "Flip, turn, cover and roughen images by a recipe.",
    discussion: """
      The same seed and epoch always make the same images, on any number of threads and on every machine. \
      Recipes: \(Recipe.builtIn.map(\.name).joined(separator: ", ")), or the path of a YAML file.

      EXAMPLE: tiddu distort digits.npz --recipe report-multiple --into distorted.npz --record done.csv
      """)

  @Argument(help: "An image, a folder or archive of images, a file of images, or - for standard input.")
  var input: String

  @Option(help: ArgumentHelp("A built-in recipe or a YAML file.", valueName: "name|file"))
  var recipe: String

  @Option(help: "Decides the distortions.")
  var seed: UInt64 = 1

  @Option(help: "Each epoch distorts the same images in another way.")
  var epoch: UInt32 = 0

  @OptionGroup var output: ImageOutput

  @Option(help: ArgumentHelp("Write what was done to each image into this CSV file.", valueName: "file.csv"))
  var record: String?

  @OptionGroup var threading: ThreadOptions

  @Flag(help: "Print the result as JSON.")
  var json = false

  @OptionGroup var reading: ReadingOptions

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    guard output.into != record else { throw ValidationError("--into and --record name the same file.") }
  }

  func run() throws {
    let recipe = try Recipe.named(recipe)
    let path = try StandardInput.resolve(input)
    let destination = try output.destination(for: path)
    let images = try StoredImages.read(path, options: reading.options())
    images.tellDoubts()
    try destination.check(images, labels: .beside, inputs: images.inputs(of: path), others: [record])
    let set = images.images
    let distorter = try recipe.compiled(for: set.shape)
    var distorted = distorter.apply(to: set, seed: seed, epoch: Int(epoch), threads: threading.threads)
    distorted.source += ", distorted by \(recipe.name), seed \(seed), epoch \(epoch)"
    let files = FileGroup()
    let labels = try destination.write(images.replacing(distorted), labels: .beside, in: files)
    if let record { try distorter.writeRecords(of: set, seed: seed, epoch: Int(epoch), to: record, in: files) }
    try files.commit()
    try report(on: distorter, images: set.count, labels: labels, destination)
  }

  private func report(on distorter: Distorter, images: Int, labels: String?, _ destination: Destination) throws {
    let counts = Array(zip(distorter.names, distorter.counts(of: images, seed: seed, epoch: Int(epoch))))
    if json {
      let summary = Summary(
        recipe: distorter.recipe, seed: seed, epoch: Int(epoch), images: images, shape: distorter.shape,
        into: output.into, labels: labels,
        counts: Dictionary(uniqueKeysWithValues: counts))
      try JSONOutput.print(summary)
    } else {
      let lines = counts.map { "\n  \($0): \($1)" }.joined()
      destination.report(
        "\(images) images of \(distorter.shape), \(distorter.recipe.name)" + (labels.map { "; labels in \($0)" } ?? "")
          + lines)
    }
  }

  private struct Summary: Encodable {
    var recipe: Recipe
    var seed: UInt64
    var epoch: Int
    var images: Int
    var shape: ImageSet.Shape
    var into: String
    /// Where the labels are, if in a file of their own.
    var labels: String?
    /// Images that each distortion was done to.
    var counts: [String: Int]
  }
}
