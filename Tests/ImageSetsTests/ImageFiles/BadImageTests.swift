import Foundation
import ImageSets
import Support
import TestSupport
import Testing

@Suite struct BadImageTests {
  static func refusal(of bytes: [UInt8]) -> DataError? {
    #expect(throws: DataError.self) {
      _ = try ImageFileFormat.decode(bytes, file: "bad.png", background: 255)[0].image
    }
  }

  @Test func noImage() {
    let text = Self.refusal(of: Array("GIF89a and so on".utf8))
    #expect(
      text?.file == "bad.png" && text?.expected == "a PNG, JPEG, TIFF, BMP or WebP image"
        && text?.found == "a GIF image")
    #expect(Self.refusal(of: [])?.found == "an empty file")
    #expect(throws: SystemError.self) { try ImageFile.read("/nowhere/a.png") }
  }

  @Test func cutShort() throws {
    let set = TinyImages.ramp(count: 1, height: 20, width: 20, channels: 3, labels: false)
    for format in ImageFileFormat.allCases {
      let file = try format.encode([ImagePage(image: set)], file: "a")
      for part in [4, 9, file.count / 4, file.count / 2, file.count * 9 / 10] {
        #expect(Self.refusal(of: Array(file.prefix(part)))?.expected.contains("image") == true)
      }
    }
  }

  @Test func flippedBitInThePixels() throws {
    var png = PNGBytes(width: 40, height: 40, rows: .init(repeating: .init(repeating: 9, count: 40), count: 40)).file
    png[png.count / 2] ^= 1
    #expect(Self.refusal(of: png)?.found.contains("damaged") == true)
  }

  @Test func hugeClaims() {
    let rows = [[UInt8](repeating: 0, count: 16)]
    for (width, height) in [(20_000, 4), (4, 16_385), (16_384, 16_384), (1_000_000, 1_000_000), (0x7FFF_FFFF, 1)] {
      #expect(Self.refusal(of: PNGBytes(width: width, height: height, rows: rows).file) != nil)
    }
    #expect(Self.refusal(of: PNGBytes(width: 20_000, height: 4, rows: rows).file)?.found.contains("20000") == true)
    // A claim that is allowed and not kept.
    #expect(Self.refusal(of: PNGBytes(width: 8_000, height: 8_000, rows: rows).file) != nil)
    #expect(Self.refusal(of: PNGBytes(width: 0, height: 5, rows: rows).file) != nil)
  }

  /// Masks are of 16 and 32 bits, run lengths of 4 and 8; other claims are not to be read as one of these.
  @Test func bitmapsOfKindsThatDoNotGoTogether() throws {
    var file = try ImageFileFormat.bmp.encode(
      [ImagePage(image: TinyImages.ramp(count: 1, height: 4, width: 4, channels: 3))], file: "a")
    for (bits, compression) in [(1, 6), (8, 3), (24, 3), (24, 1), (4, 1), (8, 2), (24, 9), (2, 0)] as [(UInt8, UInt8)] {
      (file[28], file[30]) = (bits, compression)
      #expect(Self.refusal(of: file)?.found == "\(bits) bits, compression \(compression)")
    }
  }

  @Test func printingColours() {
    // A baseline JPEG's markers: Adobe's (no transform), a frame of four components, a scan.
    var file: [UInt8] = [0xFF, 0xD8, 0xFF, 0xEE, 0, 14] + Array("Adobe".utf8) + [0, 0x64, 0, 0, 0, 0, 0]
    file += [0xFF, 0xC0, 0, 20, 8, 0, 8, 0, 8, 4] + (1...4).flatMap { [$0, 0x11, 0] }
    file += [0xFF, 0xDA, 0, 14, 4] + (1...4).flatMap { [$0, 0] } + [0, 63, 0]
    #expect(Self.refusal(of: file)?.found == "printing colours (CMYK)")
  }

  /// Whatever a file says, reading it ends with pixels or with an error.
  @Test(arguments: ImageFileFormat.allCases, [1, 3])
  func mutations(format: ImageFileFormat, channels: Int) throws {
    let set = TinyImages.ramp(count: 1, height: 9, width: 13, channels: channels, labels: false)
    let file = try format.encode([ImagePage(image: set)], file: "a")
    var random = Philox(seed: 11, index: channels)
    var read = 0
    for _ in 0..<3000 {
      var bad = file
      for _ in 0...random.integer(below: 4) {
        bad[random.integer(below: bad.count)] = UInt8(random.integer(below: 256))
      }
      if random.chance(0.1) { bad.removeLast(random.integer(below: bad.count)) }
      do {
        read += try ImageFileFormat.decode(bad, file: "bad", background: 255)[0].image.count
      } catch let error as DataError {
        #expect(error.file == "bad")
      }
    }
    #expect(read > 0 && read < 3000)
  }
}
