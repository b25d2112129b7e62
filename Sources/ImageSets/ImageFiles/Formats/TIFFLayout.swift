import CTIFF
import Support

/// How a page of a TIFF file stores its samples, and those samples where they can be taken as they are.
struct TIFFLayout {
  let size: ImageSize
  let bits: Int
  private let perPixel: Int
  private let photometric: Int32
  private let isPlanar: Bool
  private let isTiled: Bool
  private let alpha: Raster.Alpha
  private let sampleFormat: Int

  init(_ tiff: TIFFFile, size: ImageSize) {
    self.size = size
    bits = tiff.short(TIFFTAG_BITSPERSAMPLE)
    perPixel = tiff.short(TIFFTAG_SAMPLESPERPIXEL)
    photometric = Int32(tiff.short(TIFFTAG_PHOTOMETRIC))
    isPlanar = tiff.short(TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE
    isTiled = TIFFIsTiled(tiff.handle) != 0
    sampleFormat = tiff.short(TIFFTAG_SAMPLEFORMAT)
    var (count, kinds) = (UInt16(0), UnsafeMutablePointer<UInt16>?.none)
    let hasExtra = tiff_get_extra(tiff.handle, &count, &kinds) == 1 && count > 0
    alpha =
      switch hasExtra ? kinds.map({ Int32($0[0]) }) : nil {
      case EXTRASAMPLE_ASSOCALPHA: .premultiplied
      case EXTRASAMPLE_UNASSALPHA: .straight
      default: .none
      }
  }

  /// Grey, with a palette or red, green and blue, in whole numbers.
  var isDirect: Bool {
    let isKnown =
      photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE
      || photometric == PHOTOMETRIC_RGB && bits >= 8 || photometric == PHOTOMETRIC_PALETTE && bits <= 8
    return isKnown && [1, 2, 4, 8, 16].contains(bits) && (sampleFormat <= 1 || sampleFormat == 4)
      && perPixel >= channels && perPixel <= 16
  }

  private var channels: Int { photometric == PHOTOMETRIC_RGB ? 3 : 1 }

  func samples(of tiff: TIFFFile, file: String) throws -> Raster {
    let planes = try (0..<(isPlanar ? perPixel : 1)).map { plane in
      try rows(of: tiff, plane: plane, file: file)
    }
    let perPlane = isPlanar ? 1 : perPixel
    // Beyond colours and alpha, further samples are passed over.
    let wanted = channels + (alpha != .none && perPixel > channels ? 1 : 0)
    let kept = alpha != .none && perPixel > channels ? alpha : .none
    if bits == 16 {
      let words = planes.map { $0.withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) } }
      let samples = inverted(chosen(words, perPlane: perPlane, wanted: wanted), wanted: wanted)
      return Raster(size: size, samples: .words(samples), channels: channels, alpha: kept)
    }
    let unpacked = planes.map { Raster.unpack($0, bits: bits, perRow: size.width * perPlane, rows: size.height) }
    let samples = chosen(unpacked, perPlane: perPlane, wanted: wanted)
    if photometric == PHOTOMETRIC_PALETTE { return try colored(samples, wanted: wanted, tiff, file: file) }
    let factor = UInt8(bits < 8 ? 255 / ((1 << bits) - 1) : 1)
    let bytes = inverted(bits < 8 ? samples.map { $0 &* factor } : samples, wanted: wanted)
    return Raster(size: size, samples: .bytes(bytes), channels: channels, alpha: kept)
  }

  /// (H, W, wanted) from one array with all samples of a pixel together, or from one a sample.
  private func chosen<Word>(_ planes: [[Word]], perPlane: Int, wanted: Int) -> [Word] {
    if planes.count == 1, perPlane == wanted { return planes[0] }
    let count = size.height * size.width
    return [Word](unsafeUninitializedCapacity: count * wanted) { buffer, filled in
      for pixel in 0..<count {
        for sample in 0..<wanted {
          let value = planes.count == 1 ? planes[0][pixel * perPlane + sample] : planes[sample][pixel]
          (buffer.baseAddress! + pixel * wanted + sample).initialize(to: value)
        }
      }
      filled = count * wanted
    }
  }

  /// With 0 for black.
  private func inverted<Word: FixedWidthInteger>(_ samples: [Word], wanted: Int) -> [Word] {
    guard photometric == PHOTOMETRIC_MINISWHITE else { return samples }
    return wanted == 1
      ? samples.map { Word.max - $0 } : samples.enumerated().map { $0 % wanted == 0 ? Word.max - $1 : $1 }
  }

  private func colored(_ samples: [UInt8], wanted: Int, _ tiff: TIFFFile, file: String) throws -> Raster {
    var (red, green, blue) = (
      UnsafeMutablePointer<UInt16>?.none, UnsafeMutablePointer<UInt16>?.none, UnsafeMutablePointer<UInt16>?.none
    )
    guard tiff_get_palette(tiff.handle, &red, &green, &blue) == 1, let red, let green, let blue else {
      throw DataError.damaged("TIFF", file: file, reason: "it has no palette")
    }
    let numbers =
      wanted == 1 ? samples : stride(from: 0, to: samples.count, by: wanted).map { samples[$0] }
    let maps = [red, green, blue]
    // Some programs write bytes where 16 bits are meant.
    let isDeep = maps.contains { map in (0..<1 << bits).contains { map[$0] > 255 } }
    let palette = (0..<1 << bits).flatMap { number in
      maps.map { UInt8(isDeep ? $0[number] >> 8 : $0[number]) }
    }
    let colors = try Raster.colors(of: numbers, palette: palette, channels: 3, width: size.width, file: file)
    return Raster(size: size, samples: .bytes(colors), channels: 3)
  }

  /// The packed rows of a plane, one behind the other.
  private func rows(of tiff: TIFFFile, plane: Int, file: String) throws -> [UInt8] {
    let perPlane = isPlanar ? 1 : perPixel
    let length = (size.width * perPlane * bits + 7) / 8
    func damaged() -> DataError { .damaged("TIFF", file: file, reason: tiff.memory.complaint ?? "it is cut short") }
    // libtiff's own idea of a row decides how much it writes.
    guard isTiled || Int(TIFFScanlineSize64(tiff.handle)) == length else { throw damaged() }
    return try [UInt8](unsafeUninitializedCapacity: length * size.height) { buffer, filled in
      guard isTiled else {
        for row in 0..<size.height {
          guard TIFFReadScanline(tiff.handle, buffer.baseAddress! + row * length, UInt32(row), UInt16(plane)) == 1
          else { throw damaged() }
        }
        filled = length * size.height
        return
      }
      try readTiles(of: tiff, plane: plane, into: buffer, length: length, bitsPerPixel: perPlane * bits, damaged)
      filled = length * size.height
    }
  }

  private func readTiles(
    of tiff: TIFFFile, plane: Int, into buffer: UnsafeMutableBufferPointer<UInt8>, length: Int, bitsPerPixel: Int,
    _ damaged: () -> DataError
  ) throws {
    let (width, height) = (tiff.long(TIFFTAG_TILEWIDTH), tiff.long(TIFFTAG_TILELENGTH))
    let tileLength = (width * bitsPerPixel + 7) / 8
    guard width > 0, height > 0, width % 8 == 0, width <= 1 << 20, height <= 1 << 20, tileLength * height <= 1 << 29,
      TIFFTileSize64(tiff.handle) == UInt64(tileLength * height)
    else { throw damaged() }
    var tile = [UInt8](repeating: 0, count: tileLength * height)
    for top in stride(from: 0, to: size.height, by: height) {
      for left in stride(from: 0, to: size.width, by: width) {
        guard TIFFReadTile(tiff.handle, &tile, UInt32(left), UInt32(top), 0, UInt16(plane)) >= 0 else {
          throw damaged()
        }
        let from = left * bitsPerPixel / 8
        let count = min(tileLength, length - from)
        for row in 0..<min(height, size.height - top) {
          for byte in 0..<count { buffer[(top + row) * length + from + byte] = tile[row * tileLength + byte] }
        }
      }
    }
  }
}
