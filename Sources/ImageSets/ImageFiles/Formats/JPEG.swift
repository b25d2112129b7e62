import CTurboJPEG
import Support

/// JPEG through TurboJPEG.
enum JPEG {
  static let quality: Int32 = 95

  /// - Throws: `DataError`, also where the library could have gone on after a warning: an image whose rest is grey
  ///   because the file was cut short is worse than an error.
  static func decode(_ bytes: [UInt8], file: String, background: UInt8) throws -> ImagePage {
    guard let decoder = tjInitDecompress() else { throw failure(nil, operation: "read", path: file) }
    defer { tjDestroy(decoder) }
    func damaged() -> DataError { .damaged("JPEG", file: file, reason: message(of: decoder)) }

    let length = UInt(bytes.count)
    var (width, height, subsampling, colors) = (Int32(0), Int32(0), Int32(0), Int32(0))
    guard tjDecompressHeader3(decoder, bytes, length, &width, &height, &subsampling, &colors) == 0 else {
      throw damaged()
    }
    if colors == TJCS_CMYK.rawValue || colors == TJCS_YCCK.rawValue {
      throw DataError(
        file: file, expected: "a grey or RGB image", found: "printing colours (CMYK)",
        remedy: "Save it as PNG or as an RGB JPEG.")
    }
    let size = ImageSize(height: Int(height), width: Int(width))
    try size.checkBelievable(file: file)
    let channels = colors == TJCS_GRAY.rawValue ? 1 : 3
    let total = size.height * size.width * channels
    let pixels = try [UInt8](unsafeUninitializedCapacity: total) { buffer, count in
      let flags = TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS
      let status = tjDecompress2(
        decoder, bytes, length, buffer.baseAddress, width, 0, height, pixelFormat(channels: channels), flags)
      guard status == 0 else { throw damaged() }
      count = total
    }
    let notes = try JPEGSegments(bytes, file: file)
    let raster = Raster(
      size: size, samples: .bytes(pixels), channels: channels, orientation: notes.exif?.orientation ?? 1)
    var encoding = ImageEncoding()
    encoding.resolution = notes.resolution ?? notes.exif?.resolution
    encoding.profile = notes.profile
    return ImagePage(raster, encoding, over: background, file: file)
  }

  /// A JPEG file whose colours are not thinned out.
  static func encode(_ page: ImagePage, file: String) throws -> [UInt8] {
    guard let encoder = tjInitCompress() else { throw failure(nil, operation: "write", path: file) }
    var result: UnsafeMutablePointer<UInt8>?
    defer {
      tjDestroy(encoder)
      tjFree(result)
    }
    var length = UInt(0)
    let shape = page.image.shape
    let subsampling = Int32((shape.channels == 3 ? TJSAMP_444 : TJSAMP_GRAY).rawValue)
    let status = tjCompress2(
      encoder, page.image.pixels, Int32(clamping: shape.width), 0, Int32(clamping: shape.height),
      pixelFormat(channels: shape.channels), &result, &length, subsampling, quality, TJFLAG_ACCURATEDCT)
    guard status == 0, let result else {
      throw UsageError("\(file): no JPEG: \(message(of: encoder))", remedy: "Choose a smaller size or another format.")
    }
    let bytes = [UInt8](UnsafeBufferPointer(start: result, count: Int(length)))
    return JPEGSegments.adding(
      page.encoding.resolution, profile: page.encoding.profile(channels: shape.channels), to: bytes)
  }

  private static func pixelFormat(channels: Int) -> Int32 {
    Int32((channels == 3 ? TJPF_RGB : TJPF_GRAY).rawValue)
  }

  private static func message(of handle: tjhandle?) -> String {
    tjGetErrorStr2(handle).map { String(cString: $0) } ?? "unknown error"
  }

  private static func failure(_ handle: tjhandle?, operation: String, path: String) -> SystemError {
    SystemError(operation: operation, path: path, reason: message(of: handle), remedy: "Free some memory.")
  }
}
