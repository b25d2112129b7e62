import ArgumentParser
import Figures
import Support

/// What is told of pages that were read.
struct ReadOutputOptions: ParsableArguments {
  @Flag(help: "Print the result as JSON.")
  var json = false

  @Flag(help: "Print the result as CSV.")
  var csv = false

  @Flag(help: "With --csv, print each table as one: its rows and columns of digits.")
  var grid = false

  @Flag(help: "Join digits that are next to each other on a line to numbers.")
  var numbers = false

  @Option(
    help: ArgumentHelp(
      "Read only what is at least this sure, from 0 to 1; of the rest only the place is told.", valueName: "probability"
    ))
  var onlyIfSure: Float?

  @Option(
    help: ArgumentHelp(
      "Draw boxes and digits over the page, doubtful ones marked; further pages go to out-2.png and so on.",
      valueName: "out.png|svg"))
  var show: String?

  @Option(
    help: ArgumentHelp(
      "Write each digit as it was found and as it was corrected, into before/ and after/, named by its place.",
      valueName: "folder"))
  var crops: String?

  func validate() throws {
    if let onlyIfSure, !(0...1).contains(onlyIfSure) {
      throw ValidationError("--only-if-sure is a probability from 0 to 1, such as 0.9.")
    }
    if json, csv { throw ValidationError("--json and --csv: give one of them.") }
    if grid, !csv { throw ValidationError("--grid is a form of --csv: give both.") }
    if grid, numbers { throw ValidationError("--grid has one digit a cell; leave out --numbers.") }
    if let show { _ = try FigureFormat(named: show) }
  }

  /// Digits that are less sure than this are marked in drawings.
  var doubt: Float { onlyIfSure ?? 0.7 }
}
