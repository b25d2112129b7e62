import Figures
import ImageSets
import Pages
import Restoration
import Support

/// Tells what was read, page by page, so that many pages take the memory of one.
struct ReadWriter {
  private let options: ReadOutputOptions
  private let files: FileGroup
  private var pages = 0
  private var results: [PageResult] = []

  init(_ options: ReadOutputOptions, inputs: [String], files: FileGroup) throws {
    (self.options, self.files) = (options, files)
    if let show = options.show {
      try Destination.refuse([show], over: inputs, remedy: "Choose another name.")
      try OutputTarget.check(show)
    }
    if let crops = options.crops { try OutputTarget.check(crops, isFolder: true) }
    if options.csv, !options.grid {
      print(options.numbers ? NumberResult.columns : DigitResult.columns)
    }
  }

  mutating func add(_ reading: PageReading, of picture: PageImages.Page, named file: String) throws {
    pages += 1
    let result = PageResult(
      reading, file: file, page: picture.page, onlyIfSure: options.onlyIfSure ?? 0, joinsNumbers: options.numbers)
    if reading.digits.isEmpty {
      Console.note("\(file)\(picture.page > 1 ? ", page \(picture.page)" : ""): nothing found")
    }
    if let show = options.show { try draw(reading, of: picture, named: file, to: show) }
    if let crops = options.crops { try write(reading, of: picture, into: crops) }
    if options.json { results.append(result) } else { result.print(options) }
  }

  func finish() throws {
    if options.json { try JSONOutput.print(results) }
  }

  // MARK: Files

  private func draw(_ reading: PageReading, of picture: PageImages.Page, named file: String, to path: String) throws {
    let marks = reading.digits.map { digit in
      PagePlot.Mark(digit.box, text: digit.name, isDoubtful: digit.probability < options.doubt)
    }
    let caption = "\(file): \(grouped(reading.digits.count)) digit\(reading.digits.count == 1 ? "" : "s")"
    let plot = PagePlot(page: picture.image, marks: marks, caption: caption)
    let place = pages == 1 ? path : Self.numbered(path, pages)
    try WholeFile.write(plot.rendered(as: FigureFormat(named: path)), to: place, in: files)
  }

  private static func numbered(_ path: String, _ number: Int) -> String {
    guard let dot = path.lastIndex(of: ".") else { return "\(path)-\(number)" }
    return "\(path[..<dot])-\(number)\(path[dot...])"
  }

  private func write(_ reading: PageReading, of picture: PageImages.Page, into folder: String) throws {
    guard !reading.digits.isEmpty else { return }
    let names = reading.digits.enumerated().map { number, digit in
      let place = digit.place.map { "table\($0.grid + 1)-row\(padded($0.row + 1))-column\(padded($0.column + 1))" }
      return "page\(padded(pages))-\(place ?? "digit\(padded(number + 1))").png"
    }
    for (images, name) in [(reading.images, "before"), (reading.corrected, "after")] {
      try StoredImages(images: images, names: names, paper: .light)
        .write(to: "\(folder)/\(name)", format: .images, in: files)
    }
  }

  private func padded(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, 3 - text.count)) + text
  }
}
