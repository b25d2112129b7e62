import ImageSets
import Support

/// Whose ink is where on a page.
struct Writing: Sendable {
  private let width: Int
  private let height: Int
  private let scale: Float
  /// Each pixel's piece, and each piece's digit; −1 for none.
  private let labels: [Int32]
  private let owners: [Int32]

  init(_ digits: [DigitShape], _ page: InkedPage) {
    (width, height, scale) = (page.darkness.width, page.darkness.height, page.scale)
    labels = page.pieces.labels
    var owners = [Int32](repeating: -1, count: page.pieces.all.count)
    for (number, digit) in digits.enumerated() {
      for piece in digit.pieces { owners[piece] = Int32(number) }
    }
    self.owners = owners
  }

  /// Whose ink is at a pixel of the picture, or next to it; nil where there is only paper or anything else.
  func digit(x: Int, y: Int) -> Int? {
    let (column, row) = (Int((Float(x) + 0.5) * scale), Int((Float(y) + 0.5) * scale))
    for near in max(0, row - 1)...max(0, min(height - 1, row + 1)) {
      for beside in max(0, column - 1)...max(0, min(width - 1, column + 1)) {
        let label = labels[min(near, height - 1) * width + min(beside, width - 1)]
        if label >= 0, owners[Int(label)] >= 0 { return Int(owners[Int(label)]) }
      }
    }
    return nil
  }
}

extension Page {
  /// The picture with digits replaced by other images of them, in their own ink and on their own paper.
  ///
  /// - Parameters:
  ///   - numbers: of those that are replaced.
  ///   - picture: that the page was read from, in grey or in colours.
  ///   - digits: in the order and the orientation of `images`. (N, 28, 28, 1)
  package func replacing(_ numbers: some Sequence<Int>, in picture: ImageSet, with digits: ImageSet) -> ImageSet {
    precondition(
      picture.shape.imageSize == size && digits.count == self.digits.count, "the page's own picture is wanted")
    var pixels = picture.pixels
    for number in numbers { replace(number, by: digits, in: picture, &pixels) }
    return picture.replacingPixels(pixels)
  }

  private func replace(_ number: Int, by digits: ImageSet, in picture: ImageSet, _ pixels: inout [UInt8]) {
    let (frame, side, channels) = (self.digits[number].frame, digits.shape.width, picture.shape.channels)
    let corners = [(0, 0), (side, 0), (0, side), (side, side)].map { x, y in
      frame.origin + Float(x) * frame.right + Float(y) * frame.down
    }
    let low = corners.reduce(corners[0], pointwiseMin)
    let high = corners.reduce(corners[0], pointwiseMax)
    func range(_ low: Float, _ high: Float, _ count: Int) -> Range<Int> {
      let first = min(count, max(0, Int(low)))
      return first..<min(count, max(first, Int(high) + 2))
    }
    let (rows, columns) = (range(low.y, high.y, size.height), range(low.x, high.x, size.width))
    let colors = inkAndPaper(of: number, in: picture, rows, columns)
    let image = GrayPlane(
      width: side, height: side,
      pixels: Array(digits.pixels[number * digits.shape.size..<(number + 1) * digits.shape.size]))
    for y in rows {
      for x in columns {
        let place = frame.pixel(at: SIMD2(Float(x), Float(y)))
        let isInside = place.x > -1 && place.y > -1 && place.x < Float(side) && place.y < Float(side)
        let ink = isInside ? image.value(x: place.x, y: place.y) / 255 : 0
        guard ink > 0 || writing.digit(x: x, y: y) == number else { continue }
        for channel in 0..<channels {
          let value = colors.paper[channel] + ink * (colors.ink[channel] - colors.paper[channel])
          pixels[(y * size.width + x) * channels + channel] = UInt8(min(255, max(0, value)))
        }
      }
    }
  }

  /// The means of a digit's fullest ink and of the paper around it, by channel.
  private func inkAndPaper(of number: Int, in picture: ImageSet, _ rows: Range<Int>, _ columns: Range<Int>) -> (
    ink: [Float], paper: [Float]
  ) {
    let channels = picture.shape.channels
    var (inked, bare) = ([[Float]](), [[Float]]())
    for y in rows {
      for x in columns {
        let owner = writing.digit(x: x, y: y)
        guard owner == nil || owner == number else { continue }
        let first = (y * size.width + x) * channels
        let color = picture.pixels[first..<first + channels].map { Float($0) }
        if owner == nil { bare.append(color) } else { inked.append(color) }
      }
    }
    func mean(_ colors: some Collection<[Float]>) -> [Float] {
      (0..<channels).map { channel in colors.reduce(0) { $0 + $1[channel] } / Float(max(1, colors.count)) }
    }
    let paper = mean(bare)
    func contrast(_ color: [Float]) -> Float { zip(color, paper).reduce(0) { $0 + abs($1.0 - $1.1) } }
    // The rest fades from ink to paper.
    let full = inked.sorted { contrast($0) > contrast($1) }.prefix(max(1, inked.count / 3))
    return (mean(full), paper)
  }
}
