import Support

/// What a file does not say about itself.
package struct ReadOptions: Sendable {
  /// Of each image, where the file holds rows of numbers (CSV; NPY arrays of two axes). Nil: square, one channel.
  package var shape: ImageSet.Shape?
  /// The images' array in an NPZ file. Nil: the first of `NPZ.imageKeys` that is there, or the only array.
  package var key: String?
  /// The labels' array in an NPZ file. Nil: the one that belongs to `key` by its name, if there.
  package var labelsKey: String?
  /// The column of a table that holds the labels, by its name or its number from 1. Nil: told by the columns.
  package var labelColumn: String?
  /// How image files are understood.
  package var images: ImageFileOptions
  /// Bytes that a file may have, or inflate to, at most.
  package var largestSize: Int
  /// Is told, in words, how a file was read that could have been read in another way.
  package var note: (@Sendable (String) -> Void)?

  package init(
    shape: ImageSet.Shape? = nil, key: String? = nil, labelsKey: String? = nil,
    images: ImageFileOptions = .init(), largestSize: Int = 8 << 30
  ) {
    self.shape = shape
    self.key = key
    self.labelsKey = labelsKey
    self.images = images
    self.largestSize = largestSize
  }

  func tooLarge(file: String, size: Int?) -> DataError {
    DataError(
      file: file, expected: "at most \(largestSize) bytes", found: size.map { "\($0)" } ?? "more",
      remedy: "Split the file; a program may allow more through ReadOptions.largestSize.")
  }

  /// The product of a header's sizes, which may be any numbers at all: none may be 0, and it must fit the limit.
  func checkedSize(_ sizes: [Int], file: String, place: String) throws -> Int {
    let text = sizes.map(String.init).joined(separator: " × ")
    var product = 1
    for size in sizes {
      guard size > 0 else {
        throw DataError(
          file: file, place: place, expected: "sizes of at least 1", found: text,
          remedy: "The file holds no images: make it again.")
      }
      let (next, overflows) = product.multipliedReportingOverflow(by: size)
      guard !overflows, next <= largestSize else {
        throw DataError(
          file: file, place: place, expected: "sizes whose product is at most \(largestSize)", found: text,
          remedy: "The header is damaged, or the file too large: fetch or make it again, or split it.")
      }
      product = next
    }
    return product
  }
}

extension ImageSet.Shape {
  /// Reads "28x28", "28x28x1" or "64×48×3"; nil for anything else, and for sides over 65,535.
  package init?(parsing text: String) {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "x" || $0 == "×" }
    let sizes = parts.compactMap { UInt16($0) }.map(Int.init)
    guard sizes.count == parts.count, (2...3).contains(sizes.count), !sizes.contains(0) else { return nil }
    let channels = sizes.count == 3 ? sizes[2] : 1
    guard channels == 1 || channels == 3 else { return nil }
    self.init(height: sizes[0], width: sizes[1], channels: channels)
  }

  /// A square of one channel with `size` pixels; nil if there is none.
  init?(squareOf size: Int) {
    let side = Int(Double(size).squareRoot().rounded())
    guard size > 0, side * side == size else { return nil }
    self.init(height: side, width: side, channels: 1)
  }
}
