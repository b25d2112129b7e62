import Figures
import ImageSets
import Support

/// A figure's PNG, as pixels.
struct Drawn {
  let image: ImageSet

  init(_ figure: some Figure) throws {
    image = try ImageFileFormat.decode(figure.rendered(as: .png), file: "figure.png", background: 255)[0].image
  }

  var width: Int { image.shape.width }
  var height: Int { image.shape.height }

  func color(x: Int, y: Int) -> [UInt8] {
    let at = (y * width + x) * 3
    return Array(image.pixels[at..<at + 3])
  }

  /// Whether nothing touches the edge: a ring of paper, some pixels wide, goes all the way round.
  func hasMargin(_ margin: Int = 8) -> Bool {
    (0..<height).allSatisfy { y in
      (0..<width).allSatisfy { x in
        min(x, y, width - 1 - x, height - 1 - y) >= margin || color(x: x, y: y) == [255, 255, 255]
      }
    }
  }

  /// Whether a pixel has that colour, but for rounding.
  func has(_ color: [UInt8], x: Int, y: Int) -> Bool {
    let at = (y * width + x) * 3
    for (channel, value) in color.enumerated() where abs(Int(image.pixels[at + channel]) - Int(value)) > 1 {
      return false
    }
    return true
  }

  /// How many pixels have that colour.
  func count(of color: [UInt8]) -> Int {
    (0..<width * height).count { has(color, x: $0 % width, y: $0 / width) }
  }

  /// The box around all pixels of that colour, in rows with at least `least` of them; nil without any.
  func box(of color: [UInt8], least: Int = 30) -> (x: ClosedRange<Int>, y: ClosedRange<Int>)? {
    let rows = (0..<height).map { y in (0..<width).filter { has(color, x: $0, y: y) } }
    let ys = rows.indices.filter { rows[$0].count >= least }
    let xs = ys.flatMap { rows[$0] }
    guard let left = xs.min(), let right = xs.max(), let top = ys.first, let bottom = ys.last else { return nil }
    return (left...right, top...bottom)
  }

  /// Rows of pixels with any ink.
  var inkedRows: Int {
    (0..<height).filter { y in (0..<width).contains { color(x: $0, y: y) != [255, 255, 255] } }.count
  }
}

extension Color {
  /// As a PNG has it
  var bytes: [UInt8] { [red, green, blue].map { UInt8(($0 * 255).rounded()) } }
}

struct Words: Figure {
  var caption: String
  func layout(measuredOn canvas: Canvas) -> Layout { Layout(width: 30, height: 12) { _ in } }
}
