/// What the authors of Kannada-MNIST did with each scanned cell (V. U. Prabhu, "Kannada-MNIST", arXiv:1908.01242, and
/// the program published with it): part ink from paper at Otsu's threshold, take the tight box round the ink, bring its
/// longer side to 20 pixels, and put the centre of mass into the middle of 28×28.
package enum Preparation {
  private static let side = Cell.side
  private static let boxSide = 20

  /// The finished image, (y, x), 0 is paper and 255 ink. An empty cell gives an empty image.
  static func image(of cell: Cell) -> [UInt8] {
    let grey = cell.darkness.map { UInt8(min(255, max(0, $0 * 255))) }
    let tight = Bitmap(inkOf: grey, side: side, over: otsuThreshold(of: grey))
    let longer = max(tight.width, tight.height)
    guard longer > 0 else { return [UInt8](repeating: 0, count: side * side) }
    func scaled(_ length: Int) -> Int { max(1, (2 * length * boxSide + longer) / (2 * longer)) }
    return centred(tight.resized(width: scaled(tight.width), height: scaled(tight.height)))
  }

  /// The level that parts grey values into two groups with the greatest variance between them (N. Otsu, "A threshold
  /// selection method from gray-level histograms", 1979). Pixels over it are ink.
  package static func otsuThreshold(of grey: [UInt8]) -> UInt8 {
    var histogram = [Int](repeating: 0, count: 256)
    for value in grey { histogram[Int(value)] += 1 }
    let sum = histogram.indices.reduce(0) { $0 + $1 * histogram[$1] }
    var (countBelow, sumBelow, greatest, threshold) = (0, 0, Float(-1), 0)
    for level in histogram.indices where histogram[level] > 0 {
      countBelow += histogram[level]
      sumBelow += level * histogram[level]
      let countAbove = grey.count - countBelow
      if countAbove == 0 { break }
      let difference = Float(sumBelow) / Float(countBelow) - Float(sum - sumBelow) / Float(countAbove)
      let variance = Float(countBelow) * Float(countAbove) * difference * difference
      if variance > greatest { (greatest, threshold) = (variance, level) }
    }
    return UInt8(threshold)
  }

  /// Puts the centre of mass as near to the middle as whole pixels allow; what comes to lie outside is lost.
  package static func centred(_ fitted: Bitmap) -> [UInt8] {
    let (left, top) = offset(of: fitted)
    var image = [UInt8](repeating: 0, count: side * side)
    for y in max(0, -top)..<max(0, -top, min(fitted.height, side - top)) {
      for x in max(0, -left)..<max(0, -left, min(fitted.width, side - left)) {
        image[(y + top) * side + x + left] = fitted[x, y]
      }
    }
    return image
  }

  /// Where the first pixel of a fitted digit comes to lie.
  package static func offset(of fitted: Bitmap) -> (left: Int, top: Int) {
    var (mass, momentX, momentY) = (0, 0, 0)
    for y in 0..<fitted.height {
      for x in 0..<fitted.width {
        let value = Int(fitted[x, y])
        mass += value
        momentX += x * value
        momentY += y * value
      }
    }
    func offset(_ moment: Int) -> Int {
      mass > 0 ? Int((Float(side) / 2 - Float(moment) / Float(mass)).rounded(.toNearestOrEven)) : 0
    }
    return (offset(momentX), offset(momentY))
  }
}
