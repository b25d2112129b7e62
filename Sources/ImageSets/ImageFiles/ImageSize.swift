import Support

/// Height and width of an image in pixels; in text "28x28", height first.
package struct ImageSize: Sendable, Hashable, CustomStringConvertible {
  package var height: Int
  package var width: Int

  /// The longest side and the most pixels that are believed of an image file, and the most bytes of a whole set:
  /// what claims more is damaged or made to fill the memory.
  package static let longestSide = 16_384
  package static let mostPixels = 1 << 28
  package static let mostBytes = 1 << 31

  /// The most pixels that the current task believes of an image file: who reads them for strangers believes less.
  @TaskLocal package static var mostPixelsOfFiles = mostPixels

  package init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// Reads "HEIGHTxWIDTH", or one number for a square; throws `UsageError` for anything else.
  package init(parsing text: String) throws {
    let sides = text.split(omittingEmptySubsequences: false, whereSeparator: { "xX×".contains($0) }).map {
      Int($0) ?? 0
    }
    self.init(height: sides.first ?? 0, width: sides.last ?? 0)
    guard (1...2).contains(sides.count), isBelievable else {
      throw UsageError(
        "\"\(text)\" is no size of an image",
        remedy: "Give height x width in pixels, such as 28x28; a side is at most \(Self.longestSide).")
    }
  }

  package var description: String { "\(height)x\(width)" }

  var isBelievable: Bool {
    let sides = 1...Self.longestSide
    return sides.contains(height) && sides.contains(width) && height * width <= Self.mostPixels
  }

  func checkBelievable(file: String) throws {
    if isBelievable, height * width <= Self.mostPixelsOfFiles { return }
    throw DataError(
      file: file,
      expected: "an image of at most \(Self.longestSide) pixels a side and \(Self.mostPixelsOfFiles) in all",
      found: "one that claims \(height) rows of \(width) pixels", remedy: "Make the image smaller, or cut it up.")
  }
}

extension ImageSet.Shape {
  /// Height and width alone.
  package var imageSize: ImageSize { ImageSize(height: height, width: width) }

  /// How a set of such images is made one of the shape that a model takes; nil takes none.
  package func remedy(toBecome wanted: ImageSet.Shape?) -> String {
    let other = "choose another model."
    guard let wanted, wanted.channels == channels || wanted.channels == 1 else { return other.capitalizedFirst }
    let options =
      (wanted.imageSize == imageSize ? "" : " --resize \(wanted.imageSize)")
      + (wanted.channels == channels ? "" : " --gray")
    return "Convert them first: tiddu data convert INPUT OUTPUT\(options); or \(other)"
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
