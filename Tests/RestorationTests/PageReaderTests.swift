import Distortions
import ImageSets
import Pages
import Restoration
import TestSupport
import Testing

/// With the models that come with tiddu.
@Suite(.enabled(if: ShippedModels.path(of: ShippedModels.pageCorrector) != nil)) struct PageReaderTests {
  private func reader(areUpright: Bool = false) throws -> PageReader {
    try PageReader(
      Classifier(contentsOf: ShippedModels.reader),
      corrector: PageCorrector(
        Restorer(contentsOf: ShippedModels.pageCorrector, expecting: .onPages), areUpright: areUpright))
  }

  @Test(arguments: Orientation.allCases) func pagesAreReadHoweverTheyLie(orientation: Orientation) throws {
    let sheet = try DrawnPage.sheet(rows: 10, columns: 10)
    precondition(sheet.width == sheet.height, "a square can be turned")
    let picture = sheet.image.oriented { _ in orientation }
    let reading = try reader().read(Page.read(picture))
    try #require(reading.digits.count == 100)
    #expect(
      reading.digits.allSatisfy { $0.orientation.orientation == orientation && $0.orientation.probability > 0.99 })
    let grids = reading.grids
    try #require(grids.count == 1)
    #expect(grids[0].rows == 10 && grids[0].columns == 10)
    let right = reading.digits.count { $0.place?.row == Int($0.name) }
    #expect(right >= 95, "\(right) of 100 are read right")
    // In the order of rows, each in its columns.
    #expect(
      reading.digits.map { [$0.place?.row, $0.place?.column] }
        == (0..<10).flatMap { row in (0..<10).map { [row, $0] } })
  }

  @Test func pagesThatAreSaidToBeUprightStayAsTheyLie() throws {
    let picture = try DrawnPage.sheet(rows: 10, columns: 10).image.oriented { _ in .rotation180 }
    let reading = try reader(areUpright: true).read(Page.read(picture))
    #expect(reading.digits.allSatisfy { $0.orientation.orientation == .upright })
  }

  @Test func neighboursOnALineAreOneNumber() throws {
    let digits = SyntheticDigits().imageSet(.test, first: 10)
    var page = DrawnPage(width: 900, height: 420)
    for (number, left) in [(4, 60), (5, 150), (6, 420), (7, 510), (9, 600)] {
      try page.write(number, of: digits, side: 100, left: left, top: 50)
    }
    try page.write(8, of: digits, side: 100, left: 60, top: 260)
    let reading = try reader().read(Page.read(page.image))
    #expect(reading.digits.map(\.name) == ["4", "5", "6", "7", "9", "8"])
    #expect(reading.digits.map(\.number) == [0, 0, 1, 1, 1, 2])
  }

  @Test func nothingComesOfNothing() throws {
    let reading = try reader().read(Page.read(DrawnPage(width: 300, height: 200).image))
    #expect(reading.digits.isEmpty && reading.grids.isEmpty)
  }
}
