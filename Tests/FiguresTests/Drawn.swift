import Figures
import Groundwork
import ImageSets

/// A figure's PNG, as pixels.
struct Drawn {
  let picture: ImageSet

  init(_ figure: some Figure) throws {
    picture = try PictureFormat.decode(figure.rendered(as: .png), file: "figure.png", background: 255)
  }

  var width: Int { picture.shape.width }
  var height: Int { picture.shape.height }

  func color(x: Int, y: Int) -> [UInt8] {
    let at = (y * width + x) * 3
    return Array(picture.pixels[at..<at + 3])
  }

  /// Whether nothing touches the edge: a ring of paper, some pixels wide, goes all the way round.
  func hasMargin(_ margin: Int = 8) -> Bool {
    (0..<height).allSatisfy { y in
      (0..<width).allSatisfy { x in
        min(x, y, width - 1 - x, height - 1 - y) >= margin || color(x: x, y: y) == [255, 255, 255]
      }
    }
  }

  /// Rows of pixels with any ink.
  var inkedRows: Int {
    (0..<height).filter { y in (0..<width).contains { color(x: $0, y: y) != [255, 255, 255] } }.count
  }
}

struct Words: Figure {
  var caption: String
  func layout(measuredOn canvas: Canvas) -> Layout { Layout(width: 30, height: 12) { _ in } }
}
