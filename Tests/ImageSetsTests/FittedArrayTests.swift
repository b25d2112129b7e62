import Foundation
import ImageSets
import Support
import Synchronization
import TestSupport
import Testing

/// Arrays are resized and turned grey as image files are, and how they were read is said where that could be doubted.
@Suite struct FittedArrayTests {
  @Test(arguments: ["a-images.npy", "a.npz", "a-images.idx"]) func resizedAndGray(name: String) throws {
    try withTemporaryFolder { folder in
      let set = TinyImages.ramp(count: 3, height: 8, width: 6, channels: 3)
      try set.write(to: "\(folder)/\(name)")
      let options = ImageFileOptions(channels: 1, size: ImageSize(height: 4, width: 5))
      let read = try ImageSet.read("\(folder)/\(name)", options: ReadOptions(images: options))
      #expect(read.shape == .init(height: 4, width: 5, channels: 1))
      let expected = try set.convertedToGray().fitted(in: ImageSize(height: 4, width: 5))
      #expect(read.pixels == expected.pixels && read.labels == set.labels)
    }
  }

  @Test(arguments: [
    ([28, 28, 1], "one image of 28×28×1"), ([4, 28, 28], nil), ([784, 784], "784 images of 28×28×1"),
  ])
  func saysHowItWasRead(sizes: [Int], words: String?) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npy"
      let count = sizes.reduce(1, *)
      let bytes = NPYHeader(type: "|u1", shape: sizes).bytes + [UInt8](repeating: 7, count: count)
      try WholeFile.write(bytes, to: path)
      let notes = Mutex([String]())
      var options = ReadOptions()
      options.note = { note in notes.withLock { $0.append(note) } }
      _ = try ImageSet.read(path, options: options)
      let told = notes.withLock { $0 }
      #expect(told.count == (words == nil ? 0 : 1))
      if let words { #expect(told[0].contains(words), "\(told)") }
    }
  }

  /// Narrow images come back as they were, though a last axis of 1 or 3 means channels.
  @Test(arguments: [1, 2, 3, 4], [1, 3]) func narrowOnesComeBack(width: Int, channels: Int) throws {
    try withTemporaryFolder { folder in
      let set = TinyImages.ramp(count: 5, height: 4, width: width, channels: channels)
      for name in ["a-images.npy", "a.npz"] {
        try set.write(to: "\(folder)/\(name)")
        let read = try ImageSet.read("\(folder)/\(name)")
        #expect(read.shape == set.shape && read.pixels == set.pixels)
      }
    }
  }

  @Test func whatIsNoRegularFileIsRefused() throws {
    try withTemporaryFolder { folder in
      for (name, make, found) in [
        ("pipe.png", { mkfifo("\(folder)/x/pipe.png", 0o600) }, "a pipe"),
        ("zero.png", { symlink("/dev/zero", "\(folder)/x/zero.png") }, "a device"),
        ("gone.png", { symlink("nowhere", "\(folder)/x/gone.png") }, "a link to nothing"),
      ] as [(String, () -> Int32, String)] {
        try Folder.create("\(folder)/x")
        #expect(make() == 0)
        for path in ["\(folder)/x", folder] {
          let error = #expect(throws: DataError.self) { try ImageFolder.read(path) }
          #expect(error?.found == found && error?.file.hasSuffix(name) == true)
        }
        try FileManager.default.removeItem(atPath: "\(folder)/x")
      }
    }
  }

  @Test func notesAreTold() throws {
    try withTemporaryFolder { folder in
      try TinyImages.ramp(count: 3, height: 4, width: 4).write(to: "\(folder)/set", format: .images)
      try WholeFile.write("x", to: "\(folder)/set/0/Thumbs.db")
      #expect(try StoredImages.read("\(folder)/set").passedOver == ["0/Thumbs.db"])
    }
  }

  /// A fault with the last file leaves neither it nor those before.
  @Test(arguments: ["set/X_a-idx3-ubyte", "set/a-images.npy"]) func labelsAndImagesTogether(name: String) throws {
    try withTemporaryFolder { folder in
      try Folder.create("\(folder)/\(name)/full")
      #expect(throws: SystemError.self) {
        try TinyImages.ramp(count: 3, height: 4, width: 5).write(to: "\(folder)/\(name)", format: .idx)
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/set")
      #expect(left == [String(name.split(separator: "/")[1])], "\(left)")
    }
  }

  @Test func foldersOfImagesTogether() throws {
    try withTemporaryFolder { folder in
      try Folder.create("\(folder)/out/2.png/full")
      let set = TinyImages.ramp(count: 3, height: 4, width: 5, labels: false)
      #expect(throws: SystemError.self) { try ImageFolder.write(set, names: ["1", "2", "3"], into: "\(folder)/out") }
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out") == ["2.png"])
    }
  }
}
