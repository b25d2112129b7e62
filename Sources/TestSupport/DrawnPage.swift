import ImageSets
import Support

/// A page as a scanner sees it, with digits of the synthetic writer where a test wants them.
package struct DrawnPage {
  package let width: Int
  package let height: Int
  /// (y, x), 255 for white
  package var pixels: [UInt8]

  package init(width: Int, height: Int, paper: UInt8 = 245) {
    (self.width, self.height) = (width, height)
    pixels = [UInt8](repeating: paper, count: width * height)
  }

  /// One grey image, as its file would have it.
  package var image: ImageSet {
    var image = ImageSet(
      shape: .init(height: height, width: width, channels: 1), pixels: pixels, name: "page", source: "page")
    image.hasPaper = false
    return image
  }

  /// Writes one image of a set (0 for paper, 255 for ink) into a square of so many pixels a side.
  package mutating func write(_ digit: Int, of set: ImageSet, side: Int, left: Int, top: Int, strength: Float = 0.85)
    throws
  {
    let image = try set.selecting([digit]).resized(to: ImageSize(height: side, width: side))
    for y in 0..<side {
      for x in 0..<side where (0..<height).contains(top + y) && (0..<width).contains(left + x) {
        let ink = Float(image.pixels[y * side + x]) / 255 * strength
        let place = (top + y) * width + left + x
        pixels[place] = UInt8(Float(pixels[place]) * (1 - ink))
      }
    }
  }

  package mutating func fill(_ columns: Range<Int>, _ rows: Range<Int>, with level: UInt8) {
    for y in rows.clamped(to: 0..<height) {
      for x in columns.clamped(to: 0..<width) { pixels[y * width + x] = level }
    }
  }

  /// Light that falls off to this share at the right.
  package mutating func shade(to least: Float) {
    for place in pixels.indices {
      let share = 1 - (1 - least) * Float(place % width) / Float(width)
      pixels[place] = UInt8(Float(pixels[place]) * share)
    }
  }

  package mutating func addNoise(_ deviation: Float, seed: UInt64 = 1) {
    var generator = Philox(seed: seed, purpose: .general)
    for place in pixels.indices {
      let bell = (0..<4).reduce(Float(-2)) { sum, _ in sum + generator.uniform() } * 1.732
      pixels[place] = UInt8(min(255, max(0, Float(pixels[place]) + deviation * bell)))
    }
  }

  package mutating func invert() { pixels = pixels.map { 255 - $0 } }

  package static let cell = 48
  private static let margin = 40

  /// A table of digits; in row r they are r mod 10.
  ///
  /// - Parameter line: how thick the lines between cells are, in pixels.
  package static func sheet(rows: Int, columns: Int, line: Int = 0, writer: Int = 600) throws -> DrawnPage {
    var page = DrawnPage(width: columns * cell + 2 * margin, height: rows * cell + 2 * margin)
    let digits = SyntheticDigits().imageSet(
      writers: writer..<writer + 1, perWriter: 10 * columns * (rows + 9) / 10, name: "digits")
    var generator = Philox(seed: 3, purpose: .general)
    for row in 0..<rows {
      for column in 0..<columns {
        let number = (row / 10 * columns + column) * 10 + row % 10
        let stray = (x: generator.integer(below: 7) - 3, y: generator.integer(below: 7) - 3)
        try page.write(
          number, of: digits, side: 40, left: margin + column * cell + 4 + stray.x,
          top: margin + row * cell + 4 + stray.y)
      }
    }
    guard line > 0 else { return page }
    for row in 0...rows {
      let y = margin + row * cell
      page.fill(margin..<page.width - margin, y - line / 2..<y - line / 2 + line, with: 20)
    }
    for column in 0...columns {
      let x = margin + column * cell
      page.fill(x - line / 2..<x - line / 2 + line, margin..<page.height - margin, with: 20)
    }
    return page
  }
}
