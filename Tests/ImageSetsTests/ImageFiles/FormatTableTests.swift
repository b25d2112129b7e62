import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// What image files are read and written, tried one by one; `Documentation/ImageFiles.md` has the table that comes of it.
@Suite struct FormatTableTests {
  private static let depths = [1, 8, 16]

  private static func page(bits: Int, channels: Int) -> ImagePage {
    let shape = ImageSet.Shape(height: 5, width: 11, channels: channels)
    var encoding = ImageEncoding()
    encoding.bits = bits
    encoding.compression = .lossless
    let image: ImageSet
    switch bits {
    case 1:
      image = ImageSet(
        shape: shape, pixels: (0..<shape.size).map { $0 % 3 == 0 ? 255 : 0 }, name: "a", source: "made")
    case 8: image = TinyImages.ramp(count: 1, height: 5, width: 11, channels: channels, labels: false)
    default:
      image = ImageSet(
        shape: shape, values: (0..<shape.size).map { Float($0 * 601 % 65536) / 65535 }, name: "a", source: "made")
    }
    return ImagePage(image: image, encoding: encoding)
  }

  /// Whether an image comes back as it was, in its depth; from JPEG nearly so.
  private static func comesBack(_ format: ImageFileFormat, bits: Int, channels: Int) throws -> Bool {
    let page = page(bits: bits, channels: channels)
    let file = try format.encode([page], file: "a")
    #expect(ImageFileFormat(recognizing: file) == format)
    let again = try ImageFileFormat.decode(file, file: "a", background: 255)[0]
    // WebP has colours alone.
    let image = channels == 1 ? again.image.convertedToGray() : again.image
    guard again.encoding.bits == bits, image.shape == page.image.shape else { return false }
    if format == .jpeg { return true }
    return image.pixels == page.image.pixels && image.values == page.image.values
  }

  /// One row a format, one column a depth and number of channels.
  private static func table() throws -> [String] {
    try ImageFileFormat.allCases.map { format in
      let cells = try depths.flatMap { bits in
        try [1, 3].filter { bits > 1 || $0 == 1 }.map { channels in
          try comesBack(format, bits: bits, channels: channels) ? "yes" : "–"
        }
      }
      return "| \(format.rawValue) | \(cells.joined(separator: " | ")) |"
    }
  }

  @Test func documentation() throws {
    let text = String(
      decoding: try Folder.read("\(Repository.root)/Documentation/ImageFiles.md"), as: UTF8.self)
    for row in try Self.table() { #expect(text.contains(row), "\(row)") }
  }

  /// Variants that are only read, written by Pillow: each with the same pixels, to what the variant can hold.
  @Test(.enabled(if: PythonJudge.isThere, PythonJudge.howToGet)) func whatOthersWrite() throws {
    let program = """
      import sys, numpy as np
      from PIL import Image
      folder = sys.argv[1]
      ramp = (np.arange(9 * 13).reshape(9, 13) * 2 % 256).astype('u1')
      color = np.stack([ramp, ramp[::-1], 255 - ramp], -1).copy()
      gray, rgb = Image.fromarray(ramp), Image.fromarray(color)
      bits = Image.fromarray((ramp > 127).astype('u1') * 255).convert('1')
      deep = Image.fromarray(ramp.astype('u2') * 257)
      alpha = Image.fromarray(np.dstack([color, np.full_like(ramp, 255)]))
      la = Image.fromarray(np.dstack([ramp, np.full_like(ramp, 255)]), 'LA')
      palette = gray.convert('P')
      def save(image, name, **options): image.save(f'{folder}/{name}', **options)
      for c in [None, 'tiff_lzw', 'tiff_adobe_deflate', 'packbits', 'tiff_deflate']:
          for n, i in dict(gray=gray, rgb=rgb, deep=deep, alpha=alpha, la=la, palette=palette, bits=bits).items():
              save(i, f'{n}-{c}.tif', compression=c)
      for c in ['group3', 'group4', 'tiff_ccitt']: save(bits, f'bits-{c}.tif', compression=c)
      save(rgb, 'lossy-jpeg.tif', compression='jpeg', quality=100)
      for n, i in dict(gray=gray, rgb=rgb, deep=deep, alpha=alpha, la=la, palette=palette, bits=bits).items():
          save(i, f'{n}.png')
      rgb.quantize(64).save(f'{folder}/lossy-quantized.png', bits=8)
      for n, i in dict(gray=gray, rgb=rgb, alpha=alpha, palette=palette, bits=bits).items(): save(i, f'{n}.bmp')
      for n, i in dict(rgb=rgb, alpha=alpha).items(): save(i, f'{n}.webp', lossless=True)
      save(rgb, 'lossy-rgb.webp', quality=100); save(gray, 'lossy-gray.jpg', quality=100)
      save(rgb, 'lossy-rgb.jpg', quality=100, subsampling=0); save(rgb, 'lossy-progressive.jpg', quality=100, subsampling=0, progressive=True)
      """
    try withTemporaryFolder { folder in
      _ = try PythonJudge.run(program, folder)
      let ramp = (0..<117).map { UInt8($0 * 2 % 256) }
      let names = try Folder.names(in: folder)
      #expect(names.count == 35 + 3 + 1 + 7 + 1 + 5 + 2 + 1 + 3)
      for name in names {
        let page = try ImageFileFormat.decode(Folder.read("\(folder)/\(name)"), file: name, background: 255)[0]
        let isGray = ["gray", "deep", "la", "palette", "bits"].contains {
          name.hasPrefix($0) || name.hasPrefix("lossy-\($0)")
        }
        let expected = ramp.indices.flatMap { place -> [UInt8] in
          let value = name.hasPrefix("bits") ? ramp[place] > 127 ? 255 : 0 : ramp[place]
          return isGray ? [value] : [value, ramp[(8 - place / 13) * 13 + place % 13], 255 - value]
        }
        let pixels = isGray ? page.image.convertedToGray().pixels : page.image.convertedToRGB().pixels
        let farthest = zip(pixels, expected).map { abs(Int($0) - Int($1)) }.max() ?? 0
        #expect(pixels.count == expected.count, "\(name)")
        #expect(farthest <= (name.hasPrefix("lossy") ? 60 : 0), "\(name): \(farthest)")
        if name.hasPrefix("deep") { #expect(page.encoding.bits == 16 && page.image.values != nil, "\(name)") }
      }
    }
  }

  /// A camera's image comes back upright, with its size, profile and resolution, and without the tag: as Pillow sees it.
  @Test(.enabled(if: PythonJudge.isThere, PythonJudge.howToGet), arguments: ["jpg", "png", "tif", "webp"], 1...8)
  func cameras(ending: String, orientation: Int) throws {
    let make = """
      import sys, numpy as np
      from PIL import Image, ImageCms
      path, orientation = sys.argv[1], int(sys.argv[2])
      x, y = np.meshgrid(np.arange(40), np.arange(24))
      upright = Image.fromarray(np.stack([x * 6, y * 10, (x + y) * 3], -1).astype('u1'))
      T = Image.Transpose
      stored = {1: [], 2: [T.FLIP_LEFT_RIGHT], 3: [T.ROTATE_180], 4: [T.FLIP_TOP_BOTTOM], 5: [T.TRANSPOSE],
                6: [T.ROTATE_90], 7: [T.TRANSVERSE], 8: [T.ROTATE_270]}[orientation]
      image = upright
      for step in stored: image = image.transpose(step)
      exif = Image.Exif(); exif[0x112] = orientation
      profile = ImageCms.ImageCmsProfile(ImageCms.createProfile('sRGB')).tobytes()
      options = dict(dpi=(240, 240), icc_profile=profile)
      if path.endswith('.jpg'): options.update(quality=98, subsampling=0)
      if path.endswith('.webp'): options.update(lossless=True); options.pop('dpi')
      image.save(path, exif=exif, **options)
      upright.save(path + '.upright.png')
      """
    let judge = """
      import sys, numpy as np
      from PIL import Image
      given, made, truth = (Image.open(sys.argv[1]), Image.open(sys.argv[2]), Image.open(sys.argv[1] + '.upright.png'))
      assert made.size == truth.size, made.size
      assert made.format == given.format
      assert made.getexif().get(0x112, 1) == 1
      assert made.info['icc_profile'] == given.info['icc_profile']
      if 'dpi' in given.info: assert abs(float(made.info['dpi'][0]) - 240) < 0.1, made.info
      difference = np.abs(np.asarray(made.convert('RGB')).astype(int) - np.asarray(truth).astype(int)).max()
      assert difference <= (12 if sys.argv[1].endswith('.jpg') else 0), difference
      """
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.\(ending)"
      _ = try PythonJudge.run(make, path, "\(orientation)")
      try ImageFile.read(path, options: .init(paper: Paper.none)).write(to: "\(folder)/b.\(ending)")
      _ = try PythonJudge.run(judge, path, "\(folder)/b.\(ending)")
    }
  }

  /// Pillow reads what is written, in its depth, with all pages.
  @Test(.enabled(if: PythonJudge.isThere, PythonJudge.howToGet)) func othersReadWhatIsWritten() throws {
    let judge = """
      import sys, numpy as np
      from PIL import Image
      modes = {'1': {1: '1'}, '8': {1: 'L', 3: 'RGB'}, '16': {1: 'I;16'}}
      for path in sys.argv[1:]:
          format, bits, channels = path.split('/')[-1].split('.')[0].split('-')
          image = Image.open(path); image.load()
          assert image.size == (11, 5), path
          wanted = modes[bits].get(int(channels))
          if format == 'webp': wanted = 'RGB'
          if wanted: assert image.mode == wanted or (format, bits) == ('bmp', '1'), (path, image.mode)
          if bits == '16' and channels == '1':
              assert (np.asarray(image).ravel() == np.arange(55) * 601 % 65536).all(), path
          if bits == '8' and format not in ('jpeg', 'webp'):
              i = np.arange(55 * int(channels)); assert (np.asarray(image).ravel() == (i * 37 + i // 7) % 256).all(), path
      """
    try withTemporaryFolder { folder in
      for format in ImageFileFormat.allCases {
        for bits in Self.depths where bits == 8 || format == .png || format == .tiff || format == .bmp && bits == 1 {
          for channels in [1, 3] where bits > 1 || channels == 1 {
            // Pillow reads no 16-bit colours from TIFF.
            if format == .tiff, bits == 16, channels == 3 { continue }
            let file = try format.encode([Self.page(bits: bits, channels: channels)], file: "a")
            try put(file, "\(folder)/\(format.rawValue)-\(bits)-\(channels).bin")
          }
        }
      }
      let paths = try Folder.names(in: folder).map { "\(folder)/\($0)" }
      _ = try PythonJudge.run(
        "import sys\nsys.argv = [''] + sys.argv[1].split('|')\n" + judge, paths.joined(separator: "|"))
    }
  }
}
