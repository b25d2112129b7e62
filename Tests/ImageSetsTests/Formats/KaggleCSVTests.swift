import ImageSets
import Support
import TestSupport
import Testing

@Suite struct KaggleCSVTests {
  private func read(_ text: String, shape: ImageSet.Shape? = nil) throws -> Contents {
    try withTemporaryFolder { folder in
      try put(text, "\(folder)/a.csv")
      return try Contents.read("\(folder)/a.csv", options: ReadOptions(shape: shape))
    }
  }

  private func set(_ text: String, shape: ImageSet.Shape? = nil) throws -> ImageSet {
    guard case .images(let set) = try read(text, shape: shape) else { throw UsageError("labels", remedy: "") }
    return set.images
  }

  @Test func fourLayouts() throws {
    let labeled = try set("label,p0,p1,p2,p3\n7,0,1,22,255\n12,9,8,7,6\n")
    #expect(labeled.pixels == [0, 1, 22, 255, 9, 8, 7, 6])
    #expect(labeled.labels == [7, 12])
    #expect(labeled.shape == ImageSet.Shape(height: 2, width: 2, channels: 1))
    let test = try set("id,p0,p1,p2,p3\n500,0,1,22,255\nsome-name,9,8,7,6\n")
    #expect(test.pixels == labeled.pixels)
    #expect(test.labels == nil)
    let plain = try set("p0,p1,p2,p3\n0,1,22,255\n9,8,7,6\n")
    #expect(plain.pixels == labeled.pixels)
    guard case .labels(let labels) = try read("id,label\n0,3\n1,1234\n") else {
      Issue.record("no labels")
      return
    }
    #expect(labels.values == [3, 1234])
  }

  @Test(arguments: [
    "label,p0,p1\r\n1,2,3\r\n4,5,6\r\n", "label,p0,p1\n1,2,3\n4,5,6", "label,p0,p1\r\n1,2,3\r\n4,5,6",
    "\u{FEFF}label,p0,p1\n1,2,3\n4,5,6\n", "\"label\",\"p,0\",\"p1\"\n1,2,3\n4,5,6\n\n\n",
    "p0,p1,Label\n2,3,1\n5,6,4\n",
    "id,p0,LABEL,p1\n9,2,1,3\n9,5,4,6\r\n", "label,p0,p1\n01,002,0003\n4,5,6\n", "p0,label,p1,id\n2,1,3,x\n5,4,6,y",
  ])
  func spellings(text: String) throws {
    let set = try set(text, shape: ImageSet.Shape(height: 1, width: 2, channels: 1))
    #expect(set.pixels == [2, 3, 5, 6])
    #expect(set.labels == [1, 4])
  }

  /// Every value in every surrounding, against the number that Swift itself writes.
  @Test func everyValue() throws {
    let values = (0..<1024).map { UInt8(truncatingIfNeeded: $0 &* 73 ^ $0 >> 3) }
    for zeros in [0, 3, 7, 8, 9, 17] {
      let row = Array(values.map { [$0] + [UInt8](repeating: 0, count: zeros) }.joined())
      let shape = ImageSet.Shape(height: 1, width: row.count, channels: 1)
      let header = row.indices.map { "p\($0)" }.joined(separator: ",")
      let line = row.map(String.init).joined(separator: ",")
      #expect(try set("\(header)\n\(line)\n\(line)", shape: shape).pixels == row + row)
    }
  }

  @Test func shapes() throws {
    let header = (0..<12).map { "p\($0)" }.joined(separator: ",")
    let row = (0..<12).map(String.init).joined(separator: ",")
    let colour = ImageSet.Shape(height: 2, width: 2, channels: 3)
    #expect(try set("\(header)\n\(row)", shape: colour).shape == colour)
    let noSquare = dataError { _ = try set("\(header)\n\(row)") }
    #expect(noSquare?.remedy.contains("--shape") == true)
    let wrong = dataError { _ = try set("\(header)\n\(row)", shape: ImageSet.Shape(height: 2, width: 2, channels: 1)) }
    #expect(wrong?.expected.contains("4 columns") == true)
    #expect(ImageSet.Shape(parsing: "28x14") == ImageSet.Shape(height: 28, width: 14, channels: 1))
    #expect(ImageSet.Shape(parsing: "3×4×3") == ImageSet.Shape(height: 3, width: 4, channels: 3))
    for text in ["", "x", "28", "28x0", "1x2x3x4", "3x4x2", "99999x1", "-1x2", "4xx3"] {
      #expect(ImageSet.Shape(parsing: text) == nil)
    }
  }

  /// Each bad file, and what its error must say.
  static let bad: [(text: String, parts: [String])] = [
    ("label,p0\n1,2\n3\n", ["row 2 (line 3), column p0", "expected 2 fields, found 1"]),
    ("label,p0\n1,2\n\n,4\n", ["row 2 (line 4), column label", "found nothing"]),
    ("label,p0\n1,2,3\n", ["row 1 (line 2), behind the last column p0", "expected 2 fields, found 3"]),
    ("label,p0\n1,2\n1,x7\n", ["row 2 (line 3), column p0", "found \"x7\""]),
    ("label,p0\n1,\n", ["row 1 (line 2), column p0", "found nothing"]),
    ("label,p0\n,1\n", ["row 1 (line 2), column label", "found nothing"]),
    ("label,p0\n1,256\n", ["column p0", "from 0 to 255", "found \"256\""]),
    ("label,p0\n1,-1\n", ["column p0", "found \"-1\""]),
    ("label,p0\n1,12.0.0\n", ["column p0", "found \"12.0.0\""]),
    ("label,p0\n1,2 3\n", ["column p0", "found \"2 3\""]),
    ("label,p0\n1,nan\n", ["column p0", "found \"nan\""]),
    ("label,p0\n1,1e999\n", ["column p0", "found \"1e999\""]),
    ("label,p0\n1,1.5\n", ["from 0 to 1 or from 0 to 255", "found 1.5 as the largest"]),
    ("label,p0\n1,2\nx,2\n", ["row 2 (line 3), column label", "as the other labels are", "found \"x\""]),
    ("label,p0\n1,99999999999999999999999\n", ["column p0", "from 0 to 255"]),
    ("label,p0\n-1,2\n", ["column label", "found \"-1\""]),
    ("label,p0\n1000000000,2\n", ["column label", "from 0 to 999999999"]),
    ("label,p0\n", ["line 2", "the header only"]),
    ("label,p0", ["line 2", "the header only"]),
    ("label,p0\r\n\r\n", ["line 2", "the header only"]),
    ("\n", ["line 1", "found nothing"]),
    ("id\n1\n", ["line 1", "columns of pixels or a column \"label\""]),
    ("1,2,3\n4,5,6\n", ["as many columns of pixels as a square has"]),
    ("label,p0,p1,p2,p3,writer\n1,2,3,4,5,6\n", ["among them \"writer\"", "--label-column"]),
    ("label,Label,p0\n4,5,6\n", ["column 2", "a second one"]),
    ("p0,p1,p2,p3\n1,2\r3,4,5\n", ["row 1 (line 2), column p1"]),
  ]

  @Test(arguments: bad.indices)
  func badFiles(index: Int) throws {
    try withTemporaryFolder { folder in
      try put(Self.bad[index].text, "\(folder)/bad.csv")
      let error = dataError { _ = try Contents.read("\(folder)/bad.csv") }
      for part in Self.bad[index].parts {
        #expect(error?.description.contains(part) == true, "\(part): \(error?.description ?? "no error")")
      }
    }
  }

  @Test func emptyFile() throws {
    try withTemporaryFolder { folder in
      try put("", "\(folder)/bad.csv")
      expectDataError("line 1", "The file is empty", reading: "\(folder)/bad.csv")
    }
  }

  /// Large enough for several threads: the first of two faults is named, wherever the file is cut.
  @Test func faultsInLargeFiles() throws {
    let good = TinyImages.ramp(count: 9000, height: 8, width: 8)
    try withTemporaryFolder { folder in
      try good.write(to: "\(folder)/a.csv")
      let bytes = try Folder.read("\(folder)/a.csv")
      for row in [1, 4500, 8990] {
        var lines = bytes.split(separator: 0x0A)
        for faulty in [row, 8999] { lines[faulty][lines[faulty].endIndex - 1] = 0x78 }
        try put(Array(lines.joined(separator: [0x0A])), "\(folder)/b.csv")
        expectDataError("row \(row) (line \(row + 1)), column pixel63", reading: "\(folder)/b.csv")
      }
    }
  }

  @Test func anyNumberOfThreads() throws {
    let set = TinyImages.ramp(count: 9001, height: 8, width: 8)
    let threads = Threads.count
    defer { Threads.use(threads) }
    try withTemporaryFolder { folder in
      var files: [[UInt8]] = []
      for count in [1, 2, 3, 7] {
        Threads.use(count)
        try set.write(to: "\(folder)/a.csv")
        let again = try ImageSet.read("\(folder)/a.csv")
        let isSame = again.pixels == set.pixels && again.labels == set.labels
        #expect(isSame)
        files.append(try Folder.read("\(folder)/a.csv"))
      }
      let distinct = Set(files).count
      #expect(distinct == 1)
    }
  }

  /// A hundred thousand columns and ten million lines would ask for a terabyte.
  @Test func noRoomForRowsThatCannotBe() throws {
    let header = (0..<100_000).map { "\($0)p" }.joined(separator: ",")
    let text = header + String(repeating: "\n", count: 10_000_000) + "1\n"
    try withTemporaryFolder { folder in
      try put(text, "\(folder)/a.csv")
      let shape = ImageSet.Shape(height: 1000, width: 100, channels: 1)
      expectDataError("row 1 (line 10000001)", reading: "\(folder)/a.csv", options: ReadOptions(shape: shape))
    }
  }

  @Test func writtenText() throws {
    try withTemporaryFolder { folder in
      let shape = ImageSet.Shape(height: 1, width: 3, channels: 1)
      let set = ImageSet(shape: shape, pixels: [0, 9, 10, 99, 100, 255], labels: [3, 123], name: "", source: "")
      try set.write(to: "\(folder)/a.csv")
      #expect(try text("\(folder)/a.csv") == "label,pixel0,pixel1,pixel2\n3,0,9,10\n123,99,100,255\n")
      try ImageSet(shape: shape, pixels: set.pixels, name: "", source: "").write(to: "\(folder)/a.csv")
      #expect(try text("\(folder)/a.csv") == "id,pixel0,pixel1,pixel2\n0,0,9,10\n1,99,100,255\n")
      try Labels([5, 6], name: "", source: "").write(to: "\(folder)/a.csv")
      #expect(try text("\(folder)/a.csv") == "id,label\n0,5\n1,6\n")
    }
  }

  private func text(_ path: String) throws -> String { String(decoding: try Folder.read(path), as: UTF8.self) }
}
