import Support

/// CIFAR-10's and CIFAR-100's binary batches (A. Krizhevsky, 2009): records of one label, or a coarse and a fine one,
/// and 32×32 pixels, first all red ones, then green, then blue.
enum CIFAR {
  private static let shape = ImageSet.Shape(height: 32, width: 32, channels: 3)

  /// Told by the name, for nothing in the file says it, and by the size.
  static func isBatch(_ path: String, size: Int) -> Bool { labelBytes(path, size: size) != nil }

  private static func labelBytes(_ path: String, size: Int) -> Int? {
    let name = FilePath.name(of: path)
    guard name.hasSuffix(".bin"), size > 0 else { return nil }
    if name.contains("batch"), size % (shape.size + 1) == 0 { return 1 }
    return ["train.bin", "test.bin"].contains(name) && size % (shape.size + 2) == 0 ? 2 : nil
  }

  static func read(_ path: String, options: ReadOptions) throws -> Contents {
    let stream = try FileStream(path)
    guard stream.bound <= options.largestSize else { throw options.tooLarge(file: path, size: stream.bound) }
    let bytes = try stream.readAll()
    guard let labelBytes = labelBytes(path, size: bytes.count) else {
      throw DataError(
        file: path, expected: "records of 3073 or 3074 bytes", found: "\(bytes.count) bytes",
        remedy: "The file is cut short: fetch or copy it again.")
    }
    let record = shape.size + labelBytes
    let starts = stride(from: 0, to: bytes.count, by: record)
    let planes = starts.flatMap { bytes[$0 + labelBytes..<$0 + record] }
    let pixels = ArrayEncoding.Axes.swapChannels(planes, channels: 3, pixels: 1024, toLast: true)
    // Of two labels the second is the fine one.
    return .images(
      StoredImages(
        images: ImageSet(
          shape: shape, pixels: pixels, labels: starts.map { Int(bytes[$0 + labelBytes - 1]) },
          name: FilePath.name(of: path), source: path)))
  }

  /// Names of the classes, in a file beside the batches.
  static func labelNames(in folder: String) throws -> [Int: String]? {
    let path = ["batches.meta.txt", "fine_label_names.txt"].map { FilePath.join(folder, $0) }
      .first { Folder.kind(of: $0) == .file }
    guard let path else { return nil }
    let names = String(decoding: try Folder.read(path, most: 1 << 20), as: UTF8.self)
      .split(whereSeparator: \.isNewline).map(String.init)
    return Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0, $1) })
  }
}

/// EMNIST (G. Cohen et al., 2017) stores each image with rows and columns exchanged, in IDX files and in the tables made
/// of them.
enum EMNIST {
  /// Told by the name: nothing in the files says it.
  static func isTransposed(_ path: String) -> Bool {
    let name = FilePath.name(of: path).lowercased()
    return name.hasPrefix("emnist-") && !name.contains("-labels")
      && (name.contains("idx3") || name.contains(".csv"))
  }
}

extension ImageSet {
  /// Rows and columns of each image exchanged.
  func transposed() -> ImageSet {
    let (height, width, channels) = (shape.height, shape.width, shape.channels)
    var turned = [UInt8](repeating: 0, count: pixels.count)
    for start in stride(from: 0, to: pixels.count, by: shape.size) {
      for row in 0..<height {
        for column in 0..<width {
          for channel in 0..<channels {
            turned[start + (column * height + row) * channels + channel] =
              pixels[start + (row * width + column) * channels + channel]
          }
        }
      }
    }
    return replacing(pixels: turned, shape: Shape(height: width, width: height, channels: channels))
  }
}
