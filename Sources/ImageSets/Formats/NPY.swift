import Support

/// One numpy array: images (`uint8`, `float32`, `float64`) or labels (whole numbers on one axis).
package enum NPY {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  static func read(_ path: String, options: ReadOptions) throws -> Contents {
    let stream = try Gzip.open(path, options: options)
    return try NPYArray(from: stream, options: options).contents(options, name: FilePath.name(of: path), source: path)
  }

  /// Writes the images as `uint8` (N, H, W), or (N, H, W, 3) in colour, or (N, H, W, 1) where W is 1 or 3.
  static func write(_ set: ImageSet, to path: String, compressed: Bool, in group: FileGroup?) throws {
    try Gzip.write(to: path, compressed: compressed, in: group) { write in
      try header(of: set).bytes.withUnsafeBytes(write)
      try set.pixels.withUnsafeBytes(write)
    }
  }

  static func write(_ labels: Labels, to path: String, compressed: Bool, in group: FileGroup?) throws {
    try Gzip.write(to: path, compressed: compressed, in: group) { try encode(labels).withUnsafeBytes($0) }
  }

  package static func encode(_ set: ImageSet) -> [UInt8] { header(of: set).bytes + set.pixels }

  /// `int64` on one axis.
  package static func encode(_ labels: Labels) -> [UInt8] {
    var bytes = NPYHeader(type: "<i8", shape: [labels.count]).bytes
    for label in labels.values { withUnsafeBytes(of: Int64(label).littleEndian) { bytes += $0 } }
    return bytes
  }

  private static func header(of set: ImageSet) -> NPYHeader {
    let shape = set.shape
    // A last axis of 1 or 3 would be read as channels.
    let isNarrow = shape.width == 1 || shape.width == 3
    let sizes = [set.count, shape.height, shape.width] + (shape.channels == 1 && !isNarrow ? [] : [shape.channels])
    return NPYHeader(type: "|u1", shape: sizes)
  }
}

/// An array as its file holds it.
struct NPYArray {
  let file: String
  let header: NPYHeader
  /// The numbers' bytes, in the file's order.
  let bytes: [UInt8]
  let number: NPYNumber

  init(from stream: any ByteStream, options: ReadOptions) throws {
    file = stream.file
    header = try NPYHeader(from: stream)
    number = try NPYNumber(header.type, file: file)
    // No axis at all means one number.
    let sizes = header.shape.isEmpty ? [1] : header.shape
    let size = try options.checkedSize(sizes + [number.size], file: file, place: "the header's shape")
    bytes = try stream.readRest(size, of: "numbers")
  }

  private var axes: String { "(" + header.shape.map(String.init).joined(separator: ", ") + ")" }

  /// Whole numbers on one axis (or N × 1) are labels; all else is images.
  func contents(_ options: ReadOptions, name: String, source: String) throws -> Contents {
    if isLabels { return .labels(Labels(try labels(), name: name, source: source)) }
    let shape = try imageShape(options)
    let bytes = try pixels()
    return .images(ImageSet(shape: shape, pixels: bytes, name: name, source: source))
  }

  var isLabels: Bool {
    number.isWhole && (header.shape.count == 1 || header.shape.count == 2 && header.shape[1] == 1)
  }

  func labels() throws -> [Int] {
    guard isLabels else {
      throw DataError(
        file: file, expected: "labels: whole numbers on one axis", found: "\(header.type) of shape \(axes)",
        remedy: "Save them as labels.astype(\"int64\").ravel().")
    }
    return try (0..<bytes.count / number.size).map { index in
      guard let label = number.whole(in: bytes, at: index), label >= 0 else {
        throw DataError(
          file: file, place: "element [\(index)]", expected: "a label of at least 0",
          found: number.whole(in: bytes, at: index).map { "\($0)" } ?? "a larger one than 2⁶³−1",
          remedy: "Number the labels from 0.")
      }
      return label
    }
  }

  /// The shape of each image in (N, H, W), (N, H, W, C), (H, W), (H, W, C) or rows of pixels (N, H·W·C), C being 1 or 3.
  ///
  /// Where the axes could be read in two ways, `options.shape` decides. Without it, two axes are rows of pixels if the
  /// second is a square's size and unlike the first, or 784, MNIST's; otherwise one image. Three axes whose last is 1 or
  /// 3 are one image with channels, for no image is so narrow. `options.note` is told what was taken.
  func imageShape(_ options: ReadOptions) throws -> ImageSet.Shape {
    let sizes = header.shape
    let wanted = options.shape
    func note(_ shape: ImageSet.Shape?) {
      guard let shape else { return }
      let count = sizes.reduce(1, *) / shape.size
      options.note?(
        "\(axes) taken for \(count == 1 ? "one image" : "\(grouped(count)) images") of \(shape)"
          + (wanted == nil ? "; --shape says otherwise" : ""))
    }
    var shape: ImageSet.Shape?
    switch sizes.count {
    case 2:
      let whole = ImageSet.Shape(height: sizes[0], width: sizes[1], channels: 1)
      let row = wanted ?? ImageSet.Shape(squareOf: sizes[1])
      let isRows =
        row.map { $0.size == sizes[1] && (wanted != nil || sizes[0] != sizes[1] || sizes[1] == 784) && $0 != whole }
      shape = isRows == true ? row : whole
      if row?.size == sizes[1] { note(shape) }
    case 3 where sizes[2] == 1 || sizes[2] == 3:
      let whole = ImageSet.Shape(height: sizes[0], width: sizes[1], channels: sizes[2])
      let narrow = ImageSet.Shape(height: sizes[1], width: sizes[2], channels: 1)
      shape = wanted.flatMap { $0.size == sizes[1] * sizes[2] && $0 != whole ? $0 : nil } ?? whole
      if shape != narrow || wanted == nil { note(shape) }
    case 3: shape = ImageSet.Shape(height: sizes[1], width: sizes[2], channels: 1)
    case 4 where sizes[3] == 1 || sizes[3] == 3:
      shape = ImageSet.Shape(height: sizes[1], width: sizes[2], channels: sizes[3])
    default: break
    }
    guard let shape, wanted == nil || wanted == shape else {
      throw DataError(
        file: file, place: "the header's shape",
        expected: wanted.map { "images of \($0)" }
          ?? "(N, H, W), (N, H, W, 1 or 3), (H, W), (H, W, 1 or 3) or (N, pixels)",
        found: axes, remedy: "Give the right shape, or bring the axes into this order with numpy's transpose.")
    }
    return shape
  }
}
