/// A small grey image of any size.
package struct Bitmap {
  package let width: Int
  package let height: Int
  /// (y, x)
  private var pixels: [UInt8]

  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = [UInt8](repeating: 0, count: width * height)
  }

  /// The tight box round the pixels of a square image that are over a threshold: those 255, the others 0. It is 0×0
  /// when there are none.
  package init(inkOf grey: [UInt8], side: Int, over threshold: UInt8) {
    let ink = grey.indices.filter { grey[$0] > threshold }
    let columns = ink.map { $0 % side }
    guard let first = ink.first, let last = ink.last, let left = columns.min(), let right = columns.max() else {
      self.init(width: 0, height: 0)
      return
    }
    let top = first / side
    self.init(width: right - left + 1, height: last / side - top + 1)
    for index in ink { self[index % side - left, index / side - top] = 255 }
  }

  package subscript(x: Int, y: Int) -> UInt8 {
    get { pixels[y * width + x] }
    set { pixels[y * width + x] = newValue }
  }

  /// Bilinear, without averaging when it shrinks: each new pixel mixes the four old ones next to its own middle.
  package func resized(width newWidth: Int, height newHeight: Int) -> Bitmap {
    let columns = Self.neighbours(in: width, of: newWidth)
    let rows = Self.neighbours(in: height, of: newHeight)
    var result = Bitmap(width: newWidth, height: newHeight)
    for (y, row) in rows.enumerated() {
      for (x, column) in columns.enumerated() {
        func across(_ line: Int) -> Float {
          (1 - column.share) * Float(self[column.first, line]) + column.share * Float(self[column.second, line])
        }
        let value = (1 - row.share) * across(row.first) + row.share * across(row.second)
        result[x, y] = UInt8(min(255, (value + 0.5).rounded(.down)))
      }
    }
    return result
  }

  /// For each of `new` pixels along a side the two of `old` next to its middle, and the second one's share.
  private static func neighbours(in old: Int, of new: Int) -> [(first: Int, second: Int, share: Float)] {
    (0..<new).map { index in
      let place = min(Float(old - 1), max(0, (Float(index) + 0.5) * Float(old) / Float(new) - 0.5))
      let first = Int(place)
      return (first, min(first + 1, old - 1), place - Float(first))
    }
  }
}
