import CSPNG
import Support

/// PNG through libspng: every depth and colour type, interlaced or not.
enum PNG {
  static func decode(_ bytes: [UInt8], file: String, background: UInt8) throws -> ImagePage {
    guard let context = spng_ctx_new(0) else { throw noMemory(file) }
    defer { spng_ctx_free(context) }
    return try bytes.withUnsafeBytes { bytes in
      func check(_ status: Int32) throws(DataError) {
        if status != 0 { throw .damaged("PNG", file: file, reason: String(cString: spng_strerror(status))) }
      }
      // Text and profiles may be packed a thousandfold.
      try check(spng_set_chunk_limits(context, 1 << 28, 1 << 28))
      try check(spng_set_png_buffer(context, bytes.baseAddress, bytes.count))
      var header = spng_ihdr()
      try check(spng_get_ihdr(context, &header))
      let size = ImageSize(height: Int(header.height), width: Int(header.width))
      try size.checkBelievable(file: file)
      var length = 0
      try check(spng_decoded_image_size(context, format, &length))
      let packed = try [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
        try check(spng_decode_image(context, buffer.baseAddress, length, format, 0))
        count = length
      }
      try check(spng_decode_chunks(context))
      var (raster, encoding) = try raster(packed, context, header, size: size, file: file)
      if let exif = try exif(context, file: file) {
        raster.orientation = exif.orientation
        encoding.resolution = encoding.resolution ?? exif.resolution
      }
      return ImagePage(raster, encoding, over: background, file: file)
    }
  }

  /// Samples as the file has them, those of 16 bits in the machine's order of bytes.
  private static let format = Int32(SPNG_FMT_PNG.rawValue)

  private static func raster(
    _ packed: [UInt8], _ context: OpaquePointer, _ header: spng_ihdr, size: ImageSize, file: String
  ) throws -> (Raster, ImageEncoding) {
    var encoding = ImageEncoding()
    let (bits, type) = (Int(header.bit_depth), header.color_type)
    encoding.bits = bits == 16 || bits == 1 ? bits : 8
    encoding.resolution = resolution(context)
    encoding.profile = profile(context)
    let channels = type == 0 || type == 4 ? 1 : 3
    let alpha: Raster.Alpha = type >= 4 ? .straight : .none
    if bits == 16 {
      let words = packed.withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) }
      let raster = Raster(size: size, samples: .words(words), channels: channels, alpha: alpha)
      return (keyed(raster, context, type), encoding)
    }
    let perRow = size.width * (type == 3 ? 1 : channels + (type >= 4 ? 1 : 0))
    var bytes = Raster.unpack(packed, bits: bits, perRow: perRow, rows: size.height)
    if type == 3 {
      let palette = palette(context)
      bytes = try Raster.colors(of: bytes, palette: palette, channels: 4, width: size.width, file: file)
      return (Raster(size: size, samples: .bytes(bytes), channels: 3, alpha: .straight), encoding)
    }
    let raster = keyed(Raster(size: size, samples: .bytes(bytes), channels: channels, alpha: alpha), context, type)
    return (bits < 8 ? raster.scaled(by: UInt8(255 / ((1 << bits) - 1))) : raster, encoding)
  }

  /// With alpha where the file names one value, or colour, that is transparent.
  private static func keyed(_ raster: Raster, _ context: OpaquePointer, _ type: UInt8) -> Raster {
    var key = spng_trns()
    guard type == 0 || type == 2, spng_get_trns(context, &key) == 0 else { return raster }
    let color = type == 0 ? [key.gray] : [key.red, key.green, key.blue]
    func keyed<Word: FixedWidthInteger>(_ samples: [Word]) -> [Word] {
      stride(from: 0, to: samples.count, by: color.count).flatMap { start in
        let pixel = samples[start..<start + color.count]
        return pixel + [zip(pixel, color).allSatisfy { UInt16($0) == $1 } ? 0 : Word.max]
      }
    }
    var result = raster
    result.alpha = .straight
    switch raster.samples {
    case .bytes(let bytes): result.samples = .bytes(keyed(bytes))
    case .words(let words): result.samples = .words(keyed(words))
    }
    return result
  }

  /// Red, green, blue and alpha of each colour.
  private static func palette(_ context: OpaquePointer) -> [UInt8] {
    var (colors, alphas) = (spng_plte(), spng_trns())
    guard spng_get_plte(context, &colors) == 0 else { return [] }
    let hasAlphas = spng_get_trns(context, &alphas) == 0
    return withUnsafeBytes(of: &colors.entries) { colors in
      withUnsafeBytes(of: &alphas.type3_alpha) { opacities in
        (0..<min(256, colors.count / 4)).flatMap { number in
          let opacity = hasAlphas && number < alphas.n_type3_entries ? opacities[number] : 255
          return [colors[4 * number], colors[4 * number + 1], colors[4 * number + 2], opacity]
        }
      }
    }.prefix(4 * Int(colors.n_entries)).map(\.self)
  }

  private static func resolution(_ context: OpaquePointer) -> Resolution? {
    var size = spng_phys()
    guard spng_get_phys(context, &size) == 0, size.unit_specifier == 1 else { return nil }
    return Resolution(perMetre: Double(size.ppu_x), Double(size.ppu_y))
  }

  private static func profile(_ context: OpaquePointer) -> [UInt8]? {
    var profile = spng_iccp()
    guard spng_get_iccp(context, &profile) == 0, let bytes = profile.profile else { return nil }
    return Array(UnsafeRawBufferPointer(start: bytes, count: profile.profile_len))
  }

  private static func exif(_ context: OpaquePointer, file: String) throws -> EXIF? {
    var exif = spng_exif()
    guard spng_get_exif(context, &exif) == 0, let bytes = exif.data else { return nil }
    return try EXIF(Array(UnsafeRawBufferPointer(start: bytes, count: exif.length))[...], file: file)
  }

  private static func noMemory(_ file: String) -> SystemError {
    SystemError(operation: "read", path: file, reason: "no memory is left", remedy: "Free some memory.")
  }
}

extension Raster {
  /// Samples of fewer than 8 bits brought to bytes; those of alpha, which a key has made, are bytes already.
  fileprivate func scaled(by factor: UInt8) -> Raster {
    guard case .bytes(let bytes) = samples else { return self }
    var result = self
    result.samples = .bytes(
      alpha == .none
        ? bytes.map { $0 &* factor } : bytes.enumerated().map { $0 % (channels + 1) == channels ? $1 : $1 &* factor })
    return result
  }
}

// MARK: - Writing

extension PNG {
  static func encode(_ page: ImagePage, file: String) throws -> [UInt8] {
    guard let context = spng_ctx_new(Int32(SPNG_CTX_ENCODER.rawValue)) else { throw noMemory(file) }
    defer { spng_ctx_free(context) }
    func check(_ status: Int32) throws {
      if status == 0 { return }
      throw UsageError(
        "\(file): no PNG: \(String(cString: spng_strerror(status)))", remedy: "Choose a smaller size or another format."
      )
    }
    let shape = page.image.shape
    try check(spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1))
    var header = spng_ihdr()
    (header.width, header.height) = (UInt32(clamping: shape.width), UInt32(clamping: shape.height))
    (header.bit_depth, header.color_type) = (UInt8(page.bits), shape.channels == 3 ? 2 : 0)
    try check(spng_set_ihdr(context, &header))
    if shape.size <= small { try setSmall(context, check) }
    // Of a TIFF file it says nothing of how its image is to be kept here.
    if page.encoding.format == .png, page.encoding.compression == ImageEncoding.Compression.none {
      try check(spng_set_option(context, SPNG_IMG_COMPRESSION_LEVEL, 0))
    }
    try setResolution(of: page, context, check)
    // The library keeps the profile's address until the image is written.
    let profile = page.encoding.profile(channels: shape.channels).map { profile in
      let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: profile.count)
      _ = copy.initialize(fromContentsOf: profile.map(CChar.init(bitPattern:)))
      return copy
    }
    defer { profile?.deallocate() }
    if let profile { try setProfile(profile, context, check) }
    let bytes =
      switch page.bits {
      case 1: Raster.packed(page.image.pixels, perRow: shape.width)
      case 16: page.words.withUnsafeBytes { Array($0) }
      default: page.image.pixels
      }
    try check(spng_encode_image(context, bytes, bytes.count, format, Int32(SPNG_ENCODE_FINALIZE.rawValue)))
    var (length, status) = (0, Int32(0))
    guard let made = spng_get_png_buffer(context, &length, &status) else { throw noMemory(file) }
    defer { free(made) }
    return Array(UnsafeRawBufferPointer(start: made, count: length))
  }

  /// Bytes of images like the datasets' digits, or a little larger.
  private static let small = 4096

  /// What suits them: a window as large as they are, and tables to match. The usual ones take a quarter of a megabyte, whose pages
  /// cost several times what the compression itself does; filters make such files no smaller.
  private static func setSmall(_ context: OpaquePointer, _ check: (Int32) throws -> Void) throws {
    try check(spng_set_option(context, SPNG_IMG_WINDOW_BITS, 13))
    try check(spng_set_option(context, SPNG_IMG_MEM_LEVEL, 5))
    try check(spng_set_option(context, SPNG_FILTER_CHOICE, 0))
    try check(spng_set_option(context, SPNG_IMG_COMPRESSION_LEVEL, 2))
  }

  private static func setResolution(
    of page: ImagePage, _ context: OpaquePointer, _ check: (Int32) throws -> Void
  ) throws {
    guard let resolution = page.encoding.resolution?.perMetre else { return }
    var size = spng_phys(ppu_x: resolution.horizontal, ppu_y: resolution.vertical, unit_specifier: 1)
    try check(spng_set_phys(context, &size))
  }

  private static func setProfile(
    _ profile: UnsafeMutableBufferPointer<CChar>, _ context: OpaquePointer, _ check: (Int32) throws -> Void
  ) throws {
    var entry = spng_iccp()
    withUnsafeMutableBytes(of: &entry.profile_name) { $0.copyBytes(from: "ICC profile\0".utf8) }
    (entry.profile, entry.profile_len) = (profile.baseAddress, profile.count)
    try check(spng_set_iccp(context, &entry))
  }
}
