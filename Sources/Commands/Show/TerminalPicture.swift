import Foundation
import ImageSets
import Support

/// How a terminal is made to show images.
enum TerminalGraphics: String, CaseIterable {
  /// Characters, each two pixels high.
  case blocks
  /// DEC's pixel graphics, as xterm, mlterm, foot and others have them.
  case sixel
  /// PNG files as kitty, Ghostty and WezTerm take them.
  case kitty

  /// What the terminal says of itself in the environment; blocks where it says nothing, or there is none.
  static func supported(by environment: [String: String], isTerminal: Bool) -> TerminalGraphics {
    guard isTerminal else { return .blocks }
    let (name, program) = (environment["TERM"] ?? "", environment["TERM_PROGRAM"] ?? "")
    if environment["KITTY_WINDOW_ID"] != nil || name.contains("kitty") || ["ghostty", "WezTerm"].contains(program) {
      return .kitty
    }
    return name.contains("sixel") || ["foot", "mlterm"].contains(name) ? .sixel : .blocks
  }
}

/// What colours a terminal has.
enum TerminalColors {
  case none
  /// The 256 of xterm's palette.
  case palette
  case all

  /// None where the user wants none (no-color.org) or there is no terminal.
  static func supported(by environment: [String: String], isTerminal: Bool) -> TerminalColors {
    guard isTerminal, environment["NO_COLOR"] ?? "" == "", environment["TERM"] != "dumb" else { return .none }
    return ["truecolor", "24bit"].contains(environment["COLORTERM"]) ? .all : .palette
  }
}

/// Pixels as they look, red, green and blue: ink dark on light paper.
struct TerminalPicture {
  let height: Int
  let width: Int
  /// (height, width, 3)
  let pixels: [UInt8]

  /// One image of a set.
  init(_ set: ImageSet, _ image: Int) {
    (height, width) = (set.shape.height, set.shape.width)
    let channels = set.shape.channels
    let own = set.pixels[image * set.shape.size..<(image + 1) * set.shape.size]
    var pixels: [UInt8] = []
    pixels.reserveCapacity(height * width * 3)
    for place in stride(from: own.startIndex, to: own.endIndex, by: channels) {
      for channel in 0..<3 {
        let value = own[place + min(channel, channels - 1)]
        pixels.append(set.hasPaper ? 255 - value : value)
      }
    }
    self.pixels = pixels
  }

  private func pixel(_ row: Int, _ column: Int) -> (red: Int, green: Int, blue: Int) {
    guard row < height else { return (255, 255, 255) }
    let place = (row * width + column) * 3
    return (Int(pixels[place]), Int(pixels[place + 1]), Int(pixels[place + 2]))
  }

  // MARK: - Characters

  /// A line of text for each two rows of pixels.
  func lines(_ colors: TerminalColors) -> [String] {
    stride(from: 0, to: height, by: 2).map { row in
      let cells = (0..<width).map { cell(pixel(row, $0), pixel(row + 1, $0), colors) }
      return cells.joined() + (colors == .none ? "" : "\u{1B}[0m")
    }
  }

  private typealias Pixel = (red: Int, green: Int, blue: Int)

  private func cell(_ upper: Pixel, _ lower: Pixel, _ colors: TerminalColors) -> String {
    switch colors {
    case .none:
      let light = [upper, lower].reduce(0) { $0 + $1.red + $1.green + $1.blue } / 6
      // Light on a dark terminal or dark on a light one: ink is what is printed.
      return [" ", "░", "▒", "▓", "█"][min(4, (255 - light) * 5 / 256)]
    case .palette: return "\u{1B}[38;5;\(Self.number(upper))m\u{1B}[48;5;\(Self.number(lower))m▀"
    case .all:
      return "\u{1B}[38;2;\(upper.red);\(upper.green);\(upper.blue)m"
        + "\u{1B}[48;2;\(lower.red);\(lower.green);\(lower.blue)m▀"
    }
  }

  /// The nearest of xterm's 24 greys or of its cube of 6 × 6 × 6 colours.
  private static func number(_ pixel: Pixel) -> Int {
    if pixel.red == pixel.green, pixel.green == pixel.blue {
      let grey = (pixel.red - 3) / 10
      return grey < 0 ? 16 : grey > 23 ? 231 : 232 + grey
    }
    func step(_ value: Int) -> Int { (value * 5 + 127) / 255 }
    return 16 + 36 * step(pixel.red) + 6 * step(pixel.green) + step(pixel.blue)
  }

  // MARK: - Pixels

  /// Each pixel as a square of `scale` by `scale`, in sixels: six rows at a time, each colour of a band by itself.
  func sixels(scale: Int) -> String {
    let colors = (0..<height * width).map { place -> Int in
      let pixel = pixel(place / width, place % width)
      func step(_ value: Int) -> Int { (value * 5 + 127) / 255 }
      return 36 * step(pixel.red) + 6 * step(pixel.green) + step(pixel.blue)
    }
    var text = "\u{1B}Pq"
    for color in Set(colors).sorted() {
      text += "#\(color);2;\(color / 36 * 20);\(color / 6 % 6 * 20);\(color % 6 * 20)"
    }
    let rows = height * scale
    for top in stride(from: 0, to: rows, by: 6) {
      let band = (top..<min(top + 6, rows)).map { $0 / scale }
      let present = Set(band.flatMap { row in colors[row * width..<(row + 1) * width] }).sorted()
      for color in present {
        text += "#\(color)"
        for column in 0..<width {
          let bits = band.enumerated().reduce(0) { bits, row in
            colors[row.element * width + column] == color ? bits | 1 << row.offset : bits
          }
          text += "!\(scale)\(Character(UnicodeScalar(UInt8(63 + bits))))"
        }
        text += "$"
      }
      text += "-"
    }
    return text + "\u{1B}\\"
  }

  /// Raw pixels in kitty's protocol, in pieces of at most 4,096 characters.
  func kitty(scale: Int) -> String {
    var large: [UInt8] = []
    large.reserveCapacity(pixels.count * scale * scale)
    for row in 0..<height * scale {
      for column in 0..<width * scale {
        let place = (row / scale * width + column / scale) * 3
        large += pixels[place..<place + 3]
      }
    }
    let encoded = Array(Data(large).base64EncodedString().utf8)
    let pieces = stride(from: 0, to: encoded.count, by: 4096).map { encoded[$0..<min($0 + 4096, encoded.count)] }
    return pieces.enumerated().map { number, piece in
      let head = number == 0 ? "a=T,f=24,s=\(width * scale),v=\(height * scale)," : ""
      let isLast = number == pieces.count - 1
      return "\u{1B}_G\(head)m=\(isLast ? 0 : 1);\(String(decoding: piece, as: UTF8.self))\u{1B}\\"
    }.joined()
  }
}
