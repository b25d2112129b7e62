import ImageSets

/// An image's orientation: one of the eight symmetries of the square, a flip and quarter turns.
///
/// They are exact permutations of a square image's pixels, so whoever knows which one was done can undo it to the bit.
public enum Orientation: String, CaseIterable, Codable, Sendable {
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

  /// Its place among `allCases`, which is the order of an orientation network's outputs.
  public var number: Int { Self.numbered.firstIndex(of: self) ?? 0 }

  /// In words: "up-down flip", "rotation by 90 degrees".
  public var label: String {
    switch self {
    case .upDownFlip: "up-down flip"
    case .leftRightFlip: "left-right flip"
    case .rotation90, .rotation180, .rotation270: "rotation by \(90 * parts.turns) degrees"
    default: rawValue
    }
  }

  /// This one first, then `next`.
  public func followed(by next: Orientation) -> Orientation {
    // A flip turns the sense of the turns before it round.
    let (first, second) = (parts, next.parts)
    return Orientation(
      isFlipped: first.isFlipped != second.isFlipped,
      turns: second.turns + (second.isFlipped ? -first.turns : first.turns))
  }

  /// What undoes it. A flip undoes itself, about whichever axis.
  public var inverse: Orientation {
    parts.isFlipped ? self : Orientation(isFlipped: false, turns: -parts.turns)
  }

  /// For each pixel of a square image that lies so, the pixel of the upright one that is seen there. (side · side)
  public func sources(side: Int) -> [Int32] {
    let end = side - 1
    return (0..<side * side).map { place in
      let (y, x) = (place / side, place % side)
      let (row, column) =
        switch self {
        case .upright: (y, x)
        case .upDownFlip: (end - y, x)
        case .leftRightFlip: (y, end - x)
        case .rotation90: (x, end - y)
        case .rotation180: (end - y, end - x)
        case .rotation270: (end - x, y)
        case .transposition: (x, y)
        case .antitransposition: (end - x, end - y)
        }
      return Int32(row * side + column)
    }
  }
}

/// All eight orientations of square images of one size, made ready.
public struct OrientationTable: Sendable {
  public let side: Int
  public let channels: Int
  private let sources: [[Int32]]

  /// - Precondition: `side` and `channels` are at least 1, and the image has fewer than 2³¹ pixels.
  public init(side: Int, channels: Int = 1) {
    precondition(side >= 1 && side < 46_341 && channels >= 1, "a square image has at least one pixel")
    self.side = side
    self.channels = channels
    sources = Orientation.allCases.map { $0.sources(side: side) }
  }

  /// Lays an image of (side, side, channels) values as `orientation` says.
  ///
  /// - Precondition: `target` and `source` do not overlap.
  public func apply<Value>(
    _ source: UnsafePointer<Value>, as orientation: Orientation, into target: UnsafeMutablePointer<Value>
  ) {
    sources[orientation.number].withUnsafeBufferPointer { sources in
      if channels == 1 {
        for place in 0..<side * side { target[place] = source[Int(sources[place])] }
      } else {
        for place in 0..<side * side {
          for channel in 0..<channels {
            target[place * channels + channel] = source[Int(sources[place]) * channels + channel]
          }
        }
      }
    }
  }
}

extension ImageSet {
  /// Each image laid as `orientation` says of its number; labels stay.
  ///
  /// - Precondition: The images are square.
  public func oriented(by orientation: (Int) -> Orientation) -> ImageSet {
    precondition(shape.height == shape.width, "only square images can be laid on themselves in eight ways")
    let table = OrientationTable(side: shape.height, channels: shape.channels)
    return replacingPixels(
      pixels.withUnsafeBufferPointer { source in
        [UInt8](unsafeUninitializedCapacity: source.count) { target, filled in
          for image in 0..<count {
            let place = image * shape.size
            table.apply(source.baseAddress! + place, as: orientation(image), into: target.baseAddress! + place)
          }
          filled = source.count
        }
      })
  }
}
