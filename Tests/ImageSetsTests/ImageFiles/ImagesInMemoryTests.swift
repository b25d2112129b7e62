import ImageSets
import Support
import TestSupport
import Testing

/// Image files that are no files: bytes that came from elsewhere.
@Suite struct ImagesInMemoryTests {
  private let set = SyntheticDigits().imageSet(.test, first: 1)

  @Test(arguments: ImageFileFormat.allCases) func asFromAFile(format: ImageFileFormat) throws {
    try withTemporaryFolder { folder in
      let bytes = try StoredImages(images: set, names: ["a"]).encoded(as: format)
      let path = "\(folder)/a.\(format.rawValue)"
      try WholeFile.write(bytes, to: path)
      let (read, inMemory) = (try ImageFile.read(path), try ImageFile.read(bytes, named: "it"))
      #expect(inMemory.images.pixels == read.images.pixels && inMemory.paper == read.paper)
      #expect(inMemory.files?.first?.pages == read.files?.first?.pages)
    }
  }

  @Test func errorsCallItByItsName() {
    #expect { try ImageFile.read(Array("no image".utf8), named: "the upload") } throws: {
      "\($0)".hasPrefix("the upload: ")
    }
  }

  /// Whoever reads for strangers believes less; nobody else is touched by it.
  @Test func pixelsCanBeLimited() throws {
    let bytes = try StoredImages(images: set, names: ["a"]).encoded(as: .png)
    try ImageSize.$mostPixelsOfFiles.withValue(28 * 28) { _ = try ImageFile.read(bytes, named: "it") }
    ImageSize.$mostPixelsOfFiles.withValue(28 * 28 - 1) {
      #expect { try ImageFile.read(bytes, named: "it") } throws: { "\($0)".contains("783 in all") }
    }
    _ = try ImageFile.read(bytes, named: "it")
  }

  /// Without compression the same pixels, in more bytes; a TIFF file's own says nothing of a PNG file.
  @Test func pngWithoutCompression() throws {
    let images = StoredImages(images: set, names: ["a"])
    let (usual, plain) = (
      try images.encoded(as: .png), try images.encoded(as: .png, compression: ImageEncoding.Compression.none)
    )
    #expect(plain.count > 784 && usual.count < 600)
    #expect(try ImageFile.read(plain, named: "it").images.pixels == set.pixels)
    let tiff = try ImageFile.read(images.encoded(as: .tiff, compression: ImageEncoding.Compression.none), named: "it")
    #expect(tiff.files?[0].pages[0].compression == ImageEncoding.Compression.none)
    #expect(try tiff.encoded(as: .png).count < 600)
  }
}
