import ImageSets
import Pages
import TestSupport
import Testing

@Suite struct PageTests {
  /// Rows and columns of a page's first table, from 0.
  private func cells(of page: Page) -> Set<[Int]> {
    let places = page.digits.compactMap(\.place).filter { $0.grid == 0 }
    let (row, column) = (places.map(\.row).min() ?? 0, places.map(\.column).min() ?? 0)
    return Set(places.map { [$0.row - row, $0.column - column] })
  }

  private func all(_ rows: Int, _ columns: Int) -> Set<[Int]> {
    Set((0..<rows).flatMap { row in (0..<columns).map { [row, $0] } })
  }

  private func expectWhole(_ drawn: DrawnPage, rows: Int = 10, columns: Int = 12, _ what: String) throws {
    let page = try Page.read(drawn.image)
    #expect(page.digits.count == rows * columns, "\(what)")
    #expect(cells(of: page) == all(rows, columns), "\(what)")
  }

  @Test func sheetsWhateverTheLightAndTheLines() throws {
    let plain = try DrawnPage.sheet(rows: 10, columns: 12)
    try expectWhole(plain, "plain")
    try expectWhole(.sheet(rows: 10, columns: 12, line: 1), "thin lines")
    try expectWhole(.sheet(rows: 10, columns: 12, line: 3), "thick lines")
    var dim = plain
    dim.shade(to: 0.3)
    try expectWhole(dim, "a gradient of light")
    var noisy = plain
    noisy.addNoise(15)
    try expectWhole(noisy, "noise")
    var dark = plain
    dark.invert()
    try expectWhole(dark, "light ink on dark paper")
  }

  /// What crosses a line stays whole, and nothing of the line stays with it.
  @Test func linesLeaveDigitsAsTheyWere() throws {
    func images(line: Int) throws -> [Page.Place: [UInt8]] {
      let page = try Page.read(DrawnPage.sheet(rows: 10, columns: 12, line: line).image)
      let pixels = page.images.pixels
      return Dictionary(
        uniqueKeysWithValues: page.digits.enumerated().compactMap { number, digit in
          digit.place.map { ($0, Array(pixels[number * 784..<(number + 1) * 784])) }
        })
    }
    let (plain, lined) = (try images(line: 0), try images(line: 3))
    let first = (plain.keys.map(\.row).min() ?? 0, plain.keys.map(\.column).min() ?? 0)
    let linedFirst = (lined.keys.map(\.row).min() ?? 0, lined.keys.map(\.column).min() ?? 0)
    let alike = plain.count { place, image in
      let there = Page.Place(
        grid: 0, row: place.row - first.0 + linedFirst.0, column: place.column - first.1 + linedFirst.1)
      let different = zip(image, lined[there] ?? []).count { abs(Int($0) - Int($1)) > 128 }
      return lined[there] != nil && different < 40
    }
    #expect(alike >= 108, "\(alike) of 120 digits are as they were without lines")
  }

  @Test func framesAndEdgesAreNoDigits() throws {
    var page = try DrawnPage.sheet(rows: 8, columns: 9)
    page.fill(0..<page.width, 0..<9, with: 0)
    page.fill(0..<9, 0..<page.height, with: 0)
    page.fill(page.width - 4..<page.width, 100..<300, with: 30)
    try expectWhole(page, rows: 8, columns: 9, "a frame")
  }

  /// A gap in a stroke makes no second digit; two neighbours are two.
  @Test func strokesAreJoinedAndNeighboursAreNot() throws {
    let digits = SyntheticDigits().imageSet(.test, first: 10)
    var page = DrawnPage(width: 500, height: 240)
    try page.write(0, of: digits, side: 120, left: 60, top: 60)
    page.fill(60..<180, 117..<120, with: 245)
    try page.write(9, of: digits, side: 120, left: 220, top: 60)
    let found = try Page.read(page.image)
    #expect(found.digits.count == 2)
    #expect(found.digits.allSatisfy { $0.place == nil && $0.box.height > 60 })
  }

  @Test func digitsArePreparedAsTheDatasetHasThem() throws {
    let digits = SyntheticDigits().imageSet(.test, first: 10)
    for digit in 0..<10 {
      var page = DrawnPage(width: 320, height: 300)
      try page.write(digit, of: digits, side: 140, left: 80, top: 70)
      let found = try Page.read(page.image)
      try #require(found.digits.count == 1)
      let (one, original) = (
        found.images.pixels.map { Double($0) }, digits.selecting([digit]).pixels.map { Double($0) }
      )
      let product = zip(one, original).reduce(0) { $0 + $1.0 * $1.1 }
      let likeness = product / (one.reduce(0) { $0 + $1 * $1 } * original.reduce(0) { $0 + $1 * $1 }).squareRoot()
      #expect(likeness > 0.8, "digit \(digit) is only \(likeness) like what was written")
    }
  }

  @Test func pagesWithoutWriting() throws {
    for level in [0, 128, 255] as [UInt8] {
      #expect(try Page.read(DrawnPage(width: 400, height: 300, paper: level).image).digits.isEmpty)
    }
    var noise = DrawnPage(width: 800, height: 600, paper: 220)
    noise.addNoise(12)
    #expect(try Page.read(noise.image).digits.isEmpty)
    for (width, height) in [(1, 1), (5, 5), (3, 400), (400, 3)] {
      var tiny = DrawnPage(width: width, height: height, paper: 200)
      tiny.addNoise(40)
      #expect(try Page.read(tiny.image).digits.isEmpty, "\(width)×\(height)")
    }
  }

  /// What is not replaced stays as it is, to the bit; a replaced digit is found again where it stood.
  @Test func digitsAreReplacedInTheirPlace() throws {
    let digits = SyntheticDigits().imageSet(.test, first: 10)
    var page = DrawnPage(width: 500, height: 200)
    try page.write(2, of: digits, side: 110, left: 50, top: 40)
    try page.write(7, of: digits, side: 110, left: 300, top: 40)
    let found = try Page.read(page.image)
    try #require(found.digits.count == 2)
    #expect(found.replacing([], in: page.image, with: found.images) == page.image)
    let other = found.images.replacingPixels(
      Array(found.images.pixels[784...]) + Array(found.images.pixels[..<784]))
    let left = found.digits[0].box.left < found.digits[1].box.left ? 0 : 1
    let changed = found.replacing([left], in: page.image, with: other)
    let isRightTheSame = (0..<200).allSatisfy { y in
      changed.pixels[y * 500 + 250..<(y + 1) * 500] == page.pixels[y * 500 + 250..<(y + 1) * 500]
    }
    #expect(isRightTheSame)
    let again = try Page.read(changed)
    try #require(again.digits.count == 2)
    #expect(abs((again.digits.map(\.box.left).min() ?? 0) - found.digits[left].box.left) < 20)
    let likeness = zip(again.images.pixels[..<784], again.images.pixels[784...]).count { abs(Int($0) - Int($1)) < 96 }
    #expect(likeness > 700, "the first digit looks like the second one now")
  }
}
