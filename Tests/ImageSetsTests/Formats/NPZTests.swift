import ImageSets
import Support
import TestSupport
import Testing

@Suite struct NPZTests {
  private let set = TinyImages.ramp(count: 3, height: 2, width: 4)
  private var images: [UInt8] { NPY.encode(set) }
  private func labels(_ values: Int...) -> [UInt8] { NPY.encode(Labels(values, name: "", source: "")) }

  private func withArchive(
    _ arrays: [(key: String, bytes: [UInt8])], _ body: (String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      try NPZ.write(arrays, to: "\(folder)/a.npz")
      try body("\(folder)/a.npz")
    }
  }

  @Test(arguments: [
    ("images", "labels"), ("x", "y"), ("X", "y"), ("arr_0", "arr_1"), ("x_train", "y_train"),
    ("train_images", "train_labels"), ("imgs", "labels"), ("anything", "y"),
  ])
  func customaryKeys(key: String, labelsKey: String) throws {
    try withArchive([(labelsKey, labels(7, 8, 9)), (key, images), ("z", labels(1))]) { path in
      let options = ReadOptions(key: key == "anything" ? key : nil)
      let read = try ImageSet.read(path, options: options)
      #expect(read.pixels == set.pixels)
      #expect(read.labels == [7, 8, 9])
    }
  }

  @Test func namedKeys() throws {
    let other = TinyImages.ramp(count: 2, height: 3, width: 3)
    let arrays = [
      ("images", images), ("clean", NPY.encode(other)), ("who", labels(4, 5)), ("labels", labels(1, 2, 3)),
    ]
    try withArchive(arrays) { path in
      let read = try ImageSet.read(path, options: ReadOptions(key: "clean", labelsKey: "who"))
      #expect(read.pixels == other.pixels)
      #expect(read.labels == [4, 5])
      expectDataError("clean, images, labels, who", "under dirty", reading: path, options: ReadOptions(key: "dirty"))
      expectDataError("under whom", reading: path, options: ReadOptions(labelsKey: "whom"))
      expectDataError("3 labels", "found 2", reading: path, options: ReadOptions(labelsKey: "who"))
      expectDataError("whole numbers on one axis", reading: path, options: ReadOptions(labelsKey: "clean"))
    }
  }

  @Test func aSecondArrayWithoutAName() throws {
    try withArchive([("arr_0", images), ("arr_1", images)]) { path in
      let read = try ImageSet.read(path)
      #expect(read.labels == nil)
    }
  }

  @Test func severalArraysOfUnknownNames() throws {
    try withArchive([("a", images), ("b", images)]) { path in
      expectDataError("found a, b", "--key a", reading: path)
    }
  }

  @Test func noEntries() throws {
    try withTemporaryFolder { folder in
      // An archive's end record alone.
      try put(Array("PK\u{5}\u{6}".utf8) + [UInt8](repeating: 0, count: 18), "\(folder)/a.npz")
      expectDataError("found no arrays at all", reading: "\(folder)/a.npz")
    }
  }

  @Test func damagedArchives() throws {
    try withArchive([("images", images)]) { path in
      let bytes = try Folder.read(path)
      try put(Array(bytes.dropLast(10)), path)
      expectDataError("expected a zip archive", reading: path)
      // The name "images.npy" ends at byte 40; the deflated data follow.
      for offset in 45..<60 {
        var damaged = bytes
        damaged[offset] ^= 0x55
        try put(damaged, path)
        #expect(throws: DataError.self) { try ImageSet.read(path) }
      }
    }
  }

  @Test func npzInsideGzip() throws {
    try withArchive([("images", images)]) { path in
      let bytes = try Folder.read(path)
      try Gzip.write(to: path, compressed: true) { write in try bytes.withUnsafeBytes(write) }
      expectDataError("found one inside gzip", reading: path)
    }
  }

  /// The array's header says 24 bytes, the entry inflates to 16 MiB. The damage further on is not reached.
  @Test func bombs() throws {
    try withArchive([("images", images + [UInt8](repeating: 0, count: 1 << 24))]) { path in
      var bytes = try Folder.read(path)
      for offset in bytes.count - 1000..<bytes.count - 500 { bytes[offset] ^= 0x55 }
      try put(bytes, path)
      expectDataError("24 bytes of numbers", "more bytes", reading: path)
    }
  }

  @Test(.enabled(if: Python.hasNumpy))
  func whatNumpyWritesIsRead() throws {
    let script = """
      import sys, numpy, zipfile
      i = numpy.arange(24).reshape(3, 2, 4)
      x = ((i * 37 + i // 7) % 256).astype('u1')
      numpy.savez(sys.argv[1] + '/plain.npz', x, numpy.arange(3))
      numpy.savez_compressed(sys.argv[1] + '/packed.npz', x=numpy.asfortranarray(x / 255), y=numpy.arange(3, dtype='>i2'))
      numpy.savez(sys.argv[1] + '/objects.npz', x=numpy.array([1, 'a', None], dtype=object))
      with zipfile.ZipFile(sys.argv[1] + '/packed2.npz', 'w', zipfile.ZIP_BZIP2) as file:
          file.write(sys.argv[1] + '/plain.npz', 'x.npy')
      """
    try withTemporaryFolder { folder in
      try Python.run(script, folder)
      for name in ["plain", "packed"] {
        let read = try ImageSet.read("\(folder)/\(name).npz")
        #expect(read.pixels == set.pixels)
        #expect(read.labels == [0, 1, 2])
      }
      expectDataError("entry x.npy", "found |O", "never run", reading: "\(folder)/objects.npz")
      expectDataError("entry x.npy", "compression method 12", reading: "\(folder)/packed2.npz")
    }
  }

  @Test func encryptedEntries() throws {
    try withArchive([("images", images)]) { path in
      var bytes = try Folder.read(path)
      // Bit 0 of the flags, in the local and in the central header (APPNOTE 4.4.4).
      bytes[6] |= 1
      let central = bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) }!
      bytes[central + 8] |= 1
      try put(bytes, path)
      expectDataError("entry images.npy", "found an encrypted entry", reading: path)
    }
  }
}
