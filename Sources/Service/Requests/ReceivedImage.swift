import Distortions
import ImageSets
import Pages
import Restoration
import Support

/// Images as they come from strangers, made into what models take.
struct ReceivedImage: Sendable {
  private let bytes: [UInt8]
  private let limits: Limits

  /// What errors call it.
  static let name = "the image"

  /// Thrown where an image is too large to be looked at between others.
  struct TakesLong: Error {}

  init(_ bytes: [UInt8], limits: Limits) { (self.bytes, self.limits) = (bytes, limits) }

  /// A small image of a digit, or whatever the model is for, fitted to its size.
  ///
  /// - Throws: `TakesLong` for a photograph, `Fault`, `DataError`.
  func fitted(for entry: ServedModels.Entry) throws -> StoredImages {
    guard ImageFileFormat(recognizing: bytes.prefix(64)) != .tiff else { throw TakesLong() }
    do {
      let page = try decoded(mostPixels: Limits.quickPixels)
      if isPhotograph(page.image, for: entry) { throw TakesLong() }
      return try whole(page, for: entry)
    } catch let fault as Fault {
      throw fault.status == .contentTooLarge ? TakesLong() : fault as any Error
    }
  }

  /// The same of any image: on a photograph the digit is found first.
  ///
  /// - Throws: `Fault` where there are several digits.
  func found(for entry: ServedModels.Entry) throws -> StoredImages {
    let page = try decoded(mostPixels: limits.pixels)
    guard isPhotograph(page.image, for: entry) else { return try whole(page, for: entry) }
    switch try PhotographedDigit.find(on: page.image.convertedToGray(), for: entry.shape, paper: nil) {
    case .none: return try whole(page, for: entry)
    case .one(let digit): return StoredImages(images: digit, names: [Self.name], paper: .light)
    case .several(let count):
      throw Fault(
        .unprocessableContent,
        "There are \(count) digits on the image. Send it to /read, or to /restore with keep_place=true, or send one digit."
      )
    }
  }

  /// As its file has it, neither inverted nor resized.
  func picture() throws -> ImageSet { try decoded(mostPixels: limits.pixels).image }

  /// Each page of a file, one at a time.
  func forEachPage(_ body: (PageImages.Page) throws -> Void) throws {
    try limited(to: limits.pixels) {
      try PageImages.forEachPage(of: bytes, named: Self.name, at: Self.name) { page in
        guard page.page <= limits.pages else {
          throw Fault(.contentTooLarge, "The file has more than \(limits.pages) pages; send them one by one.")
        }
        try body(page)
      }
    }
  }

  private func isPhotograph(_ image: ImageSet, for entry: ServedModels.Entry) -> Bool {
    entry.hasPaper && PhotographedDigit.isLookedFor(by: entry.shape)
      && PhotographedDigit.isLarge(image, for: entry.shape)
  }

  private func whole(_ page: PageImages.Page, for entry: ServedModels.Entry) throws -> StoredImages {
    var options = ImageFileOptions(
      paper: entry.hasPaper ? nil : Paper.none, channels: entry.shape.channels,
      size: entry.takesAnySize ? nil : entry.shape.imageSize)
    options.isWriting = entry.hasPaper
    let image = try page.image.fitted(to: options)
    let paper = options.judgedPaper(of: image).paper
    return StoredImages(
      images: image.drawn(on: paper), files: [.init(name: Self.name, pages: [page.encoding])], paper: paper)
  }

  private func decoded(mostPixels: Int) throws -> PageImages.Page {
    var first: PageImages.Page?
    try limited(to: mostPixels) {
      try PageImages.forEachPage(of: bytes, named: Self.name, at: Self.name) { page in
        guard first == nil else {
          throw Fault(
            .unprocessableContent, "The file holds several images, and one is expected. /read takes them all.")
        }
        first = page
      }
    }
    guard let first else { throw Fault(.unprocessableContent, "The file holds no image.") }
    return first
  }

  /// Errors of images that claim more pixels, or are none, with the statuses for that.
  private func limited(to pixels: Int, _ body: () throws -> Void) throws {
    do {
      try ImageSize.$mostPixelsOfFiles.withValue(pixels, operation: body)
    } catch let error as DataError {
      if error.found.hasPrefix("one that claims") {
        throw Fault(.contentTooLarge, "The image has too many pixels: at most \(pixels) are taken.")
      }
      guard ImageFileFormat(recognizing: bytes.prefix(64)) != nil else {
        throw Fault(.unsupportedMediaType, "This is no PNG, JPEG, TIFF, BMP or WebP image.")
      }
      throw error
    }
  }
}
