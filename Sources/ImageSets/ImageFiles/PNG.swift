import CPNG
import Support

/// PNG through libpng's simplified interface, which unpacks palettes, bits and interlacing, and brings 16 bits and
/// foreign gamma values to 8-bit sRGB.
enum PNG {
  static func decode(_ bytes: [UInt8], file: String, background: UInt8) throws -> ImageSet {
    try withImage { image in
      func damaged() -> DataError { .damaged("PNG", file: file, reason: message(of: image)) }
      return try bytes.withUnsafeBytes { bytes in
        guard png_image_begin_read_from_memory(image, bytes.baseAddress, bytes.count) != 0 else { throw damaged() }
        let size = ImageSize(height: Int(image.pointee.height), width: Int(image.pointee.width))
        try size.checkBelievable(file: file)
        image.pointee.format &= UInt32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
        image.pointee.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)
        let channels = image.pointee.format & UInt32(PNG_FORMAT_FLAG_COLOR) != 0 ? 3 : 1
        let hasAlpha = image.pointee.format & UInt32(PNG_FORMAT_FLAG_ALPHA) != 0
        let total = size.height * size.width * (hasAlpha ? channels + 1 : channels)
        let pixels = try [UInt8](unsafeUninitializedCapacity: total) { buffer, count in
          guard png_image_finish_read(image, nil, buffer.baseAddress, 0, nil) != 0 else { throw damaged() }
          count = total
        }
        return ImageSet(
          image: hasAlpha ? compose(pixels, channels: channels, over: background) : pixels, size: size,
          channels: channels, file: file)
      }
    }
  }

  /// (H, W, C) pixels, C = 1 or 3, as a PNG file.
  static func encode(_ pixels: [UInt8], shape: ImageSet.Shape, file: String) throws -> [UInt8] {
    try withImage { image in
      image.pointee.width = UInt32(clamping: shape.width)
      image.pointee.height = UInt32(clamping: shape.height)
      image.pointee.format = shape.channels == 3 ? UInt32(PNG_FORMAT_FLAG_COLOR) : 0
      // zlib's own bound (an eighth and a bit more) and the frames of the chunks fit into a quarter more.
      let bound = (pixels.count + shape.height) / 4 * 5 + 4096
      return try [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
        var written = bound
        guard png_image_write_to_memory(image, buffer.baseAddress, &written, 0, pixels, 0, nil) != 0 else {
          throw UsageError("\(file): no PNG: \(message(of: image))", remedy: "Choose a smaller size or another format.")
        }
        count = written
      }
    }
  }

  /// libpng keeps the address of the image between its calls, so that it must stay in one place.
  private static func withImage<Result>(_ body: (UnsafeMutablePointer<png_image>) throws -> Result) rethrows -> Result {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    return try withUnsafeMutablePointer(to: &image) { image in
      defer { png_image_free(image) }
      return try body(image)
    }
  }

  private static func message(of image: UnsafeMutablePointer<png_image>) -> String {
    withUnsafeBytes(of: image.pointee.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// Lays (…, C + 1) pixels, alpha last, over an even background, as screens do: (…, C).
  private static func compose(_ pixels: [UInt8], channels: Int, over background: UInt8) -> [UInt8] {
    let count = pixels.count / (channels + 1)
    return [UInt8](unsafeUninitializedCapacity: count * channels) { buffer, written in
      for pixel in 0..<count {
        let from = pixel * (channels + 1)
        let alpha = Int(pixels[from + channels])
        for channel in 0..<channels {
          let sum = Int(pixels[from + channel]) * alpha + Int(background) * (255 - alpha)
          buffer[pixel * channels + channel] = UInt8((sum + 127) / 255)
        }
      }
      written = count * channels
    }
  }
}
