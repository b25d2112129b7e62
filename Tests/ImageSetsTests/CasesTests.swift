import ImageSets
import Support
import TestSupport
import Testing

/// Each file of `../shared/cases`, whose README says what is right: the first digits of Kannada-MNIST's test set.
@Suite(.enabled(if: SharedCases.isThere)) struct CasesTests {
  private let digits: ImageSet
  private let root = SharedCases.root

  init() throws { digits = try Dataset.open(RealData.root).load(.test, first: 4) }

  private func expect(
    _ set: ImageSet, like expected: ImageSet, within tolerance: Int = 0, _ file: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(set.shape == expected.shape, "\(file)", sourceLocation: sourceLocation)
    let farthest = zip(set.pixels, expected.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
    #expect(
      set.pixels.count == expected.pixels.count && farthest <= tolerance, "\(file): \(farthest)",
      sourceLocation: sourceLocation)
  }

  @Test(arguments: [
    "no-header", "pandas-index", "floats-255", "floats-1", "semicolons", "blank-lines",
  ])
  func tables(name: String) throws {
    let set = try ImageSet.read("\(root)/\(name).csv")
    expect(set, like: digits.prefix(3), within: name.hasPrefix("floats") ? 1 : 0, name)
    #expect(set.labels == [0, 1, 2])
  }

  @Test(arguments: ["int64", "float16", "float32", "channels-first"])
  func arrays(name: String) throws {
    expect(try ImageSet.read("\(root)/\(name).npy"), like: digits.prefix(3), name)
  }

  @Test func trueAndFalse() throws {
    let expected = digits.prefix(3)
    let ink = expected.replacingPixels(expected.pixels.map { $0 > 128 ? 255 : 0 })
    expect(try ImageSet.read("\(root)/bool.npy"), like: ink, "bool.npy")
  }

  /// Arrays come back in their own type and order of axes.
  @Test(arguments: [("float32", NumberType.float32), ("float16", .float16), ("int64", .int64)])
  func typesComeBack(name: String, type: NumberType) throws {
    try withTemporaryFolder { folder in
      let read = try StoredImages.read("\(root)/\(name).npy")
      #expect(read.encoding?.type == type)
      try read.write(to: "\(folder)/\(name).npy")
      let (own, given) = (try Folder.read("\(folder)/\(name).npy"), try Folder.read("\(root)/\(name).npy"))
      // The headers differ by a comma behind the last size.
      #expect(own.count == given.count && own[128...] == given[128...])
      #expect(try StoredImages.read("\(folder)/\(name).npy").encoding == read.encoding)
    }
  }

  @Test func kerasParts() throws {
    let dataset = try Dataset.open("\(root)/keras-mnist.npz")
    #expect(dataset.parts == [.train, .test])
    for (part, count) in [(Dataset.Part.train, 3), (.test, 2)] {
      let set = try dataset.load(part)
      expect(set, like: digits.prefix(count), "\(part)")
      #expect(set.labels == Array(0..<count) && set.name == part.rawValue)
    }
  }

  @Test(arguments: [("ok.png", 0), ("ok.bmp", 0), ("ok.tif", 0), ("p16.png", 0), ("ok.webp", 16), ("exif6.jpg", 8)])
  func imageFiles(name: String, tolerance: Int) throws {
    let read = try ImageFile.read("\(root)/\(name)")
    #expect(read.paper == .dark || read.paper == .light)
    let digit = digits.selecting([3])
    expect(read.images, like: digit, within: tolerance, name)
  }

  @Test func sixteenBitsComeBack() throws {
    try withTemporaryFolder { folder in
      let read = try ImageFile.read("\(root)/p16.png")
      try read.write(to: "\(folder)/p.png")
      let again = try ImageFile.read("\(folder)/p.png")
      #expect(again.files?.first?.pages.first?.bits == 16)
      #expect(again.images.values == read.images.values && read.images.values != nil)
    }
  }

  @Test func threePages() throws {
    let read = try ImageFile.read("\(root)/three-pages.tif")
    expect(read.images, like: digits.prefix(3), "three-pages.tif")
    #expect(read.names == (1...3).map { "three-pages.tif, page \($0)" })
  }

  /// Situation 10: an index column without a name, and labels in a last column called class.
  @Test func indexAndClassColumns() throws {
    for name in ["class-last", "unnamed"] {
      let set = try ImageSet.read(SharedCases.report("10-csv-index-and-class-columns/\(name).csv"))
      #expect(set.labels == [0, 1])
      expect(set, like: try dots().prefix(2), name)
    }
  }

  /// Situation 11: five layouts of one dataset.
  @Test(arguments: ["dots", "nested", "torchvision", "emnist"]) func layouts(name: String) throws {
    let dataset = try Dataset.open(SharedCases.report("11-dataset-layouts/\(name)"))
    #expect(dataset.parts == [.train])
    let set = try dataset.load(.train)
    // The same bytes in all four folders.
    expect(set, like: name == "emnist" ? try transposed(dots()) : try dots(), name)
    #expect(set.labels == [0, 1, 2])
  }

  private func dots() throws -> ImageSet {
    let bytes = try Folder.read(SharedCases.report("11-dataset-layouts/dots/train-images.idx3-ubyte"))
    return ImageSet(shape: digits.shape, pixels: Array(bytes[16...]), name: "dots", source: "dots")
  }

  private func transposed(_ set: ImageSet) -> ImageSet {
    set.replacingPixels(
      (0..<set.pixels.count).map { set.pixels[$0 / 784 * 784 + $0 % 28 * 28 + $0 % 784 / 28] })
  }

  @Test func foldersOfParts() throws {
    let dataset = try Dataset.open(SharedCases.report("11-dataset-layouts/mnist_png"))
    #expect(dataset.parts == [.train, .test])
    for part in dataset.parts {
      let set = try dataset.load(part)
      expect(set, like: try dots().prefix(2), "\(part)")
      #expect(set.labels == [0, 1])
    }
  }

  /// Situation 12: gzip in gzip.
  @Test func packedTwice() throws {
    let set = try ImageSet.read(SharedCases.report("12-gzip-in-gzip/train-images-idx3-ubyte.gz"))
    #expect(set.shape == digits.shape && set.count > 0)
  }

  /// Situation 13: a zip archive of images is read as a folder of them.
  @Test func archiveOfImages() throws {
    let read = try StoredImages.read(SharedCases.report("13-zip-taken-for-npz/scans.zip"))
    #expect(read.names == ["scans/0.png"] && read.images.shape == digits.shape && read.images.labels == nil)
  }

  /// Situation 3: what images are drawn on is told by paper and ink, not by a fixed brightness or a frame.
  @Test(arguments: ["dim", "framed"]) func paper(name: String) throws {
    let path = SharedCases.report("03-polarity-by-fixed-threshold/\(name)")
    var options = ImageFileOptions()
    options.isWriting = true
    let told = try ImageFolder.read(path, options: options)
    #expect(told.paper == .light && told.isPaperSure)
    #expect(told.images.pixels == (try ImageFolder.read(path, options: .init(paper: .light))).images.pixels)
  }

  /// Situation 4: closely cut digits become what the same digits on a square of paper become.
  @Test func crops() throws {
    var options = ImageFileOptions(channels: 1, size: ImageSize(height: 28, width: 28))
    options.isWriting = true
    let path = SharedCases.report("04-resize-stretches-crops")
    let tight = try ImageFolder.read("\(path)/tight", options: options)
    let padded = try ImageFolder.read("\(path)/padded", options: options)
    #expect(tight.names == padded.names)
    let far = zip(tight.images.pixels, padded.images.pixels).count { abs(Int($0) - Int($1)) > 64 }
    #expect(Double(far) / Double(tight.images.pixels.count) < 0.01)
  }

  /// Situation 23: dots an inch are kept.
  @Test(arguments: ["scan300.png", "scan300.jpg"]) func resolution(name: String) throws {
    let read = try ImageFile.read(SharedCases.report("23-dpi-lost/\(name)"))
    try withTemporaryFolder { folder in
      for ending in ["png", "jpg", "tif", "bmp"] {
        try read.write(to: "\(folder)/a.\(ending)")
        let again = try ImageFile.read("\(folder)/a.\(ending)")
        let resolution = try #require(again.files?[0].pages[0].resolution)
        #expect(abs(resolution.horizontal - 300) < 0.02 && abs(resolution.vertical - 300) < 0.02, "\(ending)")
      }
    }
  }
}
