import Figures
import ImageSets
import Pages
import Support
import TestSupport
import Testing

/// A form that was printed and filled in, however it lies in its picture.
@Suite struct SheetFormDrawingTests {
  private let form: SheetForm
  /// Two pixels a point.
  private let filled: ImageSet
  private let cells: Set<[Int]>

  init() throws {
    form = try SheetForm(rows: 12, columns: 10)
    let png = try SheetFormDrawing(form, labels: (0..<10).map(String.init)).rendered(as: .png)
    let sheet = try ImageFileFormat.decode(png, file: "form.png", background: 255)[0].image.convertedToGray()
    var page = DrawnPage(width: sheet.shape.width, height: sheet.shape.height)
    page.pixels = sheet.pixels
    let digits = SyntheticDigits().imageSet(writers: 610..<611, perWriter: 120, name: "digits")
    var cells: Set<[Int]> = []
    for row in 0..<12 {
      for column in 0..<10 where (row * 7 + column * 3) % 11 != 0 {
        let corner = 2 * form.corner(row: row, column: column)
        let (width, height) = (2 * form.cellWidth, 2 * form.cellHeight)
        let side = Int(0.75 * min(width, height))
        try page.write(
          column * 10 + row % 10, of: digits, side: side, left: Int(corner.x + width / 2) - side / 2,
          top: Int(corner.y + height / 2) - side / 2)
        cells.insert([row, column])
      }
    }
    (filled, self.cells) = (page.image, cells)
  }

  private func expectCells(_ image: ImageSet, _ what: String) throws {
    let (found, page) = try #require(try Page.readForm(image), "\(what)")
    #expect(found == form, "\(what)")
    #expect(Set(page.digits.compactMap { $0.place.map { [$0.row, $0.column] } }) == cells, "\(what)")
    #expect(page.digits.count == cells.count, "\(what)")
  }

  @Test func everyFilledCellIsFound() throws {
    try expectCells(filled, "as it is")
    var dim = DrawnPage(width: filled.shape.width, height: filled.shape.height)
    dim.pixels = filled.pixels
    dim.shade(to: 0.5)
    dim.addNoise(6)
    try expectCells(dim.image, "unevenly lit, with noise")
    try expectCells(filled.turned(by: 2), "upside down")
    try expectCells(filled.turned(by: 1), "lying on its side")
  }

  @Test func picturesWithoutAForm() throws {
    #expect(try Page.readForm(DrawnPage.sheet(rows: 6, columns: 6).image) == nil)
    #expect(try Page.readForm(DrawnPage(width: 300, height: 200).image) == nil)
  }

  @Test func pdf() throws {
    let pdf = try SheetFormDrawing(form, labels: ["a", "ಬ"]).rendered(as: .pdf)
    #expect(pdf.starts(with: Array("%PDF-".utf8)))
  }
}

extension ImageSet {
  /// One grey image by quarter turns counter-clockwise.
  fileprivate func turned(by quarters: Int) -> ImageSet {
    var (pixels, height, width) = (pixels, shape.height, shape.width)
    for _ in 0..<quarters {
      let (before, high, wide) = (pixels, height, width)
      for y in 0..<wide { for x in 0..<high { pixels[y * high + x] = before[x * wide + wide - 1 - y] } }
      (height, width) = (wide, high)
    }
    return ImageSet(shape: .init(height: height, width: width, channels: 1), pixels: pixels, name: name, source: source)
  }
}
