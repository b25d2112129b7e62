import Support

/// The formats of single images.
public enum ImageFileFormat: Sendable, CaseIterable {
  case png, jpeg

  /// Told by a file's first bytes; nil for anything else.
  public init?(recognizing bytes: some Collection<UInt8>) {
    func begins(with signature: [UInt8]) -> Bool { bytes.starts(with: signature) }
    if begins(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if begins(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else {
      return nil
    }
  }

  /// Told by the ending of a file's name: .png, .jpg, .jpeg, in any case; nil for others.
  public init?(named path: String) {
    let path = path.lowercased()
    if path.hasSuffix(".png") {
      self = .png
    } else if path.hasSuffix(".jpg") || path.hasSuffix(".jpeg") {
      self = .jpeg
    } else {
      return nil
    }
  }

  /// One image in whichever of the formats `bytes` are, as its file has it (not turned round): 1 channel or 3.
  ///
  /// - Parameter background: what shines through where the image is transparent.
  package static func decode(_ bytes: [UInt8], file: String, background: UInt8) throws -> ImageSet {
    switch ImageFileFormat(recognizing: bytes) {
    case .png: return try PNG.decode(bytes, file: file, background: background)
    case .jpeg: return try JPEG.decode(bytes, file: file)
    case nil:
      let found = bytes.isEmpty ? "an empty file" : "a file that begins with neither's signature"
      throw DataError(
        file: file, expected: "a PNG or JPEG image", found: found,
        remedy: "Save it as PNG with another program, or take it away.")
    }
  }

  package func encode(_ pixels: [UInt8], shape: ImageSet.Shape, file: String) throws -> [UInt8] {
    switch self {
    case .png: try PNG.encode(pixels, shape: shape, file: file)
    case .jpeg: try JPEG.encode(pixels, shape: shape, file: file)
    }
  }
}

extension DataError {
  static func damaged(_ format: String, file: String, reason: String) -> DataError {
    DataError(
      file: file, expected: "a whole \(format) image", found: "a damaged one: \(reason)",
      remedy: "Fetch or save the image again.")
  }
}

extension ImageSet {
  /// One image from a file, named after it.
  init(image pixels: [UInt8], size: ImageSize, channels: Int, file: String) {
    self.init(
      shape: Shape(height: size.height, width: size.width, channels: channels), pixels: pixels,
      name: file.split(separator: "/").last.map(String.init) ?? file, source: file)
  }
}
