import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// Image files that are broken, or made to fill the memory, in ways that those of `BadImageTests` are not.
@Suite struct HostileImageTests {
  private let set = TinyImages.ramp(count: 1, height: 9, width: 13, channels: 3, labels: false)

  private func refusal(_ bytes: [UInt8]) -> DataError? { BadImageTests.refusal(of: bytes) }

  @Test func pagesOfATIFF() throws {
    let page = ImagePage(image: TinyImages.ramp(count: 1, height: 2, width: 2, labels: false))
    #expect(throws: UsageError.self) {
      try ImageFileFormat.tiff.encode(Array(repeating: page, count: 4097), file: "a")
    }
    // Two pages, the second of which leads on to ten thousand: a chain is put together by hand.
    let many = Self.chain(of: 10_000)
    let error = refusal(many)
    #expect(error?.expected == "at most 4096 pages" && error?.remedy.contains("tiffsplit") == true)
  }

  /// TIFF's directories one behind the other, each of one grey pixel.
  private static func chain(of count: Int) -> [UInt8] {
    func short(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8 & 255)] }
    func long(_ value: Int) -> [UInt8] { short(value & 65535) + short(value >> 16) }
    var file: [UInt8] = [0x49, 0x49, 42, 0] + long(10) + [7, 0]
    for page in 0..<count {
      let entries: [(Int, Int, Int)] = [
        (256, 3, 1), (257, 3, 1), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1), (278, 3, 1),
        (279, 4, 1),
      ]
      file += short(entries.count)
      for (tag, type, value) in entries { file += short(tag) + short(type) + long(1) + long(value) }
      file += long(page == count - 1 ? 0 : file.count + 4)
    }
    return file
  }

  @Test func aPageOfAnotherSize() throws {
    let (small, large) = (
      TinyImages.ramp(count: 1, height: 4, width: 4, labels: false),
      TinyImages.ramp(count: 1, height: 5, width: 4, labels: false)
    )
    try withTemporaryFolder { folder in
      let bytes = try ImageFileFormat.tiff.encode([ImagePage(image: small), ImagePage(image: large)], file: "a")
      try put(bytes, "\(folder)/a.tif")
      let error = dataError { _ = try ImageFile.read("\(folder)/a.tif") }
      #expect(error?.place == "page 2" && error?.expected.contains("4x4") == true && error?.found == "5x4")
      #expect(try ImageFile.read("\(folder)/a.tif", options: .init(size: .init(height: 4, width: 4))).images.count == 2)
    }
  }

  @Test func cutShort() throws {
    var lossy = ImageEncoding()
    lossy.compression = .lossy
    for encoding in [lossy, ImageEncoding()] {
      let file = try ImageFileFormat.webp.encode([ImagePage(image: set, encoding: encoding)], file: "a")
      for part in [13, 20, file.count / 2, file.count - 3] {
        #expect(refusal(Array(file.prefix(part)))?.found.contains("cut short") == true)
      }
    }
  }

  /// EXIF in a PNG, a JPEG's segment: one entry for the orientation.
  private static func exif(orientation: Int, directory: Int = 8, entries: Int = 1) -> [UInt8] {
    Array("MM".utf8) + [
      0, 42, 0, 0, 0, UInt8(directory), 0, UInt8(entries), 1, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(orientation), 0, 0,
    ]
      + [0, 0, 0, 0]
  }

  private func jpeg(with exif: [UInt8]) throws -> [UInt8] {
    var file = try ImageFileFormat.jpeg.encode([ImagePage(image: set)], file: "a")
    let content = Array("Exif\0\0".utf8) + exif
    file.insert(contentsOf: [0xFF, 0xE1, 0, UInt8(content.count + 2)] + content, at: 2)
    return file
  }

  @Test func orientations() throws {
    for (orientation, size) in [(0, "9x13"), (1, "9x13"), (3, "9x13"), (6, "13x9"), (8, "13x9")] {
      let pages = try ImageFileFormat.decode(
        try jpeg(with: Self.exif(orientation: orientation)), file: "a", background: 255)
      #expect("\(pages[0].image.shape.imageSize)" == size)
    }
    let none = refusal(try jpeg(with: Self.exif(orientation: 9)))
    #expect(none?.place == "EXIF, byte 10" && none?.found == "9" && none?.remedy.contains("exiftool") == true)
    for exif in [Self.exif(orientation: 6, directory: 200), Self.exif(orientation: 6, entries: 9), [0, 1, 2]] {
      #expect(refusal(try jpeg(with: exif))?.place?.hasPrefix("EXIF") == true)
    }
  }

  @Test func colorsThatPalettesHaveNot() throws {
    let png = PNGBytes(
      width: 3, height: 2, depth: 8, colorType: 3, palette: [9, 8, 7, 60, 50, 40], rows: [[1, 0, 1], [0, 2, 0]])
    let error = refusal(png.file)
    #expect(error?.place == "row 1, column 1" && error?.expected.contains("2 colours") == true)
    var bmp = try ImageFileFormat.bmp.encode([ImagePage(image: set.convertedToGray())], file: "a")
    bmp[46] = 4
    bmp[47] = 0
    #expect(refusal(bmp)?.expected.contains("4 colours") == true)
  }

  @Test func fortyKilobytesForNineHundredMegabytes() {
    let rows = [[UInt8](repeating: 0, count: 16)]
    let error = refusal(PNGBytes(width: 30_000, height: 30_000, depth: 1, rows: rows).file)
    #expect(error?.found.contains("30000") == true && error?.remedy.contains("smaller") == true)
  }

  @Test func archivesInArchives() throws {
    try withTemporaryFolder { folder in
      try NPZ.write([("a", NPY.encode(set))], to: "\(folder)/inner.npz")
      let program =
        "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1] + '/o.zip', 'w') as z: z.write(sys.argv[1] + '/inner.npz', 'inner.zip')"
      try Python.run(program, folder)
      expectDataError("another archive in it, inner.zip", "Unpack it", reading: "\(folder)/o.zip")
      try Python.run(
        "import sys, gzip\ngzip.open(sys.argv[1] + '/a.npz.gz', 'w').write(open(sys.argv[1] + '/inner.npz', 'rb').read())",
        folder)
      expectDataError("inside gzip", reading: "\(folder)/a.npz.gz")
    }
  }

  /// Mutations of files that other programs have made, with palettes, tiles and tags that ours have not.
  @Test(.enabled(if: PythonJudge.isThere, PythonJudge.howToGet)) func mutationsOfOthers() throws {
    let program = """
      import sys, numpy as np
      from PIL import Image
      rgb = Image.fromarray((np.arange(9 * 13 * 3) % 256).astype('u1').reshape(9, 13, 3))
      exif = Image.Exif(); exif[0x112] = 6
      for c in ['tiff_lzw', 'packbits', 'jpeg', 'tiff_deflate']: rgb.save(f'{sys.argv[1]}/{c}.tif', compression=c, dpi=(9, 9))
      rgb.convert('1').save(f'{sys.argv[1]}/fax.tif', compression='group4')
      rgb.convert('P').save(f'{sys.argv[1]}/p.tif'); rgb.convert('P').save(f'{sys.argv[1]}/p.bmp'); rgb.convert('P').save(f'{sys.argv[1]}/p.png')
      rgb.save(f'{sys.argv[1]}/e.jpg', exif=exif); rgb.save(f'{sys.argv[1]}/e.webp', exif=exif); rgb.save(f'{sys.argv[1]}/e.png', exif=exif)
      """
    try withTemporaryFolder { folder in
      _ = try PythonJudge.run(program, folder)
      for name in try Folder.names(in: folder) {
        let file = try Folder.read("\(folder)/\(name)")
        var random = Philox(seed: 3, index: name.count)
        for _ in 0..<1500 {
          var bad = file
          for _ in 0...random.integer(below: 4) {
            bad[random.integer(below: min(bad.count, 400))] = UInt8(random.integer(below: 256))
          }
          do { _ = try ImageFileFormat.decode(bad, file: name, background: 255) } catch let error as DataError {
            #expect(error.file == name)
          }
        }
      }
    }
  }
}
