import ArgumentParser
import Figures
import ImageSets
import Pages
import Support

/// `tiddu data sheet`
struct DataSheetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sheet", abstract: "Make a set of your own: a form to print, and labelled images from its scans.",
    discussion: """
      Print the form, have each person fill one, scan or photograph them, and make a set of the pictures. A file (or a page of \
      one) is one writer's; images are named after it, so that --validation writers keeps writers apart in training.

      EXAMPLE: tiddu data sheet --print sheet.pdf
      EXAMPLE: tiddu data sheet scans/ --into digits
      EXAMPLE: tiddu train --data digits --preset report-classifier --validation writers --into runs/mine
      """)

  @Argument(help: "Scans or photographs of forms that were filled in: image files, folders or archives of them.")
  var scans: [String] = []

  @Option(help: ArgumentHelp("Write the form, as PDF, PNG or SVG.", valueName: "sheet.pdf"))
  var print: String?

  @Option(help: "The form's rows.")
  var rows = 20

  @Option(help: "The form's columns.")
  var columns = 15

  @Option(
    help: ArgumentHelp(
      "What is written in the rows, in turn; the same for scans as for the form they were printed from.",
      valueName: "a,b,…"))
  var labels = "0,1,2,3,4,5,6,7,8,9"

  @Option(help: ArgumentHelp("The folder for the images, one in it for each label.", valueName: "folder"))
  var into: String?

  @OptionGroup var threading: ThreadOptions

  private var names: [String] { labels.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    guard (print == nil) != (into == nil), (into == nil) == scans.isEmpty else {
      throw ValidationError(
        "Print a form with --print sheet.pdf, or name its scans and where their images go with --into.")
    }
    guard Set(names).count == names.count,
      names.allSatisfy({ !$0.isEmpty && !$0.contains("/") && $0 != "." && $0 != ".." })
    else { throw ValidationError("--labels \(labels): give different names without slashes, separated by commas.") }
    if let print { _ = try FigureFormat(named: print) }
    _ = try SheetForm(rows: rows, columns: columns)
  }

  func run() throws {
    try threading.use()
    if let print {
      let form = try SheetForm(rows: rows, columns: columns)
      let drawing = SheetFormDrawing(form, labels: names)
      try WholeFile.write(drawing.rendered(as: FigureFormat(named: print)), to: print)
      return Console.report("\(print)  a form of \(rows) rows and \(columns) columns", on: print)
    }
    if let into { try readScans(into: into) }
  }

  private func readScans(into folder: String) throws {
    try OutputTarget.check(folder, isFolder: true)
    let files = FileGroup()
    var (writers, count) = (0, 0)
    for scan in scans {
      let path = try StandardInput.resolve(scan)
      try PageImages.forEach(in: path) { picture in
        guard let (form, page) = try Page.readForm(picture.image.convertedToGray()) else {
          throw DataError(
            file: picture.image.source, place: picture.page > 1 ? "page \(picture.page)" : nil,
            expected: "a form made by tiddu data sheet --print", found: "none of its squares in the corners",
            remedy: "Scan the whole sheet, with all four corners in the picture.")
        }
        writers += 1
        count += page.digits.count
        try write(page, writer: writer(of: picture), into: folder, files)
        Console.note(
          "\(picture.file): \(grouped(page.digits.count)) of \(grouped(form.rows * form.columns)) cells are filled in")
      }
    }
    guard count > 0 else {
      throw DataError(
        file: scans[0], expected: "digits in a form's cells", found: "empty cells",
        remedy: "Have the form filled in first.")
    }
    try files.commit()
    Console.report("\(folder)  \(grouped(count)) images by \(writers) writer\(writers == 1 ? "" : "s")", on: folder)
  }

  /// The file's name without its ending, and its page where it is not the first.
  private func writer(of picture: PageImages.Page) -> String {
    let name = picture.file.split(separator: "/").joined(separator: "_")
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    return picture.page > 1 ? "\(stem)_page\(picture.page)" : stem
  }

  private func write(_ page: Page, writer: String, into folder: String, _ files: FileGroup) throws {
    guard !page.digits.isEmpty else { return }
    let paths = page.digits.map { digit in
      let (row, column) = (digit.place?.row ?? 0, digit.place?.column ?? 0)
      return "\(names[row % names.count])/\(writer)-row\(padded(row + 1))-column\(padded(column + 1)).png"
    }
    try StoredImages(images: page.images, names: paths, paper: .light).write(to: folder, format: .images, in: files)
  }

  private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
