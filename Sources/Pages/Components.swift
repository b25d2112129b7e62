import Support

/// Connected ink.
struct Component: Sendable {
  private(set) var box = Box(left: 0, top: 0, right: 0, bottom: 0)
  /// Pixels.
  private(set) var area = 0
  /// Their sum.
  private var darkness = 0
  private var origin = SIMD2<Int>.zero
  /// Sums of x and y, and of x², y² and xy, from the origin.
  private var first = SIMD2<Float>.zero
  private var second = SIMD3<Float>.zero

  var meanDarkness: Float { Float(darkness) / Float(max(1, area)) }

  /// Pixels across its length, as if it were one stroke.
  var breadth: Float { Float(area) / Float(max(1, box.extent)) }

  /// Of an even stroke that has the same spread: its length and its thickness.
  var stroke: (length: Float, thickness: Float) {
    let count = Float(max(1, area))
    let mean = first / count
    let (xx, yy, xy) = (
      second.x / count - mean.x * mean.x, second.y / count - mean.y * mean.y, second.z / count - mean.x * mean.y
    )
    let (half, spread) = ((xx + yy) / 2, (((xx - yy) / 2) * ((xx - yy) / 2) + xy * xy).squareRoot())
    return ((12 * (half + spread)).squareRoot(), (12 * max(1 / 12, half - spread)).squareRoot())
  }

  /// Both as one.
  func joined(with other: Component) -> Component {
    var all = self
    let shift = SIMD2(Float(other.origin.x - origin.x), Float(other.origin.y - origin.y))
    let count = Float(other.area)
    all.box = box.union(other.box)
    all.area += other.area
    all.darkness += other.darkness
    all.first += other.first + count * shift
    all.second += other.second + count * SIMD3(shift.x * shift.x, shift.y * shift.y, shift.x * shift.y)
    all.second += SIMD3(
      2 * shift.x * other.first.x, 2 * shift.y * other.first.y, shift.x * other.first.y + shift.y * other.first.x)
    return all
  }

  mutating func add(x: Int, y: Int, darkness: UInt8) {
    // From the first pixel, so that the sums stay small.
    if area == 0 { (origin, box) = (SIMD2(x, y), Box(left: x, top: y, right: x + 1, bottom: y + 1)) }
    box.include(x: x, y: y)
    area += 1
    self.darkness += Int(darkness)
    let place = SIMD2(Float(x - origin.x), Float(y - origin.y))
    first += place
    second += SIMD3(place.x * place.x, place.y * place.y, place.x * place.y)
  }
}

/// A page's ink in connected pieces.
struct Components: Sendable {
  let width: Int
  let height: Int
  /// Each pixel's component, −1 for paper. (y, x)
  var labels: [Int32]
  private(set) var all: [Component]

  /// - Parameter reach: ink over gaps of this many pixels is connected, too.
  init(of ink: BitPlane, darkness: GrayPlane, reach: Int = 0) throws {
    (width, height) = (ink.width, ink.height)
    let joined = reach > 0 ? try ink.closed(width: reach + 1, height: reach + 1) : ink
    labels = try joined.components()
    all = []
    labels.withUnsafeMutableBufferPointer { labels in
      darkness.pixels.withUnsafeBufferPointer { darkness in
        for y in 0..<height {
          for x in 0..<width {
            let place = y * width + x
            let label = Int(labels[place]) - 1
            guard label >= 0, reach == 0 || ink[x, y] else {
              labels[place] = -1
              continue
            }
            labels[place] = Int32(label)
            while all.count <= label { all.append(Component()) }
            all[label].add(x: x, y: y, darkness: darkness[place])
          }
        }
      }
    }
  }

  /// For each component the pieces that lie in it, of the same ink less joined.
  func members(_ pieces: Components) -> [[Int]] {
    var members = [[Int]](repeating: [], count: all.count)
    var isKnown = [Bool](repeating: false, count: pieces.all.count)
    for (place, piece) in pieces.labels.enumerated() where piece >= 0 && labels[place] >= 0 && !isKnown[Int(piece)] {
      isKnown[Int(piece)] = true
      members[Int(labels[place])].append(Int(piece))
    }
    return members
  }

  /// The usual extent of what could be a digit, in pixels: of half of all such ink it is less. Nil where there is none.
  var usualExtent: Float? {
    let longest = max(width, height)
    let likely = all.filter { piece in
      let (extent, breadth) = (piece.box.extent, min(piece.box.width, piece.box.height))
      return extent >= 6 && piece.area >= 12 && (extent * 3 <= longest || longest < 200) && breadth * 8 >= extent
        && (5...90).contains(100 * piece.area / (piece.box.width * piece.box.height))
    }.sorted { $0.box.extent < $1.box.extent }
    // Pieces with more ink count for more, so that specks do not outvote digits.
    return (likely.middle { $0.area * Int($0.meanDarkness * $0.meanDarkness) }).map { Float($0.box.extent) }
  }
}
