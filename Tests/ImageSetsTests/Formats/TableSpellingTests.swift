import ImageSets
import Support
import Synchronization
import TestSupport
import Testing

/// Tables as spreadsheets and programs spell them: the same four pixels and two labels each time.
@Suite struct TableSpellingTests {
  private func read(_ text: String, _ options: ReadOptions = .init()) throws -> (set: ImageSet, notes: String) {
    try withTemporaryFolder { folder in
      try put(text, "\(folder)/a.csv")
      let notes = Mutex([String]())
      var options = options
      options.note = { note in notes.withLock { $0.append(note) } }
      let set = try ImageSet.read("\(folder)/a.csv", options: options)
      return (set, notes.withLock { $0.joined(separator: "; ") })
    }
  }

  @Test(arguments: [
    ("7,0,51,102,255\n8,255,0,0,51\n", "no names of columns"),
    ("0,7,0,51,102,255\n1,8,255,0,0,51\n", "not read: column 1"),
    ("0,51,102,255,7\n0,0,0,51,8\n", "labels in column 5"),
    (",label,a0,a1,a2,a3\n0,7,0,51,102,255\n1,8,255,0,0,51\n", "not read: column 1"),
    ("Unnamed: 0,label,a0,a1,a2,a3\n5,7,0,51,102,255\n9,8,255,0,0,51\n", "Unnamed: 0"),
    ("a0,a1,a2,a3,class\n0,51,102,255,7\n255,0,0,51,8\n", "labels in column class"),
    ("label;a0;a1;a2;a3\n7;0;51;102;255\n8;255;0;0;51\n", "semicolons"),
    ("label;a0;a1;a2;a3\n7;0,0;0,2;0,4;1,0\n8;1,0;0,0;0,0;0,2\n", "numbers from 0 to 1"),
    ("label\ta0\ta1\ta2\ta3\r\n7\t0\t51\t102\t255\r\n8\t255\t0\t0\t51\r\n", "tabulators"),
    ("label|a0|a1|a2|a3\n7|0|51|102|255\n8|255|0|0|51\n", "bars"),
    ("7 0 51 102 255\n8 255 0 0 51\n", "blanks"),
    ("  7.000e+00   0.0e+00 5.1e+01  1.02e+02 2.55e+02\n8e0 255 0 0 51\n", "blanks"),
    (
      "\"label\",\"a0\",\"a1\",\"a2\",\"a3\"\n\"7\",\"0\",\"51\",\"102\",\"255\"\n\"8\",\"255\",\"0\",\"0\",\"51\"\n",
      ""
    ),
    ("label, a0, a1, a2, a3\n7, 0, 51, 102, 255\n8 , 255 , 0 ,0,51\n", ""),
    ("label,a0,a1,a2,a3\n7,0.0,51.0,102.0,255.0\n8,255.0,0.0,0.0,51.0\n", "numbers from 0 to 255"),
    ("label,a0,a1,a2,a3\n7.0,0.0,0.2,0.4,1.0\n8.0,1.0,0,0,0.2\n", "numbers from 0 to 1"),
    ("label,a0,a1,a2,a3,\n7,0,51,102,255,\n8,255,0,0,51,\n", "not read"),
    ("label,a0,a1,a2,a3\n\n7,0,51,102,255\n,,,,\n8,255,0,0,51\n\n\n", ""),
    (",0,1,2,3,label\n0,0,51,102,255,7\n1,255,0,0,51,8\n", "not read"),
    ("\u{FEFF}label;a0;a1;a2;a3\n7;0;51;102;255\n8;255;0;0;51", "semicolons"),
  ])
  func spellings(text: String, note: String) throws {
    let (set, notes) = try read(text)
    let isLast = note == "labels in column 5"
    #expect(set.shape == .init(height: 2, width: 2, channels: 1))
    #expect(set.pixels == [0, 51, 102, 255] + (isLast ? [0, 0, 0, 51] : [255, 0, 0, 51]))
    #expect(set.labels == [7, 8])
    #expect(note.isEmpty || notes.contains(note), "\(notes)")
  }

  /// A data frame without names has its columns' numbers in the first line.
  @Test func numbersForNames() throws {
    let header = (0..<400).map(String.init).joined(separator: ",")
    let row = (0..<400).map { "\($0 % 256)" }.joined(separator: ",")
    #expect(try read("\(header)\n\(row)\n").set.count == 1)
    #expect(try read(",\(header)\n0,\(row)\n1,\(row)\n").set.count == 2)
  }

  @Test func labelsByRequest() throws {
    var options = ReadOptions()
    options.labelColumn = "writer"
    let set = try read("a0,a1,a2,a3,writer\n1,2,3,4,9\n5,6,7,8,3\n", options).set
    #expect(set.labels == [9, 3] && set.pixels == [1, 2, 3, 4, 5, 6, 7, 8])
    options.labelColumn = "3"
    #expect(try read("1,2,9,3,4\n5,6,3,7,8\n", options).set.labels == [9, 3])
    options.labelColumn = "none"
    #expect(dataError { _ = try read("a0,a1,a2,a3,writer\n1,2,3,4,9\n", options) }?.expected == "a column none")
  }

  @Test func labelsInWords() throws {
    let set = try read("label,a0\nthree,1\n\"a, b\",2\nthree,3\n").set
    #expect(set.labels == [1, 0, 1] && set.labelNames == [0: "a, b", 1: "three"])
  }

  /// Rows too long or too short, in the last line as in any.
  @Test(arguments: [
    ("7,0,51,102,255\n8,255,0,0\n", "row 2 (line 2)", "found 4"),
    ("label;a0;a1;a2;a3\n7;0;51;102;255\n8;255;0;0;51;1\n", "row 2 (line 3)", "found 6"),
    ("label,a0,a1,a2,a3\n7,0,51,102,255\n8,255,0,0,51,1", "row 2 (line 3)", "found 6"),
    ("label;a0;a1;a2;a3\n7;0;51;102;255\n8;255;0;0;\n", "column a3", "found nothing"),
    ("label,a0,a1,a2,a3\n7,0.5,0.1,102,256\n", "column a3", "found \"256\""),
  ])
  func faults(text: String, place: String, found: String) {
    let error = dataError { _ = try read(text) }
    #expect(
      error?.description.contains(place) == true && error?.description.contains(found) == true,
      "\(String(describing: error))")
  }

  @Test func otherTexts() throws {
    try withTemporaryFolder { folder in
      try put([0xFF, 0xFE] + "a,b\n1,2\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, "\(folder)/a.csv")
      expectDataError("UTF-16", "CSV UTF-8", reading: "\(folder)/a.csv")
    }
  }

  /// Any number of threads read the same from a table that is no plain one.
  @Test func manyThreads() throws {
    let set = TinyImages.ramp(count: 9001, height: 8, width: 8)
    let threads = Threads.count
    defer { Threads.use(threads) }
    try withTemporaryFolder { folder in
      try set.write(to: "\(folder)/a.csv")
      let text = String(decoding: try Folder.read("\(folder)/a.csv"), as: UTF8.self).replacing(",", with: ";")
      try put(text, "\(folder)/b.csv")
      for count in [1, 2, 7] {
        Threads.use(count)
        let again = try ImageSet.read("\(folder)/b.csv")
        let isSame = again.pixels == set.pixels && again.labels == set.labels
        #expect(isSame)
      }
    }
  }
}
