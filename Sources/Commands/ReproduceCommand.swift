import ArgumentParser
import ImageSets
import Report
import Support

/// `tiddu reproduce`
struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce", abstract: "Do the whole report again, and write it up with ours beside its numbers.",
    discussion: """
      Trains the final model and the network that reads digits, searches all 36 models of table 1 and the penalties, \
      measures on images that were trained on and on others, draws every figure, and writes report.html (one file, \
      to be opened anywhere), report.md and report.json. Break it off at any time: called again, it goes on.

      Scales: smoke takes about two minutes, on small shares of the images; desk an hour or so on two cores, all \
      sizes the report's own but for the convolutional models of table 1; full most of a day.

      EXAMPLE: tiddu reproduce --data kannada-mnist --scale desk --into reproduced
      """)

  @Option(help: ArgumentHelp("A dataset's folder, or synthetic.", valueName: "path"))
  var data = Dataset.syntheticName

  @Option(help: ArgumentHelp("The folder for the report and all that it is made of.", valueName: "dir"))
  var into: String

  @Option(help: "How much to train: smoke, desk or full.")
  var scale = Scale.smoke.name

  @Option(help: "Whose images figures show: the data's own, or synthetic ones where those must not be passed on.")
  var show = ShownImages.data

  @Option(help: "Of all trainings; measuring takes the next one.")
  var seed: UInt64 = 1

  @OptionGroup var threading: ThreadOptions

  @OptionGroup var quietness: QuietOption

  func run() throws {
    let scale = try Scale.named(scale)
    try threading.use()
    let reproduction = try Reproduction(
      of: data, into: into, scale: scale, seed: seed, show: show)
    let display = ReproductionDisplay(of: scale)
    defer { display.end() }
    let report = try Stopped.saying("The same command goes on.") { try reproduction.run(observe: display.show) }
    display.end()
    print("\(report.digest)\n")
    Console.report(
      "Open \(reproduction.page); the same is in \(into)/report.md, and every number in \(into)/report.json.")
  }
}

extension ShownImages: ExpressibleByArgument {}
