import Support

/// Windows' bitmaps: 1 to 32 bits a pixel, with a palette or without, run-length encoded or not. (No library among
/// Debian's reads and writes them alone.)
enum BMP {
  static func decode(_ bytes: [UInt8], file: String, background: UInt8) throws -> ImagePage {
    let header = try Header(bytes, file: file)
    try header.size.checkBelievable(file: file)
    var raster =
      switch header.bits {
      case 1, 4, 8: try numbered(bytes, header, file: file)
      default: try direct(bytes, header, file: file)
      }
    if !header.isTopDown { raster.turnUpsideDown() }
    var encoding = ImageEncoding()
    encoding.bits = header.bits == 1 ? 1 : 8
    encoding.resolution = header.resolution
    return ImagePage(raster, encoding, over: background, file: file)
  }

  struct Header {
    var size: ImageSize
    var isTopDown: Bool
    var bits: Int
    /// 0 none, 1 and 2 run lengths, 3 and 6 masks.
    var compression: Int
    var resolution: Resolution?
    /// Blue, green and red of each colour.
    var palette: [UInt8]
    /// Of red, green, blue and alpha.
    var masks: [UInt32]
    var pixels: Int

    init(_ bytes: [UInt8], file: String) throws(DataError) {
      func number(_ place: Int, _ size: Int = 4) throws(DataError) -> Int {
        guard place >= 0, place + size <= bytes.count else {
          throw .damaged("BMP", file: file, reason: "it is cut short")
        }
        return bytes[place..<place + size].reversed().reduce(0) { $0 << 8 | Int($1) }
      }
      func signed(_ place: Int) throws(DataError) -> Int {
        Int(Int32(truncatingIfNeeded: try number(place)))
      }
      let length = try number(14)
      let isOld = length == 12
      guard isOld || (40...256).contains(length) else {
        throw .damaged("BMP", file: file, reason: "a header of \(length) bytes")
      }
      let (width, height) = isOld ? (try number(18, 2), try number(20, 2)) : (try signed(18), try signed(22))
      bits = try number(isOld ? 24 : 28, 2)
      compression = isOld ? 0 : try number(30)
      (isTopDown, size) = (height < 0, ImageSize(height: abs(height), width: width))
      resolution = isOld ? nil : Resolution(perMetre: Double(try signed(38)), Double(try signed(42)))
      guard [1, 4, 8, 16, 24, 32].contains(bits), [0, 1, 2, 3, 6].contains(compression),
        compression == 0 || (compression == 1 ? [8] : compression == 2 ? [4] : [16, 32]).contains(bits)
      else {
        throw DataError(
          file: file, expected: "a bitmap of 1, 4, 8, 16, 24 or 32 bits a pixel",
          found: "\(bits) bits, compression \(compression)", remedy: "Save it as PNG with another program.")
      }
      pixels = try number(10)
      palette = []
      masks = bits == 16 ? [0x7C00, 0x3E0, 0x1F, 0] : [0xFF0000, 0xFF00, 0xFF, 0]
      if bits <= 8 {
        let used = isOld ? 0 : try number(46)
        let count = min(used == 0 ? 1 << bits : used, 1 << bits)
        for color in 0..<count {
          let place = 14 + length + color * (isOld ? 3 : 4)
          palette += [UInt8(try number(place + 2, 1)), UInt8(try number(place + 1, 1)), UInt8(try number(place, 1))]
        }
      } else if compression == 3 || compression == 6 {
        for channel in 0..<3 { masks[channel] = UInt32(try number(54 + 4 * channel)) }
        if length >= 56 || compression == 6 { masks[3] = UInt32(try number(66)) }
      }
    }
  }

  private static func numbered(_ bytes: [UInt8], _ header: Header, file: String) throws -> Raster {
    let size = header.size
    var numbers: [UInt8]
    if header.compression == 0 {
      let rows = try rows(bytes, header, length: (size.width * header.bits + 7) / 8, file: file)
      numbers = Raster.unpack(rows, bits: header.bits, perRow: size.width, rows: size.height)
    } else {
      numbers = try unrolled(bytes, header, file: file)
    }
    numbers = try Raster.colors(of: numbers, palette: header.palette, channels: 3, width: size.width, file: file)
    return Raster(size: size, samples: .bytes(numbers), channels: 3)
  }

  private static func direct(_ bytes: [UInt8], _ header: Header, file: String) throws -> Raster {
    let (size, width) = (header.size, header.bits / 8)
    let rows = try rows(bytes, header, length: size.width * width, file: file)
    let masks = header.masks
    let hasAlpha = masks[3] != 0
    let channels = hasAlpha ? 4 : 3
    let pixels = [UInt8](unsafeUninitializedCapacity: size.height * size.width * channels) { buffer, count in
      for pixel in 0..<size.height * size.width {
        let word = (0..<width).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(rows[pixel * width + $1]) }
        for channel in 0..<channels { buffer[pixel * channels + channel] = part(of: word, masks[channel]) }
      }
      count = size.height * size.width * channels
    }
    return Raster(size: size, samples: .bytes(pixels), channels: 3, alpha: hasAlpha ? .straight : .none)
  }

  /// The bits under a mask, brought to a byte.
  private static func part(of word: UInt32, _ mask: UInt32) -> UInt8 {
    guard mask != 0 else { return 0 }
    let shift = UInt32(mask.trailingZeroBitCount)
    let most = UInt64(mask >> shift)
    return UInt8(min(255, (UInt64((word & mask) >> shift) * 255 + most / 2) / most))
  }

  /// The rows as they are stored, without what fills each up to a multiple of four bytes.
  private static func rows(_ bytes: [UInt8], _ header: Header, length: Int, file: String) throws -> [UInt8] {
    let stride = (length + 3) / 4 * 4
    let last = header.pixels + stride * (header.size.height - 1) + length
    guard last <= bytes.count else { throw DataError.damaged("BMP", file: file, reason: "it is cut short") }
    return (0..<header.size.height).flatMap { row in
      bytes[header.pixels + row * stride..<header.pixels + row * stride + length]
    }
  }

  /// Run lengths of bytes or of half bytes.
  private static func unrolled(_ bytes: [UInt8], _ header: Header, file: String) throws -> [UInt8] {
    let (width, height, bits) = (header.size.width, header.size.height, header.bits)
    var numbers = [UInt8](repeating: 0, count: width * height)
    var (place, x, y) = (header.pixels, 0, 0)
    func next() throws -> Int {
      guard place < bytes.count else { throw DataError.damaged("BMP", file: file, reason: "it is cut short") }
      defer { place += 1 }
      return Int(bytes[place])
    }
    func put(_ number: Int) {
      if x < width, y < height { numbers[y * width + x] = UInt8(number) }
      x += 1
    }
    func number(_ byte: Int, _ index: Int) -> Int { bits == 8 ? byte : index % 2 == 0 ? byte >> 4 : byte & 15 }
    while y < height {
      let (count, value) = (try next(), try next())
      if count > 0 {
        for index in 0..<count { put(number(value, index)) }
        continue
      }
      switch value {
      case 0: (x, y) = (0, y + 1)
      case 1: return numbers
      case 2: (x, y) = (x + (try next()), y + (try next()))
      default:
        let length = bits == 8 ? value : (value + 1) / 2
        var packed: [Int] = []
        for _ in 0..<length { packed.append(try next()) }
        if length % 2 == 1 { _ = try next() }
        for index in 0..<value { put(number(packed[bits == 8 ? index : index / 2], index)) }
      }
    }
    return numbers
  }

  /// 8 bits with a grey palette, 1 bit, or 24 bits in colours.
  static func encode(_ page: ImagePage, file: String) throws -> [UInt8] {
    let shape = page.image.shape
    let bits = shape.channels == 3 ? 24 : page.bits == 1 ? 1 : 8
    let length = (shape.width * bits + 7) / 8
    let stride = (length + 3) / 4 * 4
    let palette = bits == 24 ? [] : (0..<1 << bits).map { UInt8($0 * 255 / ((1 << bits) - 1)) }
    let start = 54 + 4 * palette.count
    func number(_ value: Int, _ size: Int = 4) -> [UInt8] { (0..<size).map { UInt8(value >> (8 * $0) & 255) } }
    let resolution = page.encoding.resolution?.perMetre
    var result = Array("BM".utf8) + number(start + stride * shape.height) + number(0) + number(start)
    result += number(40) + number(shape.width) + number(shape.height) + number(1, 2) + number(bits, 2) + number(0)
    result += number(stride * shape.height) + number(Int(resolution?.horizontal ?? 0))
    result += number(Int(resolution?.vertical ?? 0)) + number(palette.count) + number(0)
    for level in palette { result += [level, level, level, 0] }
    let pixels = page.image.pixels
    let rows = bits == 1 ? Raster.packed(pixels, perRow: shape.width) : pixels
    for row in (0..<shape.height).reversed() {
      let line = rows[row * length..<(row + 1) * length]
      if bits == 24 {
        for pixel in Swift.stride(from: line.startIndex, to: line.endIndex, by: 3) {
          for channel in (0..<3).reversed() { result.append(line[pixel + channel]) }
        }
      } else {
        result += line
      }
      result += [UInt8](repeating: 0, count: stride - length)
    }
    return result
  }
}

extension Raster {
  /// Rows stored from the bottom up, the other way round.
  fileprivate mutating func turnUpsideDown() {
    guard case .bytes(let bytes) = samples, size.height > 0 else { return }
    let length = bytes.count / size.height
    samples = .bytes((0..<size.height).reversed().flatMap { bytes[$0 * length..<($0 + 1) * length] })
  }
}
