import ImageSets
import Support
import TestSupport
import Testing

@Suite struct IDXTests {
  @Test func bytesAreMNISTs() throws {
    try withTemporaryFolder { folder in
      let set = TinyImages.ramp(count: 2, height: 3, width: 5)
      try set.write(to: "\(folder)/t-images.idx3-ubyte")
      #expect(try Folder.read("\(folder)/t-images.idx3-ubyte") == bigEndian(0x803, 2, 3, 5) + set.pixels)
      #expect(try Folder.read("\(folder)/t-labels.idx1-ubyte") == bigEndian(0x801, 2) + [0, 1])
      let colour = TinyImages.ramp(count: 2, height: 3, width: 5, channels: 3, labels: false)
      try colour.write(to: "\(folder)/c.idx")
      #expect(try Folder.read("\(folder)/c.idx") == bigEndian(0x804, 2, 3, 5, 3) + colour.pixels)
    }
  }

  /// Each bad file, and what its error must say.
  static let bad: [(bytes: [UInt8], place: String, found: String)] = [
    (bigEndian(0x803, 2, 2, 2) + [1, 2, 3], "byte 19", "the end after 3"),
    (bigEndian(0x803, 1, 2, 2) + [1, 2, 3, 4, 5], "byte 20", "more bytes"),
    (bigEndian(0x805, 1, 1, 1), "byte 0", "00000805"),
    (bigEndian(0xD03, 1, 1, 1), "byte 0", "00000d03"),
    (bigEndian(0x803, 1), "byte 8", "the file's end"),
    (bigEndian(0x803, 0, 28, 28), "bytes 4 to 15", "0 × 28 × 28"),
    (bigEndian(0x803, .max, .max, .max), "bytes 4 to 15", "4294967295 × 4294967295"),
    (bigEndian(0x804, 1, 1, 1, 2) + [1, 2], "byte 16", "2"),
    (bigEndian(0x803, 1 << 20, 28, 28), "byte 16", "the end after 0"),
    (bigEndian(0x801, 3) + [1, 2], "byte 10", "the end after 2"),
    ([0, 0], "byte 0", "0000"),
  ]

  @Test(arguments: bad.indices)
  func badFiles(index: Int) throws {
    let (bytes, place, found) = Self.bad[index]
    try withTemporaryFolder { folder in
      try put(bytes, "\(folder)/bad")
      expectDataError(place, found, reading: "\(folder)/bad")
    }
  }

  @Test func lengthsMustAgree() throws {
    try withTemporaryFolder { folder in
      try TinyImages.ramp(count: 3, height: 2, width: 2).write(to: "\(folder)/X_a-idx3-ubyte")
      try Labels([1, 2], name: "", source: "").write(to: "\(folder)/y_a-idx1-ubyte")
      let error = dataError { _ = try ImageSet.read("\(folder)/X_a-idx3-ubyte") }
      #expect(error?.file == "\(folder)/y_a-idx1-ubyte")
      #expect(error?.found == "2")
      #expect(error?.expected.contains("3 labels") == true)
    }
  }

  @Test func labelsAreFoundByName() throws {
    let set = TinyImages.ramp(count: 3, height: 2, width: 2)
    for (images, labels) in [
      ("X_dig_MNIST-idx3-ubyte.gz", "y_dig_MNIST-idx1-ubyte"),
      ("train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz"),
      ("t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"),
    ] {
      try withTemporaryFolder { folder in
        try set.selecting([0, 1, 2]).write(to: "\(folder)/\(images)")
        for name in try everyName(in: folder) where name != images {
          // Written under the customary name; plain or not, either must be found.
          let read = try Labels.read("\(folder)/\(name)")
          try removeFile("\(folder)/\(name)")
          try Labels(read.values, name: "", source: "").write(to: "\(folder)/\(labels)")
        }
        #expect(try everyName(in: folder) == [images, labels].sorted())
        #expect(try ImageSet.read("\(folder)/\(images)").labels == set.labels)
        try removeFile("\(folder)/\(labels)")
        #expect(try ImageSet.read("\(folder)/\(images)").labels == nil)
      }
    }
  }

  @Test func whatIDXCannotHold() throws {
    try withTemporaryFolder { folder in
      let set = TinyImages.ramp(count: 2, height: 2, width: 2)
      #expect(throws: UsageError.self) {
        try Labels([256], name: "", source: "").write(to: "\(folder)/labels.idx")
      }
      let large = ImageSet(shape: set.shape, pixels: set.pixels, labels: [1, 300], name: "", source: "")
      #expect(throws: UsageError.self) { try large.write(to: "\(folder)/images.idx") }
      #expect(throws: UsageError.self) { try set.prefix(0).write(to: "\(folder)/images.idx") }
      #expect(try everyName(in: folder).isEmpty)
      try set.write(to: "\(folder)/set.idx.gz")
      #expect(try everyName(in: folder) == ["set-labels.idx.gz", "set.idx.gz"])
      #expect(try ImageSet.read("\(folder)/set.idx.gz").labels == set.labels)
    }
  }
}
