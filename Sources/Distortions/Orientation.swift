import ImageSets
import Support

/// An image's orientation: one of the eight symmetries of the square, a flip and quarter turns.
///
/// They are exact permutations of a square image's pixels, so whoever knows which one was done can undo it to the bit.
package enum Orientation: String, CaseIterable, Codable, Sendable {
  case upright
  case upDownFlip = "up-down-flip"
  case leftRightFlip = "left-right-flip"
  /// Counter-clockwise, as `Rotation` turns.
  case rotation90 = "rotation-90"
  case rotation180 = "rotation-180"
  case rotation270 = "rotation-270"
  /// Rows become columns: out(y, x) = in(x, y).
  case transposition
  /// The flip about the other diagonal: out(y, x) = in(N − 1 − x, N − 1 − y).
  case antitransposition

  /// A left-right flip, or none, and then so many quarter turns counter-clockwise: the eight are these pairs.
  private var parts: (isFlipped: Bool, turns: Int) {
    switch self {
    case .upright: (false, 0)
    case .rotation90: (false, 1)
    case .rotation180: (false, 2)
    case .rotation270: (false, 3)
    case .leftRightFlip: (true, 0)
    case .transposition: (true, 1)
    case .upDownFlip: (true, 2)
    case .antitransposition: (true, 3)
    }
  }

  private init(isFlipped: Bool, turns: Int) {
    self = (isFlipped ? Self.flipped : Self.turned)[(turns % 4 + 4) % 4]
  }

  // Made once, as images in training are asked for these by the thousand.
  private static let turned: [Orientation] = [.upright, .rotation90, .rotation180, .rotation270]
  private static let flipped: [Orientation] = [.leftRightFlip, .transposition, .upDownFlip, .antitransposition]
  private static let numbered = allCases

  /// A turn by this many degrees, a multiple of 90, counter-clockwise.
  package init(degrees: Int) { self.init(isFlipped: false, turns: degrees / 90) }

  /// Those that images of such a shape keep it in, in the order of an orientation network's outputs: all eight where they
  /// are square, else the four without a quarter turn.
  package static func all(for shape: ImageSet.Shape) -> [Orientation] {
    shape.height == shape.width ? allCases : allCases.filter(\.keepsSides)
  }

  /// Whether rows stay rows.
  var keepsSides: Bool { parts.turns % 2 == 0 }

  /// Its place among `allCases`.
  package var number: Int { Self.numbered.firstIndex(of: self) ?? 0 }

  /// In words: "up-down flip", "rotation by 90 degrees".
  package var label: String {
    switch self {
    case .upDownFlip: "up-down flip"
    case .leftRightFlip: "left-right flip"
    case .rotation90, .rotation180, .rotation270: "rotation by \(90 * parts.turns) degrees"
    default: rawValue
    }
  }

  /// This one first, then `next`.
  package func followed(by next: Orientation) -> Orientation {
    // A flip turns the sense of the turns before it round.
    let (first, second) = (parts, next.parts)
    return Orientation(
      isFlipped: first.isFlipped != second.isFlipped,
      turns: second.turns + (second.isFlipped ? -first.turns : first.turns))
  }

  /// What undoes it. A flip undoes itself, about whichever axis.
  package var inverse: Orientation {
    parts.isFlipped ? self : Orientation(isFlipped: false, turns: -parts.turns)
  }

  /// For each pixel of an image in this orientation, the pixel of the upright one that is seen there. (height · width)
  ///
  /// - Precondition: the image is square, or the orientation keeps its shape.
  package func sources(height: Int, width: Int) -> [Int32] {
    precondition(height == width || keepsSides, "\(rawValue) changes the shape of an image that is not square")
    let (bottom, right) = (height - 1, width - 1)
    return (0..<height * width).map { place in
      let (y, x) = (place / width, place % width)
      let (row, column) =
        switch self {
        case .upright: (y, x)
        case .upDownFlip: (bottom - y, x)
        case .leftRightFlip: (y, right - x)
        case .rotation90: (x, right - y)
        case .rotation180: (bottom - y, right - x)
        case .rotation270: (bottom - x, y)
        case .transposition: (x, y)
        case .antitransposition: (bottom - x, right - y)
        }
      return Int32(row * width + column)
    }
  }
}

/// All orientations that images of one shape can have, made ready.
package struct OrientationTable: Sendable {
  package let shape: ImageSet.Shape
  /// In the order of an orientation network's outputs.
  package let orientations: [Orientation]
  /// By `Orientation.number`; empty for those that change the shape.
  private let sources: [[Int32]]

  /// - Precondition: an image has fewer than 2³¹ pixels.
  package init(_ shape: ImageSet.Shape) {
    precondition(shape.height < 46_341 && shape.width < 46_341, "an image has fewer than 2^31 pixels")
    self.shape = shape
    let orientations = Orientation.all(for: shape)
    self.orientations = orientations
    sources = Orientation.allCases.map {
      orientations.contains($0) ? $0.sources(height: shape.height, width: shape.width) : []
    }
  }

  /// Turns an image of `shape` as `orientation` says.
  ///
  /// - Precondition: `orientation` is one of `orientations`; `target` and `source` do not overlap.
  package func apply<Value>(
    _ source: UnsafePointer<Value>, as orientation: Orientation, into target: UnsafeMutablePointer<Value>
  ) {
    let channels = shape.channels
    sources[orientation.number].withUnsafeBufferPointer { sources in
      precondition(sources.count == shape.height * shape.width, "\(orientation.rawValue) changes the image's shape")
      if channels == 1 {
        for place in sources.indices { target[place] = source[Int(sources[place])] }
      } else {
        for place in sources.indices {
          for channel in 0..<channels {
            target[place * channels + channel] = source[Int(sources[place]) * channels + channel]
          }
        }
      }
    }
  }
}

extension ImageSet {
  /// Each image turned as `orientation` says of its number; labels stay.
  ///
  /// - Precondition: The orientations keep the images' shape.
  package func oriented(by orientation: @Sendable (Int) -> Orientation) -> ImageSet {
    let (table, size) = (OrientationTable(shape), shape.size)
    func turned<Value>(_ all: [Value]) -> [Value] {
      all.withUnsafeBufferPointer { source in
        [Value](unsafeUninitializedCapacity: source.count) { target, filled in
          nonisolated(unsafe) let (source, target) = (source.baseAddress, target.baseAddress)
          Threads.forEachRange(of: count, grain: 64) { images in
            guard let source, let target else { return }
            for image in images {
              table.apply(source + image * size, as: orientation(image), into: target + image * size)
            }
          }
          filled = all.count
        }
      }
    }
    return values.map { replacingValues(turned($0)) } ?? replacingPixels(turned(pixels))
  }
}
