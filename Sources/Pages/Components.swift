import Support

/// Connected ink.
struct Component: Sendable {
  var box: Box
  /// Pixels.
  var area: Int
  /// Their sum.
  var darkness: Int

  var meanDarkness: Float { Float(darkness) / Float(max(1, area)) }

  mutating func join(_ other: Component) {
    box = area == 0 ? other.box : box.union(other.box)
    area += other.area
    darkness += other.darkness
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
    let empty = Component(box: Box(left: .max, top: .max, right: 0, bottom: 0), area: 0, darkness: 0)
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
            while all.count <= label { all.append(empty) }
            all[label].box.include(x: x, y: y)
            all[label].area += 1
            all[label].darkness += Int(darkness[place])
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
        && piece.area * 10 <= piece.box.width * piece.box.height * 9
    }.sorted { $0.box.extent < $1.box.extent }
    // Long pieces count for more, so that specks do not outvote digits.
    var rest = likely.reduce(0) { $0 + $1.box.extent } / 2
    for piece in likely {
      rest -= piece.box.extent
      if rest <= 0 { return Float(piece.box.extent) }
    }
    return nil
  }
}
