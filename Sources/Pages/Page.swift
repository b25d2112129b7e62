import ImageSets
import Support

/// What is written on a page: its digits, found and prepared as the datasets' authors prepared theirs.
package struct Page: Sendable {
  /// Where a digit stands in a table.
  package struct Place: Sendable, Hashable, Codable {
    /// Which of the page's tables, the one with most digits first.
    package var grid: Int
    /// From 0, as the digits lie on the page.
    package var row: Int
    package var column: Int

    package init(grid: Int, row: Int, column: Int) { (self.grid, self.row, self.column) = (grid, row, column) }
  }

  package struct Digit: Sendable {
    /// In the picture's pixels.
    package var box: Box
    /// Nil where it stands in no table.
    package var place: Place?
    /// Where its image lies in the picture.
    let frame: DigitFrame
  }

  package let size: ImageSize
  package var digits: [Digit]
  /// The same digits, as they lie on the page but for a skew of less than 45 degrees. (N, 28, 28, 1), 0 for paper and 255 for ink
  package var images: ImageSet
  /// Whose ink is where.
  let writing: Writing

  /// - Parameters:
  ///   - image: one grey image as it was taken, neither inverted nor resized.
  ///   - paper: light or dark; nil: told by the image.
  package static func read(_ image: ImageSet, paper: Paper? = nil) throws -> Page {
    var page = try InkedPage(image, paper: paper)
    let found = page.digits()
    return Page(found, on: page, of: image)
  }

  /// A form that was filled in: its digits, with the rows and columns of its cells, however it lies on the picture.
  ///
  /// - Returns: nil where there is no form on the picture.
  package static func readForm(_ image: ImageSet, paper: Paper? = nil) throws -> (form: SheetForm, page: Page)? {
    var page = try InkedPage(image, paper: paper)
    guard let (form, found) = try page.filledForm() else { return nil }
    return (form, Page(found, on: page, of: image))
  }

  private init(_ found: [InkedPage.Found], on page: InkedPage, of image: ImageSet) {
    let prepared = Threads.mapRanges(of: max(1, found.count), grain: 16) { range in
      range.clamped(to: 0..<found.count).map { found[$0].shape.prepared(page.pieces, darkness: page.darkness) }
    }.flatMap(\.self)
    let size = image.shape.imageSize
    self.size = size
    digits = zip(found, prepared).map { digit, prepared in
      Digit(
        box: digit.shape.box.scaled(by: 1 / page.scale, within: size), place: digit.place,
        frame: prepared.frame.scaled(by: 1 / page.scale))
    }
    images = ImageSet(
      shape: SyntheticDigits.shape, pixels: prepared.flatMap(\.image), name: image.name, source: image.source)
    writing = Writing(found.map(\.shape), page)
  }
}

extension InkedPage {
  init(_ image: ImageSet, paper: Paper?) throws {
    precondition(image.count == 1 && image.shape.channels == 1, "one grey image is wanted")
    let gray = GrayPlane(width: image.shape.width, height: image.shape.height, pixels: image.pixels)
    try self.init(gray, onDarkPaper: paper.map { $0 == .dark } ?? gray.isOnDarkPaper)
  }
}
