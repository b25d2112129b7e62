import ImageSets
import Support
import TestSupport
import Testing

@Suite struct RoundTripTests {
  static let names = [
    "images.idx", "X_ramp-idx3-ubyte.gz", "ramp.csv", "ramp.csv.gz", "ramp-images.npy", "X_ramp.npy.gz", "ramp.npz",
  ]

  @Test(arguments: names)
  func everyFormatKeepsEverything(name: String) throws {
    try withTemporaryFolder { folder in
      for (count, height, width, channels) in [(2, 3, 5, 1), (5, 4, 3, 3), (1, 1, 7, 1), (4, 6, 6, 3)] {
        let set = TinyImages.ramp(count: count, height: height, width: width, channels: channels)
        try set.write(to: "\(folder)/\(name)")
        let again = try ImageSet.read("\(folder)/\(name)", options: ReadOptions(shape: set.shape))
        #expect(again.shape == set.shape)
        #expect(again.pixels == set.pixels)
        #expect(again.labels == set.labels)
        #expect(again.name == name)
        #expect(again.source == "\(folder)/\(name)")
      }
    }
  }

  @Test(arguments: names)
  func withoutLabels(name: String) throws {
    try withTemporaryFolder { folder in
      let set = TinyImages.ramp(count: 3, height: 2, width: 4, labels: false)
      try set.write(to: "\(folder)/\(name)")
      #expect(try everyName(in: folder) == [name])
      let again = try ImageSet.read("\(folder)/\(name)", options: ReadOptions(shape: set.shape))
      #expect(again.pixels == set.pixels)
      #expect(again.labels == nil)
    }
  }

  @Test(arguments: ["labels.idx.gz", "sample_submission.csv", "y.npy", "y.npz"])
  func labelsAlone(name: String) throws {
    try withTemporaryFolder { folder in
      let labels = Labels([3, 0, 9, 12, 255], name: name, source: "\(folder)/\(name)")
      try labels.write(to: "\(folder)/\(name)")
      #expect(try Labels.read("\(folder)/\(name)") == labels)
      expectDataError("expected images, found labels", readingImages: "\(folder)/\(name)")
    }
  }

  private func expectDataError(_ part: String, readingImages path: String) {
    let error = dataError { _ = try ImageSet.read(path) }
    #expect(error?.description.contains("expected images, found 5 labels") == true)
  }

  @Test(arguments: ["a-images-idx3-ubyte.gz", "a.csv", "a-images.npy.gz", "a.npz"])
  func sameBytesEachTime(name: String) throws {
    try withTemporaryFolder { folder in
      let set = TinyImages.ramp(count: 3, height: 4, width: 4)
      try set.write(to: "\(folder)/\(name)")
      let first = try Folder.read("\(folder)/\(name)")
      try set.write(to: "\(folder)/\(name)")
      #expect(try Folder.read("\(folder)/\(name)") == first)
    }
  }

  /// What a file holds decides, not what it is called.
  @Test func formatIsToldByContent() throws {
    try withTemporaryFolder { folder in
      let set = TinyImages.ramp(count: 3, height: 4, width: 4, labels: false)
      for format in [Format.idx, .csv, .npy, .npz] {
        try set.write(to: "\(folder)/images", format: format)
        #expect(try Format.recognize("\(folder)/images") == format)
        #expect(try ImageSet.read("\(folder)/images").pixels == set.pixels)
      }
    }
  }

  @Test func unknownFormats() throws {
    try withTemporaryFolder { folder in
      try put([1, 2, 3, 4], "\(folder)/what")
      expectDataErrorOfDetection("\(folder)/what", found: "something else")
      try put([], "\(folder)/empty")
      expectDataErrorOfDetection("\(folder)/empty", found: "an empty file")
      #expect(throws: UsageError.self) { try Format.named(by: "images.jp2") }
      let set = TinyImages.ramp(count: 1, height: 2, width: 2)
      #expect(throws: UsageError.self) { try set.write(to: "\(folder)/ramp.jp2") }
      #expect(throws: SystemError.self) { try ImageSet.read("\(folder)/absent.csv") }
      #expect(throws: SystemError.self) { try ImageSet.read("/dev/zero") }
    }
  }

  private func expectDataErrorOfDetection(_ path: String, found: String) {
    let error = dataError { _ = try ImageSet.read(path) }
    #expect(error?.found == found)
    #expect(error?.expected.contains("IDX") == true)
  }

  @Test(.enabled(if: RealData.isThere))
  func theRealTestSetThroughAll() throws {
    let set = try ImageSet.read("\(RealData.root)/X_kannada_MNIST_test-idx3-ubyte.gz")
    #expect(set.count == 10_000)
    #expect(set.labelCounts == Dictionary(uniqueKeysWithValues: (0...9).map { ($0, 1000) }))
    #expect(abs(set.inkShare - 0.072717) < 1e-6)
    try withTemporaryFolder { folder in
      for name in ["test.csv", "test-images.npy", "test.npz", "test-images.idx"] {
        try set.write(to: "\(folder)/\(name)")
        let again = try ImageSet.read("\(folder)/\(name)")
        // Compared outside, for a failure would print millions of numbers.
        let isSame = again.pixels == set.pixels && again.labels == set.labels
        #expect(isSame, "\(name)")
      }
    }
  }
}
