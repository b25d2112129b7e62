/// What the authors of Kannada-MNIST did with each scanned cell (V. U. Prabhu, "Kannada-MNIST", arXiv:1908.01242, and
/// the program published with it): cut into black and white by Otsu's threshold, take the tight box, bring its longer
/// side to 20 pixels, and move the centre of mass to the middle of 28×28.
enum Preparation {
  private static let side = Cell.side
  private static let box = 20

  /// The finished picture, (y, x), 0 is paper and 255 ink; empty paper stays empty.
  static func picture(of cell: Cell) -> [UInt8] {
    let grey = cell.darkness.map { UInt8(min(255, max(0, $0 * 255))) }
    let threshold = otsuThreshold(of: grey)
    let tight = Bitmap(grey: grey, side: side, over: threshold)
    guard tight.width > 0 else { return [UInt8](repeating: 0, count: side * side) }
    let longer = max(tight.width, tight.height)
    let fitted = tight.resized(
      width: scaled(tight.width, by: longer), height: scaled(tight.height, by: longer))
    return centred(fitted)
  }

  /// length × 20 / longer, rounded; at least a pixel.
  private static func scaled(_ length: Int, by longer: Int) -> Int {
    max(1, (2 * length * box + longer) / (2 * longer))
  }

  /// The grey level that parts the pixels into two groups with the largest variance between them (N. Otsu, "A threshold
  /// selection method from gray-level histograms", 1979); pixels over it are ink.
  static func otsuThreshold(of grey: [UInt8]) -> UInt8 {
    var histogram = [Int](repeating: 0, count: 256)
    for value in grey { histogram[Int(value)] += 1 }
    let total = histogram.indices.reduce(0) { $0 + $1 * histogram[$1] }
    var (below, sumBelow, best, threshold) = (0, 0, Float(-1), 0)
    for level in 0..<255 where histogram[level] > 0 {
      below += histogram[level]
      sumBelow += level * histogram[level]
      let above = grey.count - below
      guard above > 0 else { break }
      let difference = Float(sumBelow) / Float(below) - Float(total - sumBelow) / Float(above)
      let variance = Float(below) * Float(above) * difference * difference
      if variance > best { (best, threshold) = (variance, level) }
    }
    return UInt8(threshold)
  }

  /// Places the picture so that its centre of mass is as near to the middle as whole pixels allow; what then lies
  /// outside is lost.
  private static func centred(_ fitted: Bitmap) -> [UInt8] {
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
    let (left, top) = (offset(momentX), offset(momentY))
    var picture = [UInt8](repeating: 0, count: side * side)
    for y in max(0, -top)..<min(fitted.height, side - top) {
      for x in max(0, -left)..<min(fitted.width, side - left) {
        picture[(y + top) * side + x + left] = fitted[x, y]
      }
    }
    return picture
  }
}

/// A small grey picture of any size.
private struct Bitmap {
  let width: Int
  let height: Int
  /// (y, x)
  private var pixels: [UInt8]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = [UInt8](repeating: 0, count: width * height)
  }

  /// The tight box round the pixels over a threshold, in 0 and 255; no pixels at all when none is over it.
  init(grey: [UInt8], side: Int, over threshold: UInt8) {
    let ink = grey.indices.filter { grey[$0] > threshold }
    guard let first = ink.first, let last = ink.last else {
      self.init(width: 0, height: 0)
      return
    }
    let left = ink.reduce(side) { min($0, $1 % side) }
    let right = ink.reduce(0) { max($0, $1 % side) }
    let top = first / side
    self.init(width: right - left + 1, height: last / side - top + 1)
    for index in ink { self[index % side - left, index / side - top] = 255 }
  }

  subscript(x: Int, y: Int) -> UInt8 {
    get { pixels[y * width + x] }
    set { pixels[y * width + x] = newValue }
  }

  /// Bilinear: each new pixel reads the old ones round its own middle, with the border's repeated outside.
  func resized(width newWidth: Int, height newHeight: Int) -> Bitmap {
    let columns = Self.taps(from: width, to: newWidth)
    let rows = Self.taps(from: height, to: newHeight)
    var result = Bitmap(width: newWidth, height: newHeight)
    for (y, row) in rows.enumerated() {
      for (x, column) in columns.enumerated() {
        func across(_ line: Int) -> Float {
          (1 - column.share) * Float(self[column.first, line]) + column.share * Float(self[column.second, line])
        }
        let value = (1 - row.share) * across(row.first) + row.share * across(row.second)
        result[x, y] = UInt8(min(255, max(0, (value + 0.5).rounded(.down))))
      }
    }
    return result
  }

  /// For each new pixel of a row, the two old ones that it mixes and the second's share.
  private static func taps(from old: Int, to new: Int) -> [(first: Int, second: Int, share: Float)] {
    (0..<new).map { index in
      let place = min(Float(old - 1), max(0, (Float(index) + 0.5) * Float(old) / Float(new) - 0.5))
      let first = Int(place)
      return (first, min(first + 1, old - 1), place - Float(first))
    }
  }
}
