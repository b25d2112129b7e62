import Support

/// Ink that belongs together but for small gaps, and could be a digit.
struct Mark: Sendable {
  var ink: Component
  /// Its connected pieces.
  var pieces: [Int]
}

/// What digits on a page are like: ink that differs much is none of them.
struct Likeness: Sendable {
  /// The usual extent of a digit, in pixels.
  let extent: Float
  /// The usual mean darkness of a digit's ink.
  let darkness: Float
  /// Half of all ink is in strokes less broad than this, counting a digit as one stroke of its extent.
  private let breadth: Float

  /// Digits are from so many to so many times as large as most.
  static let smallest: Float = 0.35
  private static let largest: Float = 2.5
  /// Ink that is so much lighter than most is none of the writing.
  private static let lightest: Float = 0.45
  /// Ink that is so much less broad than most is the rest of a line: a digit's curves make it several times as broad as its
  /// stroke is thick.
  private static let thinnest: Float = 0.3
  private static let straight: Float = 6
  private static let mostUneven: Float = 0.25

  init(extent: Float, of groups: [Component]) {
    self.extent = extent
    let likely = groups.filter { Self.sizes(extent).contains(Float($0.box.extent)) }
    darkness =
      likely.sorted { $0.meanDarkness < $1.meanDarkness }.middle { $0.area * Int($0.meanDarkness) }?.meanDarkness ?? 255
    breadth = likely.sorted { $0.breadth < $1.breadth }.middle { $0.area }?.breadth ?? 0
  }

  private static func sizes(_ extent: Float) -> ClosedRange<Float> { smallest * extent...max(1, largest * extent) }

  func isDarkEnough(_ ink: Component) -> Bool { ink.meanDarkness >= Self.lightest * darkness }

  /// Whether ink could be a digit on a page.
  func allows(_ ink: Component, on page: EvenPage) -> Bool {
    guard Self.sizes(extent).contains(Float(ink.box.extent)), isDarkEnough(ink) else { return false }
    // Beside the edge of a sheet there is paper on one side, and what it lies on at the other.
    let isBetween = Self.isStraight(ink) && page.unevenness(around: ink.box) > Self.mostUneven
    return !isHair(ink) && !isBetween && !Self.isEdge(ink.box, of: page.darkness)
  }

  /// Whether ink is the rest of a line, or of several that meet.
  func isHair(_ ink: Component) -> Bool { ink.breadth < Self.thinnest * breadth }

  private static func isStraight(_ ink: Component) -> Bool {
    let stroke = ink.stroke
    return stroke.thickness * straight < stroke.length
  }

  /// Whether ink is what a scanner leaves along a page's edges, or what a picture's edge cuts.
  private static func isEdge(_ box: Box, of page: GrayPlane) -> Bool {
    let margin = max(2, page.longestSide / 200)
    let isAtEdge =
      box.left < margin || box.top < margin || box.right > page.width - margin || box.bottom > page.height - margin
    return isAtEdge && min(box.width, box.height) * 5 <= box.extent
  }
}

extension Array {
  /// The one that as much weight lies before as behind, in this order.
  func middle(by weight: (Element) -> Int) -> Element? {
    var rest = reduce(0) { $0 + weight($1) } / 2
    for element in self {
      rest -= weight(element)
      if rest <= 0 { return element }
    }
    return last
  }
}
