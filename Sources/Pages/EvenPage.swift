import Support

/// A page with the light taken out: how dark its ink is, whatever shines or casts a shadow on it.
struct EvenPage: Sendable {
  /// 0 for paper and 255 for black, by the brightness of the paper around.
  let darkness: GrayPlane
  private let paper: PaperMap

  /// Where the paper is darker than this, it counts as being so bright, as the camera's noise is not less there.
  private static let darkestPaper: Float = 48
  /// The widest stroke, as a share of a digit's extent, and of a page's longer side.
  private static let widestStroke: Float = 0.8
  private static let widest: Float = 0.11

  /// - Parameters:
  ///   - isOnDarkPaper: whether light ink is the dark one.
  ///   - extent: of digits, in pixels, where it is known: whatever is broader is no stroke, but shadow.
  init(_ page: GrayPlane, isOnDarkPaper: Bool, extent: Float?) throws {
    let page =
      isOnDarkPaper ? GrayPlane(width: page.width, height: page.height, pixels: page.pixels.map { 255 - $0 }) : page
    let widest = extent.map { $0 * Self.widestStroke } ?? Float(page.longestSide) * Self.widest
    let paper = try PaperMap(page, widest: widest)
    self.paper = paper
    let darkness = [UInt8](unsafeUninitializedCapacity: page.pixels.count) { buffer, count in
      nonisolated(unsafe) let buffer = buffer
      Threads.forEachRange(of: page.height, grain: 16) { rows in
        page.pixels.withUnsafeBufferPointer { pixels in
          var line = [Float](repeating: 0, count: page.width)
          for y in rows {
            paper.fill(&line, row: y)
            for x in 0..<page.width {
              let share = (line[x] - Float(pixels[y * page.width + x])) / max(line[x], Self.darkestPaper)
              (buffer.baseAddress! + y * page.width + x).initialize(to: UInt8(min(255, max(0, 255 * share))))
            }
          }
        }
      }
      count = page.pixels.count
    }
    self.darkness = GrayPlane(width: page.width, height: page.height, pixels: darkness)
  }

  /// How unlike in brightness the paper is around a place: 0 where it is the same all around, up to 1.
  func unevenness(around box: Box) -> Float {
    let levels = paper.levels(in: box)
    guard let least = levels.min(), let most = levels.max() else { return 0 }
    return (most - least) / max(most, Self.darkestPaper)
  }

}
