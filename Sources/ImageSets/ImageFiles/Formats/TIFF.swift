import CTIFF
import Support

/// TIFF through libtiff: any number of pages, of 1 to 16 bits, grey, with a palette, in colours, with alpha. What is
/// stored in other ways (printing colours, YCbCr) libtiff itself brings to 8 bits of red, green and blue.
enum TIFF {
  /// Pages that are believed of a file; each takes libtiff longer to find than the one before.
  static let mostPages = 4096

  /// - Throws: `DataError` that names the page.
  static func decode(_ bytes: [UInt8], file: String, background: UInt8) throws -> [ImagePage] {
    var pages: [ImagePage] = []
    var total = 0
    try forEachPage(of: bytes, file: file, background: background) { page in
      total += page.image.pixels.count
      try check(total, file: file)
      pages.append(page)
    }
    return pages
  }

  /// One page after the other, none of them kept.
  static func forEachPage(
    of bytes: [UInt8], file: String, background: UInt8, _ body: (ImagePage) throws -> Void
  ) throws {
    let tiff = try TIFFFile(bytes, mode: "rm", file: file)
    var count = 0
    repeat {
      guard count < mostPages else {
        throw DataError(
          file: file, expected: "at most \(mostPages) pages", found: "more",
          remedy: "Split the file, for instance by tiffsplit.")
      }
      let place = count == 0 ? nil : "page \(count + 1)"
      do { try body(page(of: tiff, file: file, background: background)) } catch var error as DataError {
        error.place = place ?? error.place
        throw error
      }
      count += 1
    } while TIFFReadDirectory(tiff.handle) == 1
    // A file that is cut short loses pages, which nobody would miss.
    if let complaint = tiff.memory.complaint {
      throw DataError.damaged("TIFF", file: file, reason: "behind page \(count): \(complaint)")
    }
  }

  private static func check(_ total: Int, file: String) throws(DataError) {
    if total <= ImageSize.mostBytes { return }
    throw DataError(
      file: file, expected: "at most \(ImageSize.mostBytes) bytes of pixels", found: "more",
      remedy: "Split the file, for instance by tiffsplit.")
  }

  private static func page(of tiff: TIFFFile, file: String, background: UInt8) throws -> ImagePage {
    func damaged() -> DataError { .damaged("TIFF", file: file, reason: tiff.memory.complaint ?? "no image") }
    if tiff.memory.complaint != nil { throw damaged() }
    let size = ImageSize(height: tiff.long(TIFFTAG_IMAGELENGTH), width: tiff.long(TIFFTAG_IMAGEWIDTH))
    try size.checkBelievable(file: file)
    let layout = TIFFLayout(tiff, size: size)
    var raster =
      layout.isDirect
      ? try layout.samples(of: tiff, file: file) : try converted(tiff, size: size, damaged: damaged)
    if tiff.memory.complaint != nil { throw damaged() }
    raster.orientation = max(1, tiff.short(TIFFTAG_ORIENTATION))
    var encoding = ImageEncoding()
    encoding.bits = layout.bits == 16 || layout.bits == 1 ? layout.bits : 8
    encoding.compression = compression(tiff.short(TIFFTAG_COMPRESSION))
    let scale = tiff.short(TIFFTAG_RESOLUTIONUNIT) == RESUNIT_CENTIMETER ? 2.54 : 1
    if tiff.short(TIFFTAG_RESOLUTIONUNIT) != RESUNIT_NONE {
      encoding.resolution = Resolution(
        horizontal: tiff.float(TIFFTAG_XRESOLUTION) * scale, vertical: tiff.float(TIFFTAG_YRESOLUTION) * scale)
    }
    var (length, profile) = (UInt32(0), UnsafeMutableRawPointer?.none)
    if tiff_get_bytes(tiff.handle, UInt32(TIFFTAG_ICCPROFILE), &length, &profile) == 1, let profile {
      encoding.profile = Array(UnsafeRawBufferPointer(start: profile, count: Int(length)))
    }
    return ImagePage(raster, encoding, over: background, file: file)
  }

  /// As libtiff itself brings it to red, green, blue and alpha, in the orientation that it is stored in.
  private static func converted(_ tiff: TIFFFile, size: ImageSize, damaged: () -> DataError) throws -> Raster {
    let count = size.height * size.width
    let words = try [UInt32](unsafeUninitializedCapacity: count) { buffer, filled in
      let orientation = Int32(max(1, tiff.short(TIFFTAG_ORIENTATION)))
      // Those that lie sideways are only mirrored by libtiff, so none is asked to be.
      guard
        TIFFReadRGBAImageOriented(
          tiff.handle, UInt32(size.width), UInt32(size.height), buffer.baseAddress, orientation, 1) == 1
      else { throw damaged() }
      filled = count
    }
    let pixels = words.flatMap { word in (0..<4).map { UInt8(word >> (8 * UInt32($0)) & 255) } }
    return Raster(size: size, samples: .bytes(pixels), channels: 3, alpha: .premultiplied)
  }

  private static func compression(_ code: Int) -> ImageEncoding.Compression {
    switch Int32(code) {
    case COMPRESSION_NONE: .none
    case COMPRESSION_PACKBITS: .packBits
    case COMPRESSION_CCITTFAX3, COMPRESSION_CCITTFAX4, COMPRESSION_CCITTRLE: .fax
    case COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE: .deflate
    default: .lzw
    }
  }
}

// MARK: - Writing

extension TIFF {
  static func encode(_ pages: [ImagePage], file: String) throws -> [UInt8] {
    guard pages.count <= mostPages else {
      throw UsageError(
        "\(file) would have \(pages.count) pages, and \(mostPages) are the most", remedy: "Choose a folder or an array."
      )
    }
    let tiff = try TIFFFile([], mode: "wm", file: file)
    for (number, page) in pages.enumerated() {
      setTags(of: page, number: number, count: pages.count, tiff)
      guard write(page, tiff), tiff.memory.complaint == nil, TIFFWriteDirectory(tiff.handle) == 1 else {
        throw UsageError(
          "\(file): no TIFF: \(tiff.memory.complaint ?? "it is too large")",
          remedy: "Choose a smaller size or another format.")
      }
    }
    tiff.close()
    return tiff.memory.bytes
  }

  private static func setTags(of page: ImagePage, number: Int, count: Int, _ tiff: TIFFFile) {
    let (shape, bits, encoding) = (page.image.shape, page.bits, page.encoding)
    func short(_ tag: Int32, _ value: Int32) { _ = tiff_set_16(tiff.handle, UInt32(tag), UInt16(value)) }
    _ = tiff_set_32(tiff.handle, UInt32(TIFFTAG_IMAGEWIDTH), UInt32(shape.width))
    _ = tiff_set_32(tiff.handle, UInt32(TIFFTAG_IMAGELENGTH), UInt32(shape.height))
    short(TIFFTAG_BITSPERSAMPLE, Int32(bits))
    short(TIFFTAG_SAMPLESPERPIXEL, Int32(shape.channels))
    short(TIFFTAG_PHOTOMETRIC, shape.channels == 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK)
    short(TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG)
    short(TIFFTAG_COMPRESSION, code(of: encoding.compression, bits: bits))
    _ = tiff_set_32(tiff.handle, UInt32(TIFFTAG_ROWSPERSTRIP), TIFFDefaultStripSize(tiff.handle, 0))
    if count > 1 {
      _ = tiff_set_32(tiff.handle, UInt32(TIFFTAG_SUBFILETYPE), UInt32(FILETYPE_PAGE))
      _ = tiff_set_pages(tiff.handle, UInt16(number), UInt16(count))
    }
    if let resolution = encoding.resolution {
      short(TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH)
      _ = tiff_set_double(tiff.handle, UInt32(TIFFTAG_XRESOLUTION), resolution.horizontal)
      _ = tiff_set_double(tiff.handle, UInt32(TIFFTAG_YRESOLUTION), resolution.vertical)
    }
    if let profile = encoding.profile(channels: shape.channels) {
      _ = tiff_set_bytes(tiff.handle, UInt32(TIFFTAG_ICCPROFILE), UInt32(profile.count), profile)
    }
  }

  private static func code(of compression: ImageEncoding.Compression?, bits: Int) -> Int32 {
    switch compression {
    case .none?: COMPRESSION_NONE
    case .packBits: COMPRESSION_PACKBITS
    case .deflate: COMPRESSION_ADOBE_DEFLATE
    case .fax where bits == 1: COMPRESSION_CCITTFAX4
    default: COMPRESSION_LZW
    }
  }

  private static func write(_ page: ImagePage, _ tiff: TIFFFile) -> Bool {
    let shape = page.image.shape
    var bytes =
      switch page.bits {
      case 1: Raster.packed(page.image.pixels, perRow: shape.width)
      case 16: page.words.withUnsafeBytes { Array($0) }
      default: page.image.pixels
      }
    let length = bytes.count / shape.height
    return bytes.withUnsafeMutableBytes { bytes in
      (0..<shape.height).allSatisfy { row in
        TIFFWriteScanline(tiff.handle, bytes.baseAddress! + row * length, UInt32(row), 0) == 1
      }
    }
  }
}
