import ImageSets
import Testing

/// The authors' steps one by one, against OpenCV 4 (`cv2.threshold` with `THRESH_OTSU`; `cv2.resize`).
@Suite struct PreparationTests {
  @Test func otsu() {
    let grey: [UInt8] = [
      51, 38, 30, 16, 18, 2, 4, 0, 10, 48, 38, 54, 30, 36, 58, 43, 37, 32, 33, 56, 16, 48, 40, 0, 23, 51, 33, 2, 45, 43,
      230, 142, 131, 232, 122, 190, 130, 158, 182, 174, 172, 123,
    ]
    #expect(Preparation.otsuThreshold(of: grey) == 58)
    #expect(Preparation.otsuThreshold(of: grey.reversed()) == 58)
    let thin: [UInt8] = [0, 0, 0, 0, 0, 0, 30, 30, 40, 90, 120, 120, 200, 250]
    #expect(Preparation.otsuThreshold(of: thin) == 40)
    #expect(Preparation.otsuThreshold(of: [0, 0, 0]) == 0)
  }

  /// An image with a border of paper, so that the tight box has to be found: 7 wide, 5 high.
  private static let rows: [[UInt8]] = [
    [0, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 9, 9, 0, 0, 0],
    [0, 0, 9, 9, 0, 0, 0, 9, 0],
    [0, 9, 0, 0, 9, 9, 9, 0, 0],
    [0, 0, 9, 9, 9, 0, 0, 9, 0],
    [0, 9, 0, 0, 0, 9, 9, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0],
  ]

  @Test func tightBoxMadeSmaller() {
    let box = Bitmap(inkOf: Self.rows.flatMap { $0 }, side: 9, over: 8)
    #expect(box.width == 7 && box.height == 5)
    #expect(values(box)[0] == [0, 0, 0, 255, 255, 0, 0])
    expectNear(
      values(box.resized(width: 4, height: 3)), [[32, 95, 170, 53], [159, 32, 255, 96], [138, 85, 159, 117]])
  }

  @Test func tightBoxMadeLarger() {
    let box = Bitmap(inkOf: [1, 0, 0, 0, 1, 0, 0, 0, 1], side: 3, over: 0)
    expectNear(values(box.resized(width: 3, height: 3)), values(box))
    let upper = Bitmap(inkOf: [1, 0, 1, 0, 1, 0, 0, 0, 0], side: 3, over: 0)
    expectNear(
      values(upper.resized(width: 5, height: 4)),
      [[255, 153, 0, 153, 255], [191, 140, 64, 140, 191], [64, 115, 191, 115, 64], [0, 102, 255, 102, 0]])
  }

  @Test func paperAlone() {
    let box = Bitmap(inkOf: [7, 7, 7, 7], side: 2, over: 7)
    #expect(box.width == 0 && box.height == 0)
  }

  private func values(_ bitmap: Bitmap) -> [[Int]] {
    (0..<bitmap.height).map { y in (0..<bitmap.width).map { x in Int(bitmap[x, y]) } }
  }

  /// OpenCV computes with fixed-point weights: half a grey level may round the other way.
  private func expectNear(_ actual: [[Int]], _ expected: [[Int]]) {
    #expect(actual.map(\.count) == expected.map(\.count))
    for (a, b) in zip(actual.joined(), expected.joined()) { #expect(abs(a - b) <= 1, "\(actual)") }
  }
}
