import Support

/// An image as its file has it: perhaps with transparent parts, lying on its side, or of 16 bits a sample.
struct Raster {
  enum Samples {
    case bytes([UInt8])
    case words([UInt16])
  }

  enum Alpha {
    case none
    case straight
    /// Colours are multiplied by it already.
    case premultiplied
  }

  var size: ImageSize
  /// (H, W, C), with alpha as one channel more.
  var samples: Samples
  /// Of colour: 1 or 3.
  var channels: Int
  var alpha = Alpha.none
  /// As EXIF counts them, 1 for upright.
  var orientation = 1

  /// The image upright, its transparent parts laid over a background as screens do; one set of one image.
  func image(over background: UInt8, file: String) -> ImageSet {
    let all = channels + (alpha == .none ? 0 : 1)
    switch samples {
    case .bytes(let bytes):
      let (turned, size) = upright(bytes, channels: all)
      return ImageSet(image: composed(turned, over: background), size: size, channels: channels, file: file)
    case .words(let words):
      let (turned, size) = upright(words, channels: all)
      let opaque = composed(turned, over: UInt16(background) * 257)
      return ImageSet(
        shape: .init(height: size.height, width: size.width, channels: channels),
        values: opaque.map { Float($0) / 65535 }, name: FilePath.name(of: file), source: file)
    }
  }

  private func composed<Word: FixedWidthInteger & UnsignedInteger>(_ samples: [Word], over background: Word) -> [Word] {
    if alpha == .none { return samples }
    let (count, most) = (samples.count / (channels + 1), Int(Word.max))
    return [Word](unsafeUninitializedCapacity: count * channels) { buffer, written in
      for pixel in 0..<count {
        let from = pixel * (channels + 1)
        let opacity = Int(samples[from + channels])
        for channel in 0..<channels {
          let color = Int(samples[from + channel]) * (alpha == .straight ? opacity : most)
          let sum = color + Int(background) * (most - opacity)
          buffer[pixel * channels + channel] = Word(min(most, (sum + most / 2) / most))
        }
      }
      written = count * channels
    }
  }

  private func upright<Value>(_ samples: [Value], channels: Int) -> (samples: [Value], size: ImageSize) {
    guard (2...8).contains(orientation) else { return (samples, size) }
    let (height, width) = (size.height, size.width)
    let isSideways = orientation >= 5
    let turned = isSideways ? ImageSize(height: width, width: height) : size
    var result: [Value] = []
    result.reserveCapacity(samples.count)
    for y in 0..<turned.height {
      for x in 0..<turned.width {
        let (row, column) =
          switch orientation {
          case 2: (y, width - 1 - x)
          case 3: (height - 1 - y, width - 1 - x)
          case 4: (height - 1 - y, x)
          case 5: (x, y)
          case 6: (height - 1 - x, y)
          case 7: (height - 1 - x, width - 1 - y)
          default: (x, width - 1 - y)
          }
        let from = (row * width + column) * channels
        result += samples[from..<from + channels]
      }
    }
    return (result, turned)
  }
}

extension Raster {
  /// Numbers of 1, 2 or 4 bits, the highest first, each row beginning with a byte of its own; or the bytes themselves.
  static func unpack(_ packed: [UInt8], bits: Int, perRow: Int, rows: Int) -> [UInt8] {
    if bits == 8 { return packed }
    let length = (perRow * bits + 7) / 8
    let mask = UInt8((1 << bits) - 1)
    return [UInt8](unsafeUninitializedCapacity: rows * perRow) { buffer, count in
      for row in 0..<rows {
        for place in 0..<perRow {
          let bit = place * bits
          buffer[row * perRow + place] = packed[row * length + bit / 8] >> UInt8(8 - bits - bit % 8) & mask
        }
      }
      count = rows * perRow
    }
  }

  /// Black or white bytes as bits, each row beginning with a byte of its own; 1 for those of 128 or more.
  static func packed(_ pixels: [UInt8], perRow: Int) -> [UInt8] {
    let length = (perRow + 7) / 8
    var bits = [UInt8](repeating: 0, count: pixels.count / max(1, perRow) * length)
    for (place, pixel) in pixels.enumerated() where pixel >= 128 {
      bits[place / perRow * length + place % perRow / 8] |= 0x80 >> UInt8(place % perRow % 8)
    }
    return bits
  }

  /// The colours of numbered pixels.
  ///
  /// - Parameter palette: colours one behind the other, `channels` bytes each.
  /// - Throws: `DataError` that names the first pixel whose number has no colour.
  static func colors(
    of numbers: [UInt8], palette: [UInt8], channels: Int, width: Int, file: String
  ) throws(DataError) -> [UInt8] {
    let count = palette.count / channels
    if let wrong = numbers.firstIndex(where: { Int($0) >= count }) {
      throw DataError(
        file: file, place: "row \(wrong / width), column \(wrong % width)",
        expected: "one of the palette's \(count) colours", found: "number \(numbers[wrong])",
        remedy: "The file is damaged: fetch or save the image again.")
    }
    return [UInt8](unsafeUninitializedCapacity: numbers.count * channels) { buffer, written in
      for (place, number) in numbers.enumerated() {
        for channel in 0..<channels { buffer[place * channels + channel] = palette[Int(number) * channels + channel] }
      }
      written = numbers.count * channels
    }
  }
}
