import ImageSets
import Support
import TestSupport
import Testing

@Suite struct DatasetTests {
  private let train = TinyImages.ramp(count: 6, height: 3, width: 3)
  private let test = TinyImages.ramp(count: 4, height: 3, width: 3)

  @Test func publishedFiles() throws {
    try withTemporaryFolder { folder in
      try train.write(to: "\(folder)/X_kannada_MNIST_train-idx3-ubyte.gz")
      try test.write(to: "\(folder)/X_kannada_MNIST_test-idx3-ubyte")
      let dataset = try Dataset.open(folder + "/")
      #expect(dataset.parts == [.train, .test])
      let read = try dataset.load(.train)
      #expect(read.pixels == train.pixels)
      #expect(read.labels == train.labels)
      #expect(read.name == "train")
      #expect(read.source == "\(folder)/X_kannada_MNIST_train-idx3-ubyte.gz")
      #expect(try dataset.load(.test).count == 4)
      let error = dataError { _ = try dataset.load(.dig) }
      #expect(error?.description.contains("X_dig_MNIST-idx3-ubyte") == true)
    }
  }

  @Test(arguments: ["X_dig_MNIST-idx3-ubyte.gz", "y_dig_MNIST-idx1-ubyte.gz"])
  func halfAPart(missing: String) throws {
    try withTemporaryFolder { folder in
      try train.write(to: "\(folder)/X_kannada_MNIST_train-idx3-ubyte.gz")
      try test.write(to: "\(folder)/X_dig_MNIST-idx3-ubyte.gz")
      try removeFile("\(folder)/\(missing)")
      let error = dataError { _ = try Dataset.open(folder) }
      #expect(error?.found.hasSuffix("without \(missing.dropLast(3))") == true)
      #expect(error?.file == folder)
    }
  }

  /// Opening and loading one part leaves the others' files alone.
  @Test func partsAreReadOneByOne() throws {
    try withTemporaryFolder { folder in
      try train.write(to: "\(folder)/train.csv")
      try put("broken", "\(folder)/test.csv.gz")
      try put("", "\(folder)/Dig-MNIST.csv")
      let dataset = try Dataset.open(folder)
      #expect(dataset.parts == [.train, .test, .dig])
      #expect(try dataset.load(.train).labels == train.labels)
      #expect(throws: DataError.self) { try dataset.load(.test) }
      #expect(throws: DataError.self) { try dataset.load(.dig) }
    }
  }

  @Test(arguments: [
    ("a-test-images.npy", Dataset.Part.test), ("Dig-MNIST.csv", .dig), ("images.npz", .train),
  ])
  func singleFiles(name: String, part: Dataset.Part) throws {
    try withTemporaryFolder { folder in
      try train.write(to: "\(folder)/\(name)")
      let dataset = try Dataset.open("\(folder)/\(name)")
      #expect(dataset.parts == [part])
      #expect(try dataset.load(part).pixels == train.pixels)
      #expect(dataset.name == name)
    }
  }

  @Test func noDataset() throws {
    try withTemporaryFolder { folder in
      #expect(dataError { _ = try Dataset.open(folder) }?.found == "an empty folder")
      try put("", "\(folder)/notes.txt")
      #expect(dataError { _ = try Dataset.open(folder) }?.found == "notes.txt")
      #expect(throws: SystemError.self) { try Dataset.open("\(folder)/absent") }
    }
  }

  @Test(.enabled(if: RealData.isThere))
  func theRealOne() throws {
    let dataset = try Dataset.open(RealData.root)
    #expect(dataset.parts == [.train, .test, .dig])
    let dig = try dataset.load(.dig)
    #expect(dig.count == 10_240)
    #expect(dig.shape == ImageSet.Shape(height: 28, width: 28, channels: 1))
    #expect(dig.labelCounts?.values.allSatisfy { $0 == 1024 } == true)
  }
}
