import Foundation
import ImageSets
import Support
import TestSupport
import Testing

@Suite struct ImageFolderTests {
  static func write(_ value: UInt8, to path: String, height: Int = 3, width: Int = 4) throws {
    try Folder.create(path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" })
    let shape = ImageSet.Shape(height: height, width: width, channels: 1)
    let set = ImageSet(shape: shape, pixels: .init(repeating: value, count: shape.size), name: "", source: "")
    try ImageFile.write(set, to: path, paper: .dark)
  }

  @Test func flatInNaturalOrder() throws {
    try withTemporaryFolder { folder in
      for value in [10, 9, 100, 2] as [UInt8] { try Self.write(value, to: "\(folder)/image \(value).png") }
      try WholeFile.write("hello", to: "\(folder)/notes.TXT")
      try WholeFile.write("hello", to: "\(folder)/.hidden")
      let read = try ImageFolder.read(folder)
      #expect(read.names == ["image 2.png", "image 9.png", "image 10.png", "image 100.png"])
      #expect(read.images.count == 4 && read.images.labels == nil && read.paper == .dark)
      #expect((0..<4).map { read.images.pixels[$0 * 12] } == [2, 9, 10, 100])
    }
  }

  @Test func naturalOrder() {
    let names = ["b", "a10", "a9", "a09", "a", "10", "9", "a9b", "a10a"]
    #expect(
      names.sorted(by: ImageListing.naturally) == ["9", "10", "a", "a09", "a9", "a9b", "a10", "a10a", "b"])
  }

  @Test(arguments: [true, false], Paper.allCases)
  func roundTrip(labels: Bool, paper: Paper) throws {
    let set = TinyImages.ramp(count: 25, height: 5, width: 6, channels: 3, labels: labels)
    try withTemporaryFolder { folder in
      try ImageFolder.write(set, into: "\(folder)/deep/er", paper: paper)
      let back = try ImageFolder.read("\(folder)/deep/er", options: .init(paper: paper))
      // Labels 0…9 come one after the other: 0, 10, 20, 1, 11, …
      let order = labels ? (0..<10).flatMap { stride(from: $0, to: 25, by: 10) } : Array(0..<25)
      #expect(back.images.pixels == set.selecting(order).pixels)
      #expect(back.images.labels == set.selecting(order).labels)
      #expect(back.names?[1] == (labels ? "0/00010.png" : "00001.png"))
      #expect(back.images.name == "er" && back.images.source == "\(folder)/deep/er")

      try ImageFolder.write(back.images, names: back.names, into: "\(folder)/copy", paper: back.paper)
      for name in try #require(back.names) {
        #expect(try Folder.read("\(folder)/copy/\(name)") == Folder.read("\(folder)/deep/er/\(name)"))
      }
    }
  }

  @Test func labelsInWordsAndInKannada() throws {
    try withTemporaryFolder { folder in
      for (index, name) in ["cat", "ant", "bee"].enumerated() {
        try Self.write(UInt8(index), to: "\(folder)/words/\(name)/x.png")
      }
      let words = try ImageFolder.read("\(folder)/words")
      #expect(words.images.labelNames == [0: "ant", 1: "bee", 2: "cat"] && words.images.labels == [0, 1, 2])
      #expect(words.names == ["ant/x.png", "bee/x.png", "cat/x.png"])

      for name in ["೭", "೧೨", "3"] { try Self.write(1, to: "\(folder)/digits/\(name)/x.png") }
      try Folder.create("\(folder)/digits/misc")  // empty, so no label
      let digits = try ImageFolder.read("\(folder)/digits")
      #expect(digits.images.labelNames == nil && digits.images.labels == [3, 12, 7])

      try Self.write(1, to: "\(folder)/digits/misc/x.png")
      let mixed = try ImageFolder.read("\(folder)/digits")
      #expect(mixed.images.labelNames == [0: "3", 1: "misc", 2: "೧೨", 3: "೭"] && mixed.images.labels == [0, 1, 2, 3])
    }
  }

  @Test func oneColouredImageColoursAll() throws {
    try withTemporaryFolder { folder in
      try WholeFile.write(PNGBytes(width: 2, height: 1, rows: [[7, 8]]).file, to: "\(folder)/1.png")
      try WholeFile.write(
        PNGBytes(width: 2, height: 1, colorType: 2, rows: [[1, 2, 3, 0, 0, 0]]).file, to: "\(folder)/2.png")
      try WholeFile.write(PNGBytes(width: 2, height: 1, rows: [[9, 5]]).file, to: "\(folder)/3.png")
      let read = try ImageFolder.read(folder, options: .init(paper: .dark)).images
      #expect(read.shape.channels == 3 && read.pixels == [7, 7, 7, 8, 8, 8, 1, 2, 3, 0, 0, 0, 9, 9, 9, 5, 5, 5])
      let gray = try ImageFolder.read(folder, options: .init(paper: .dark, channels: 1)).images
      #expect(gray.pixels == [7, 8, 2, 0, 9, 5])
    }
  }

  @Test func sizes() throws {
    try withTemporaryFolder { folder in
      for index in 0..<20 { try Self.write(50, to: "\(folder)/\(index).png", width: index == 17 ? 5 : 4) }
      let error = #expect(throws: DataError.self) { try ImageFolder.read(folder) }
      #expect(error?.file == "\(folder)/17.png" && error?.remedy.contains("--resize 3x4") == true)
      let resized = try ImageFolder.read(folder, options: .init(size: .init(height: 2, width: 2))).images
      #expect(resized.count == 20 && resized.pixels.allSatisfy { $0 == 50 })
    }
  }

  @Test func badFolders() throws {
    try withTemporaryFolder { folder in
      #expect(throws: DataError.self) { try ImageFolder.read(folder) }
      #expect(throws: SystemError.self) { try ImageFolder.read("\(folder)/absent") }
      try Self.write(1, to: "\(folder)/1/a.png")
      try WholeFile.write("no image", to: "\(folder)/1/b.tiff")
      let error = #expect(throws: DataError.self) { try ImageFolder.read(folder) }
      #expect(error?.file == "\(folder)/1/b.tiff")
    }
  }

  /// Sub-folders are labels only where all images lie in one.
  @Test func otherDepthsHaveNoLabels() throws {
    try withTemporaryFolder { folder in
      try Self.write(1, to: "\(folder)/1/a.png")
      #expect(try ImageFolder.read(folder).remarks.isEmpty)
      try Self.write(2, to: "\(folder)/1/deeper/b.png")
      try Self.write(3, to: "\(folder)/c.png")
      let read = try ImageFolder.read(folder)
      #expect(read.names == ["c.png", "1/a.png", "1/deeper/b.png"] && read.images.labels == nil)
      #expect(read.remarks.count == 1)
      #expect(symlink(folder, "\(folder)/1/loop") == 0)
      #expect(dataError { _ = try ImageFolder.read(folder) }?.remedy.contains("links") == true)
    }
  }

  @Test func namesForWriting() throws {
    let set = TinyImages.ramp(count: 2, height: 2, width: 2, labels: false)
    try withTemporaryFolder { folder in
      try ImageFolder.write(set, names: ["a.gif", "b/c.JPG"], into: folder)
      #expect(try Folder.names(in: folder) == ["a.gif.png", "b"] && Folder.names(in: "\(folder)/b") == ["c.JPG"])
      #expect(throws: UsageError.self) { try ImageFolder.write(set, names: ["a", "a.png"], into: folder) }
      #expect(throws: SystemError.self) { try ImageFolder.write(set, into: "\(folder)/a.gif.png") }
    }
  }
}
