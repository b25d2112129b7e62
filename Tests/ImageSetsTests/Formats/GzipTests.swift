import ImageSets
import Support
import TestSupport
import Testing

@Suite struct GzipTests {
  private func compressed(_ folder: String) throws -> (path: String, bytes: [UInt8], set: ImageSet) {
    let set = TinyImages.ramp(count: 40, height: 20, width: 30, labels: false)
    try set.write(to: "\(folder)/a.idx.gz")
    return ("\(folder)/a.idx.gz", try Folder.read("\(folder)/a.idx.gz"), set)
  }

  @Test func everyCutIsNoticed() throws {
    try withTemporaryFolder { folder in
      let (path, bytes, _) = try compressed(folder)
      for length in stride(from: 2, to: bytes.count, by: 97) {
        try put(Array(bytes[..<length]), path)
        expectDataError("found the file's end", "byte \(length)", reading: path)
      }
    }
  }

  @Test func corruption() throws {
    try withTemporaryFolder { folder in
      var (path, bytes, _) = try compressed(folder)
      // The checksum in the last eight bytes.
      bytes[bytes.count - 6] ^= 1
      try put(bytes, path)
      expectDataError("expected gzip data, found incorrect data check", reading: path)
      bytes[2] = 99
      try put(bytes, path)
      expectDataError("expected gzip data, found unknown compression method", reading: path)
    }
  }

  @Test func severalMembers() throws {
    try withTemporaryFolder { folder in
      try put("label,pixel0\n1,2\n", "\(folder)/a.csv")
      var both: [UInt8] = []
      for text in ["label,pixel0\n1,2\n", "3,4\n"] {
        try zip(Array(text.utf8), "\(folder)/part.gz")
        both += try Folder.read("\(folder)/part.gz")
      }
      try put(both, "\(folder)/a.csv.gz")
      let set = try ImageSet.read("\(folder)/a.csv.gz")
      #expect(set.pixels == [2, 4])
      #expect(set.labels == [1, 3])
      try put(both + [1, 2, 3], "\(folder)/a.csv.gz")
      expectDataError("expected gzip data", reading: "\(folder)/a.csv.gz")
    }
  }

  /// A header that says 4 bytes, and 16 MiB of zeros. So little is inflated that the damage further on is not seen.
  @Test func bombs() throws {
    try withTemporaryFolder { folder in
      try zip(bigEndian(0x803, 1, 2, 2) + [UInt8](repeating: 0, count: 1 << 24), "\(folder)/bomb.gz")
      try put(Array(Folder.read("\(folder)/bomb.gz").dropLast(1000)), "\(folder)/bomb.gz")
      expectDataError("expected 4 bytes of pixels", "more bytes", reading: "\(folder)/bomb.gz")
      try zip(Array("pixel0\n".utf8) + [UInt8](repeating: 0x30, count: 1 << 22), "\(folder)/bomb.csv.gz")
      expectDataError("expected at most", reading: "\(folder)/bomb.csv.gz", options: ReadOptions(largestSize: 1 << 20))
    }
  }

  @Test func limitOfPlainFiles() throws {
    try withTemporaryFolder { folder in
      try put("label,pixel0\n1,2\n", "\(folder)/a.csv")
      expectDataError("at most 10 bytes", "found 17", reading: "\(folder)/a.csv", options: ReadOptions(largestSize: 10))
    }
  }

  private func zip(_ bytes: [UInt8], _ path: String) throws {
    try Gzip.write(to: path, compressed: true) { write in try bytes.withUnsafeBytes(write) }
  }
}
