import Support

/// One numpy array: images, or labels (whole numbers on one axis).
package enum NPY {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  static func read(_ path: String, options: ReadOptions) throws -> Contents {
    let stream = try Gzip.open(path, options: options)
    return try NPYArray(from: stream, options: options).contents(options, name: FilePath.name(of: path), source: path)
  }

  /// Writes the images in the encoding's type and order of axes, without one as `uint8` (N, H, W), or (N, H, W, 3) in
  /// colour, or (N, H, W, 1) where W is 1 or 3.
  static func write(
    _ set: ImageSet, as encoding: ArrayEncoding?, to path: String, compressed: Bool, in group: FileGroup?
  ) throws {
    try Gzip.write(to: path, compressed: compressed, in: group) { write in
      let encoding = encoding ?? ArrayEncoding(.uint8)
      try header(of: set, encoding).bytes.withUnsafeBytes(write)
      // Some images at a time, whose numbers may be eight times as long as their pixels.
      let images = max(1, (1 << 22) / set.shape.size)
      for start in stride(from: 0, to: set.count, by: images) {
        try numbers(of: set, start..<min(start + images, set.count), encoding).withUnsafeBytes(write)
      }
    }
  }

  static func write(_ labels: Labels, to path: String, compressed: Bool, in group: FileGroup?) throws {
    try Gzip.write(to: path, compressed: compressed, in: group) { try encode(labels).withUnsafeBytes($0) }
  }

  package static func encode(_ set: ImageSet, as encoding: ArrayEncoding? = nil) -> [UInt8] {
    let encoding = encoding ?? ArrayEncoding(.uint8)
    return header(of: set, encoding).bytes + numbers(of: set, 0..<set.count, encoding)
  }

  /// `int64` on one axis.
  package static func encode(_ labels: Labels) -> [UInt8] {
    var bytes = NPYHeader(type: "<i8", shape: [labels.count]).bytes
    for label in labels.values { withUnsafeBytes(of: Int64(label).littleEndian) { bytes += $0 } }
    return bytes
  }

  private static func header(of set: ImageSet, _ encoding: ArrayEncoding) -> NPYHeader {
    NPYHeader(type: encoding.type.code, shape: encoding.axes.sizes(count: set.count, set.shape))
  }

  private static func numbers(of set: ImageSet, _ images: Range<Int>, _ encoding: ArrayEncoding) -> [UInt8] {
    let (shape, size) = (set.shape, set.shape.size)
    let range = images.lowerBound * size..<images.upperBound * size
    func ordered<Value>(_ all: [Value]) -> [Value] {
      guard encoding.axes.hasChannelsFirst else { return all }
      return ArrayEncoding.Axes.swapChannels(
        all, channels: shape.channels, pixels: shape.height * shape.width, toLast: false)
    }
    if encoding.type == .uint8, encoding.full == 255 { return ordered(Array(set.pixels[range])) }
    var bytes: [UInt8] = []
    if let values = set.values {
      encoding.type.append(ordered(Array(values[range])).lazy.map { Double($0) * encoding.full }, to: &bytes)
    } else {
      encoding.type.append(ordered(Array(set.pixels[range])).lazy.map { Double($0) * encoding.full / 255 }, to: &bytes)
    }
    return bytes
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

  var axesText: String { "(" + header.shape.map(String.init).joined(separator: ", ") + ")" }

  /// Whole numbers on one axis (or N × 1) are labels; all else is images.
  func contents(_ options: ReadOptions, name: String, source: String) throws -> Contents {
    isLabels
      ? .labels(Labels(try labels(), name: name, source: source))
      : .images(try images(options, name: name, source: source))
  }

  func images(_ options: ReadOptions, name: String, source: String) throws -> StoredImages {
    let (shape, axes) = try imageShape(options)
    let (samples, full) = try samples(note: options.note)
    func ordered<Value>(_ all: [Value]) -> [Value] {
      guard axes.hasChannelsFirst else { return all }
      return ArrayEncoding.Axes.swapChannels(
        all, channels: shape.channels, pixels: shape.height * shape.width, toLast: true)
    }
    let set =
      switch samples {
      case .bytes(let pixels): ImageSet(shape: shape, pixels: ordered(pixels), name: name, source: source)
      case .values(let values): ImageSet(shape: shape, values: ordered(values), name: name, source: source)
      }
    // Whoever says the shape of rows wants images.
    let kept = axes == .rows && options.shape != nil ? .standard : axes
    return StoredImages(images: set, encoding: ArrayEncoding(number.type, full: full, axes: kept))
  }

  var isLabels: Bool {
    number.isWhole && (header.shape.count == 1 || header.shape.count == 2 && header.shape[1] == 1)
  }

  func labels() throws -> [Int] {
    guard isLabels else {
      throw DataError(
        file: file, expected: "labels: whole numbers on one axis", found: "\(header.type) of shape \(axesText)",
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
}
