import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// Datasets as they are published: real where the checkout has them beside it, otherwise small ones made in their layout.
@Suite struct LayoutTests {
  private let train = TinyImages.ramp(count: 6, height: 4, width: 5)
  private let test = TinyImages.ramp(count: 3, height: 4, width: 5)

  private func expect(
    _ dataset: Dataset, _ part: Dataset.Part, _ set: ImageSet, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let read = try dataset.load(part)
    #expect(read.shape == set.shape && read.pixels == set.pixels, sourceLocation: sourceLocation)
    #expect(read.labels == set.labels, sourceLocation: sourceLocation)
  }

  @Test(.enabled(if: RealData.isThere), arguments: [("mnist", 10_000), ("oracle-mnist", 3000)])
  func realTestParts(name: String, count: Int) throws {
    let dataset = try Dataset.open("\(RealData.root)/../\(name)")
    #expect(dataset.parts == [.test])
    let set = try dataset.load(.test)
    #expect(set.count == count && set.shape == .init(height: 28, width: 28, channels: 1))
    #expect(set.labels?.count == count && set.classNames == (0...9).map(String.init))
  }

  /// Kuzushiji-MNIST's arrays, and QMNIST's and others' files with dots.
  @Test(arguments: [
    ("kmnist-train-imgs.npz", "kmnist-test-imgs.npz"), ("train-images.idx3-ubyte", "t10k-images.idx3-ubyte"),
    ("x_train.npy", "x_test.npy"), ("emnist_train.csv", "emnist_test.csv"),
    ("fashion-mnist_train.csv", "fashion-mnist_test.csv"), ("train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz"),
  ])
  func filesOfParts(first: String, second: String) throws {
    try withTemporaryFolder { folder in
      for (name, set) in [(first, train), (second, test)] {
        if name.hasPrefix("kmnist") {
          try NPZ.write([("arr_0", NPY.encode(set))], to: "\(folder)/\(name)")
          let labels = Labels(set.labels ?? [], name: "", source: "")
          try NPZ.write([("arr_0", NPY.encode(labels))], to: "\(folder)/\(name.replacing("imgs", with: "labels"))")
        } else {
          try set.write(to: "\(folder)/\(name)")
        }
      }
      let dataset = try Dataset.open(folder)
      #expect(dataset.parts == [.train, .test])
      let options = ReadOptions(shape: first.hasSuffix(".csv") ? train.shape : nil)
      #expect(try dataset.load(.train, options: options).pixels == train.pixels)
      #expect(try dataset.load(.test, options: options).pixels == test.pixels)
      #expect(try dataset.load(.train, options: options).labels == train.labels)
    }
  }

  /// Keras' and MedMNIST's, whose labels have two axes.
  @Test func severalPartsInOneFile() throws {
    try withTemporaryFolder { folder in
      let labels = NPYHeader(type: "|u1", shape: [6, 1]).bytes + (0..<6).map { UInt8($0) }
      try NPZ.write(
        [
          ("train_images", NPY.encode(train)), ("train_labels", labels), ("val_images", NPY.encode(test)),
          ("test_images", NPY.encode(test)),
        ], to: "\(folder)/bloodmnist.npz")
      let dataset = try Dataset.open("\(folder)/bloodmnist.npz")
      #expect(dataset.parts == [.train, .validation, .test])
      try expect(dataset, .train, train)
      #expect(try dataset.load(.validation).pixels == test.pixels)
      // Found in its folder, too.
      #expect(try Dataset.open(folder).parts == [.train, .validation, .test])
    }
  }

  /// CIFAR-10's binary version: colours in planes, five batches for training.
  @Test func binaryBatches() throws {
    try withTemporaryFolder { folder in
      let shape = ImageSet.Shape(height: 32, width: 32, channels: 3)
      func record(_ label: UInt8) -> [UInt8] {
        [label] + (0..<3072).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ Int(label)) }
      }
      for batch in 1...5 { try put(record(UInt8(batch)) + record(9), "\(folder)/data_batch_\(batch).bin") }
      try put(record(0), "\(folder)/test_batch.bin")
      try put((0...9).map { "class \($0)" }.joined(separator: "\n") + "\n\n", "\(folder)/batches.meta.txt")
      let dataset = try Dataset.open(folder)
      #expect(dataset.parts == [.train, .test])
      let set = try dataset.load(.train)
      #expect(set.labels == [1, 9, 2, 9, 3, 9, 4, 9, 5, 9] && set.shape == shape)
      #expect(set.labelNames?[5] == "class 5")
      let plane = 1024
      #expect(
        set.pixels[3..<6] == [
          UInt8((7 + 1) % 256), UInt8((7 * (plane + 1) + 1) % 256), UInt8((7 * (2 * plane + 1) + 1) % 256),
        ])
      try put(Array(record(0).dropLast()), "\(folder)/test_batch.bin")
      #expect(throws: DataError.self) { try Contents.read("\(folder)/test_batch.bin") }
    }
  }

  /// Chinese MNIST: names of files in three columns, characters for classes.
  @Test func chineseMNIST() throws {
    try withTemporaryFolder { folder in
      try Folder.create("\(folder)/data")
      var table = "suite_id,sample_id,code,value,character\n"
      let rows = [(1, 1, 10, 9, "九"), (1, 2, 11, 10, "十"), (2, 1, 1, 0, "零")]
      for (number, row) in rows.enumerated() {
        table += "\(row.0),\(row.1),\(row.2),\(row.3),\(row.4)\n"
        try ImageFile.write(train.selecting([number]), to: "\(folder)/data/input_\(row.0)_\(row.1)_\(row.2).jpg")
      }
      try put(table, "\(folder)/chinese_mnist.csv")
      let dataset = try Dataset.open(folder)
      #expect(dataset.parts == [.train])
      let set = try dataset.load(.train)
      #expect(set.count == 3 && set.labels == [1, 2, 0])
      #expect(set.labelNames == [0: "零", 1: "九", 2: "十"])
    }
  }

  @Test(
    arguments: [
      ("file,label\n0.png,4\n1.png,2\n", [4, 2]), ("image_id,class\n0,cat\n1,ant\n", [1, 0]),
      ("1.png;7\n0.png;3\n", [7, 3]),
      ("\"path\",\"x\",\"target\"\n\"1.png\",\"a\",\"5\"\n\"0.png\",\"b\",\"6\"\n", [5, 6]),
    ], ["", "images"])
  func tablesOfFiles(table: (text: String, labels: [Int]), below: String) throws {
    try withTemporaryFolder { folder in
      for number in 0..<2 {
        let path = below.isEmpty ? folder : "\(folder)/\(below)"
        try Folder.create(path)
        try ImageFile.write(train.selecting([number]), to: "\(path)/\(number).png")
      }
      try put(table.text, "\(folder)/labels.csv")
      let set = try Dataset.open(folder).load(.train)
      #expect(set.labels == table.labels)
      let isTurned = table.text.contains("1.png;7") || table.text.contains("path")
      #expect(set.pixels == train.selecting(isTurned ? [1, 0] : [0, 1]).pixels.map { $0 } || set.hasPaper == false)
    }
  }

  @Test func ambiguousFolders() throws {
    try withTemporaryFolder { folder in
      for name in ["emnist-digits-train-images-idx3-ubyte", "emnist-letters-train-images-idx3-ubyte"] {
        try train.write(to: "\(folder)/\(name)")
      }
      #expect(dataError { _ = try Dataset.open(folder) }?.remedy.contains("Name one of these files") == true)
      let single = try Dataset.open("\(folder)/emnist-letters-train-images-idx3-ubyte").load(.train)
      #expect(single.shape == .init(height: 5, width: 4, channels: 1))
      #expect(single.pixels[1] == train.pixels[5])
    }
  }

  /// Whole files are known by their checksums.
  @Test(.enabled(if: RealData.isThere)) func publishedChecksums() throws {
    for file in PublishedDataset.mnist.files(of: .test) {
      #expect(FileChecksum.md5(of: try Folder.read("\(RealData.root)/../mnist/\(file.name)")) == file.checksum)
    }
    for dataset in PublishedDataset.allCases {
      #expect(dataset.parts.flatMap(dataset.files).count == 2 * dataset.parts.count)
      for file in dataset.parts.flatMap(dataset.files) { #expect(file.name.hasSuffix("-ubyte.gz")) }
    }
  }
}
