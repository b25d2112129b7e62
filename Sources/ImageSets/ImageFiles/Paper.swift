import Support

/// What image files are drawn on. Inside Tiddu 0 is paper and 255 ink, so that writing on light paper is inverted when it
/// is read and when it is written. Photographs have neither paper nor ink, and are never inverted. Colours are inverted
/// channel by channel; white paper is then 0 in all three, and blue ink stays blue on the way through.
package enum Paper: String, Sendable, CaseIterable, Codable {
  /// Dark ink on light paper: scans, screenshots.
  case light
  /// Light ink on dark paper: images exported from MNIST and its kin as they are stored.
  case dark
  /// No paper: photographs, and whatever else is not writing.
  case none

  /// Told from a set as its files have it, one decision for all. Coloured images have no paper. Grey ones have it where
  /// in at least half of the images most pixels are about as bright as the most frequent one, or lie at an end of the
  /// scale: the paper is then light where it is brighter than what is on it.
  init(of set: ImageSet) { self = Self.judged(set).paper }

  /// With whether nine of ten images agree.
  static func judged(_ set: ImageSet) -> (paper: Paper, isSure: Bool) {
    guard set.shape.channels == 1, set.count > 0 else { return (.none, true) }
    let looks = min(set.count, 1000)
    let votes = Threads.mapRanges(of: looks, grain: 16) { range in
      range.map { Self.paper(of: set, image: $0 * set.count / looks) }
    }.flatMap(\.self)
    let writing = votes.count { $0 != .none }
    let light = votes.count { $0 == .light }
    let paper = writing * 2 < votes.count ? Paper.none : light * 2 >= writing ? .light : .dark
    return (paper, votes.count { $0 == paper } * 10 >= votes.count * 9)
  }

  private static func paper(of set: ImageSet, image: Int) -> Paper {
    let histogram = Histogram(set.pixels[image * set.shape.size..<(image + 1) * set.shape.size])
    let paper = histogram.background
    guard histogram.count(in: paper) * 2 > set.shape.size else { return .none }
    let others = histogram.counts.indices.filter { !paper.contains($0) }
    let weight = others.reduce(0) { $0 + histogram.counts[$1] }
    // An image without ink says by its brightness alone what it is.
    guard weight > 0 else { return histogram.level >= 128 ? .light : .dark }
    let mean = others.reduce(0) { $0 + histogram.counts[$1] * $1 } / weight
    return histogram.level > mean ? .light : .dark
  }

  /// The nearest choice for a model of writing, where the images themselves say that they are none: by their borders.
  static func ofWriting(_ set: ImageSet) -> (paper: Paper, isSure: Bool) {
    let gray = set.convertedToGray()
    let told = judged(gray)
    return told.paper == .none ? (bordering(gray), false) : told
  }

  /// Light if at least half of the pixels along the borders of grey images are 128 or more.
  private static func bordering(_ gray: ImageSet) -> Paper {
    let (height, width) = (gray.shape.height, gray.shape.width)
    var (light, total) = (0, 0)
    for image in 0..<gray.count {
      for row in 0..<height {
        for column in row == 0 || row == height - 1 ? Array(0..<width) : [0, width - 1] {
          light += gray.pixels[image * gray.shape.size + row * width + column] >= 128 ? 1 : 0
          total += 1
        }
      }
    }
    return light * 2 >= total ? .light : .dark
  }

  /// What shines through where an image is transparent.
  var background: UInt8 { self == .dark ? 0 : 255 }

  /// From the file's pixels to ours, or back.
  func turn(_ pixels: [UInt8]) -> [UInt8] {
    guard self == .light else { return pixels }
    return [UInt8](unsafeUninitializedCapacity: pixels.count) { turned, count in
      nonisolated(unsafe) let turned = turned
      Threads.forEachRange(of: pixels.count, grain: 1 << 18) { range in
        pixels.withUnsafeBufferPointer { pixels in
          for place in range { turned[place] = 255 - pixels[place] }
        }
      }
      count = pixels.count
    }
  }
}

extension ImageFileOptions {
  /// What a set as its files have it is drawn on, and whether that is clear.
  package func judgedPaper(of set: ImageSet) -> (paper: Paper, isSure: Bool) {
    paper.map { ($0, true) } ?? (isWriting ? Paper.ofWriting(set) : Paper.judged(set))
  }
}

/// How many of an image's pixels have each brightness.
struct Histogram {
  /// Levels on either side of the most frequent brightness that still are background.
  private static let spread = 24

  private(set) var counts = [Int](repeating: 0, count: 256)
  /// The brightness with most pixels around it, the lowest of equals.
  private(set) var level = 0

  init(_ pixels: ArraySlice<UInt8>) {
    pixels.withUnsafeBufferPointer { pixels in
      counts.withUnsafeMutableBufferPointer { counts in
        for pixel in pixels { counts[Int(pixel)] += 1 }
      }
    }
    var around = count(in: 0..<Self.spread)
    var most = -1
    for brightness in counts.indices {
      if brightness + Self.spread < counts.count { around += counts[brightness + Self.spread] }
      if brightness > Self.spread { around -= counts[brightness - Self.spread - 1] }
      if around > most { (most, level) = (around, brightness) }
    }
  }

  func count(in range: Range<Int>) -> Int { range.reduce(0) { $0 + counts[$1] } }

  /// Levels that are about as bright as it.
  var background: Range<Int> { around(level) }

  private func around(_ level: Int) -> Range<Int> { max(0, level - Self.spread)..<min(256, level + Self.spread + 1) }
}
