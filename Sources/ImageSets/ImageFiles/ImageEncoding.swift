/// How an image file stores an image, so that another one can be stored in its place.
package struct ImageEncoding: Sendable, Equatable {
  package enum Compression: Sendable { case none, lzw, deflate, packBits, fax, lossless, lossy }

  /// That it came from.
  package var format: ImageFileFormat?
  /// 1 (two brightnesses, or two colours), 8 or 16 a sample.
  package var bits = 8
  package var resolution: Resolution?
  /// The ICC profile of its colours.
  package var profile: [UInt8]?
  /// Nil: the format's usual one.
  package var compression: Compression?

  package init() {}

  var isLossy: Bool { format == .jpeg || compression == .lossy }

  /// The profile where it is one for images of so many channels; one of colours says nothing of grey.
  func profile(channels: Int) -> [UInt8]? {
    guard let profile, profile.count >= 128 else { return nil }
    let space = String(decoding: profile[16..<20], as: UTF8.self)
    return space == (channels == 1 ? "GRAY" : "RGB ") ? profile : nil
  }
}

/// Pixels per inch.
package struct Resolution: Sendable, Equatable {
  package var horizontal: Double
  package var vertical: Double

  static let inchesPerMetre = 1 / 0.0254

  /// Nil unless both are sizes that an image can have.
  init?(horizontal: Double, vertical: Double) {
    let believable = 0.01...1e6
    guard believable.contains(horizontal), believable.contains(vertical) else { return nil }
    (self.horizontal, self.vertical) = (horizontal, vertical)
  }

  init?(perMetre horizontal: Double, _ vertical: Double) {
    self.init(horizontal: horizontal / Self.inchesPerMetre, vertical: vertical / Self.inchesPerMetre)
  }

  var perMetre: (horizontal: UInt32, vertical: UInt32) {
    func rounded(_ value: Double) -> UInt32 { UInt32((value * Self.inchesPerMetre).rounded()) }
    return (rounded(horizontal), rounded(vertical))
  }

  /// Of the image turned upright from an EXIF orientation.
  func turned(from orientation: Int) -> Resolution? {
    orientation >= 5 ? Resolution(horizontal: vertical, vertical: horizontal) : self
  }
}

/// One image of a file, with how the file stores it.
package struct ImagePage: Sendable, Equatable {
  /// A set of one image.
  package var image: ImageSet
  package var encoding: ImageEncoding

  init(_ raster: Raster, _ encoding: ImageEncoding, over background: UInt8, file: String) {
    image = raster.image(over: background, file: file)
    self.encoding = encoding
    self.encoding.resolution = encoding.resolution?.turned(from: raster.orientation)
  }

  package init(image: ImageSet, encoding: ImageEncoding = .init()) {
    (self.image, self.encoding) = (image, encoding)
  }

  /// The samples as 16-bit numbers.
  var words: [UInt16] {
    image.values.map { $0.map { UInt16((min(max($0, 0), 1) * 65535).rounded()) } }
      ?? image.pixels.map { UInt16($0) * 257 }
  }

  /// What the encoding's bits a sample are in the image as it is now: a coloured one is never black and white.
  var bits: Int { encoding.bits == 1 && image.shape.channels == 3 ? 8 : encoding.bits }
}
