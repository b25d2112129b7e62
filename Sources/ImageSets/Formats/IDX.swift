import Support

/// The format of MNIST's files (Y. LeCun, C. Cortes and C. J. C. Burges): a magic number of two zero bytes, the type
/// of the numbers (8: unsigned bytes) and the number of axes; then a 32-bit size an axis, the first byte the highest;
/// then the bytes. Images are N×H×W or, in colour, N×H×W×C; labels stand in a file of their own with one axis.
enum IDX {
  static func read(_ path: String, options: ReadOptions) throws -> Contents {
    let stream = try Gzip.open(path, options: options)
    let axes = try readMagic(stream)
    let sizes = try readSizes(stream, count: axes)
    let place = "bytes 4 to \(3 + 4 * axes)"
    if axes == 4, sizes[3] != 1, sizes[3] != 3 {
      throw DataError(
        file: path, place: "byte 16", expected: "1 or 3 channels", found: "\(sizes[3])",
        remedy: "Keep one channel, or three (red, green, blue), as the last axis.")
    }
    let count = try options.checkedSize(sizes, file: path, place: place)
    if axes == 1 {
      let bytes = try stream.readRest(count, of: "labels")
      return .labels(Labels(bytes.map(Int.init), name: FilePath.name(of: path), source: path))
    }
    let shape = ImageSet.Shape(height: sizes[1], width: sizes[2], channels: axes == 4 ? sizes[3] : 1)
    let pixels = try stream.readRest(count, of: "pixels")
    return .images(
      StoredImages(images: ImageSet(shape: shape, pixels: pixels, name: FilePath.name(of: path), source: path)))
  }

  private static func readMagic(_ stream: any ByteStream) throws -> Int {
    let magic = try stream.read(upTo: 4)
    guard magic.count == 4, magic.starts(with: [0, 0, 8]), [1, 3, 4].contains(magic[3]) else {
      throw DataError(
        file: stream.file, place: "byte 0",
        expected: "the magic number 00000803 (images), 00000804 (images in colour) or 00000801 (labels)",
        found: magic.isEmpty ? "an empty file" : magic.map(hexadecimal).joined(),
        remedy: "Give an IDX file of unsigned bytes, or fetch it again if it is meant to be one.")
    }
    return Int(magic[3])
  }

  private static func readSizes(_ stream: any ByteStream, count: Int) throws -> [Int] {
    let bytes = try stream.read(upTo: 4 * count)
    guard bytes.count == 4 * count else {
      throw DataError(
        file: stream.file, place: "byte \(stream.position)", expected: "a header of \(4 + 4 * count) bytes",
        found: "the file's end", remedy: "The file is cut short: fetch or copy it again.")
    }
    return (0..<count).map { axis in bytes[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) } }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }

  static func write(_ set: ImageSet, to path: String, compressed: Bool, in group: FileGroup?) throws {
    let shape = set.shape
    let sizes = [set.count, shape.height, shape.width] + (shape.channels == 1 ? [] : [shape.channels])
    try write(set.pixels, sizes: sizes, to: path, compressed: compressed, in: group)
  }

  static func write(_ labels: Labels, to path: String, compressed: Bool, in group: FileGroup?) throws {
    try check(labels.values, path: path)
    let bytes = labels.values.map { UInt8(clamping: $0) }
    try write(bytes, sizes: [bytes.count], to: path, compressed: compressed, in: group)
  }

  static func check(_ labels: [Int], path: String) throws(UsageError) {
    guard let wrong = labels.first(where: { !(0...255).contains($0) }) else { return }
    throw UsageError(
      "\(path): IDX files hold labels from 0 to 255, not \(wrong)",
      remedy: "Choose .csv or .npz, or number the labels anew.")
  }

  private static func write(
    _ bytes: [UInt8], sizes: [Int], to path: String, compressed: Bool, in group: FileGroup?
  ) throws {
    var header: [UInt8] = [0, 0, 8, UInt8(sizes.count)]
    for size in sizes {
      guard let size = UInt32(exactly: size) else {
        throw UsageError("\(path): IDX files hold sizes up to 2³²−1, not \(size)", remedy: "Choose .npz.")
      }
      withUnsafeBytes(of: size.bigEndian) { header += $0 }
    }
    try Gzip.write(to: path, compressed: compressed, in: group) { write in
      try header.withUnsafeBytes(write)
      try bytes.withUnsafeBytes(write)
    }
  }
}
