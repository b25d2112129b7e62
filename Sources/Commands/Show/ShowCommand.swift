import ArgumentParser
import Foundation
import ImageSets
import Restoration
import Support

/// `tiddu show`
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Draw images in the terminal, and beside each what a model makes of it.",
    discussion: """
      As characters, or as pixels where the terminal says that it has sixels or kitty's graphics. Without colours where \
      NO_COLOR is set or the output is no terminal.

      EXAMPLE: tiddu show digits.npz --with tiddu-small
      """)

  @Argument(help: ArgumentHelp("An image, a folder or archive of images, or a file of images.", valueName: "input"))
  var input: String

  @Option(help: ArgumentHelp("A model that restores; what comes of each image stands beside it.", valueName: "model"))
  var with: String?

  @Option(help: "How many images are shown.")
  var images = 4

  @Option(help: "blocks, sixel or kitty (default: what the terminal has).")
  var graphics: TerminalGraphics?

  @OptionGroup var expectation: ExpectationOption

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    guard (1...1000).contains(images) else { throw ValidationError("--images \(images): choose from 1 to 1000.") }
  }

  func run() throws {
    let restorer = try with.map { try Restorer(contentsOf: $0, expecting: expectation.recipe) }
    var options = ImageFileOptions(
      paper: restorer.flatMap { $0.model.hasPaper ? nil : Paper.none }, channels: restorer?.shape?.channels,
      size: restorer.flatMap { $0.takesAnySize ? nil : $0.shape?.imageSize })
    options.isWriting = restorer?.model.hasPaper ?? false
    let stored = try StoredImages.read(StandardInput.resolve(input), options: ReadOptions(images: options))
    let set = stored.images.prefix(images)
    let restored = try restorer?.restoration(of: set)
    for image in 0..<set.count {
      let name = stored.names?[image] ?? "\(image)"
      print(title(of: image, called: name, restored))
      draw([TerminalPicture(fitted(set), image)] + (restored.map { [TerminalPicture(fitted($0.images), image)] } ?? []))
    }
    if set.count < stored.images.count {
      Console.note("\(grouped(stored.images.count - set.count)) more; --images shows them")
    }
  }

  private func title(of image: Int, called name: String, _ restored: RestoredSet?) -> String {
    guard let restored, let with else { return name }
    guard let finding = restored.findings?[image] else { return "\(name), and by \(with)" }
    let undone = finding.orientation == .upright ? "upright" : "undone: \(finding.orientation.label)"
    return "\(name), and by \(with): \(undone) (\(fixed(Double(finding.probability), 3)))"
      + (restored.unchanged.contains(image) ? ", left as it was" : "")
  }

  // MARK: - The terminal

  private var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Columns of characters.
  private var columns: Int {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init).map { max(20, $0) } ?? 80
  }

  /// So small that two stand side by side.
  private func fitted(_ set: ImageSet) -> ImageSet {
    let most = max(8, (columns - 3) / (with == nil ? 1 : 2))
    guard set.shape.width > most else { return set }
    let height = max(1, set.shape.height * most / set.shape.width)
    return (try? set.resized(to: ImageSize(height: height, width: most))) ?? set
  }

  private func draw(_ pictures: [TerminalPicture]) {
    let environment = ProcessInfo.processInfo.environment
    switch graphics ?? .supported(by: environment, isTerminal: isTerminal) {
    case .sixel: print(pictures.map { $0.sixels(scale: 4) }.joined(separator: "\n"))
    case .kitty: print(pictures.map { $0.kitty(scale: 4) }.joined(separator: " "))
    case .blocks:
      let colors = TerminalColors.supported(by: environment, isTerminal: isTerminal)
      let columns = pictures.map { $0.lines(colors) }
      for row in columns[0].indices { print(columns.map { $0[row] }.joined(separator: "   ")) }
    }
  }
}

extension TerminalGraphics: ExpressibleByArgument {}
