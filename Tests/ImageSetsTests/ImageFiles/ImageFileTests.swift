import Foundation
import ImageSets
import Support
import TestSupport
import Testing

@Suite struct ImageFileTests {
  static func decode(_ png: PNGBytes, over background: UInt8 = 255) throws -> ImageSet {
    try ImageFileFormat.decode(png.file, file: "made.png", background: background)[0].image
  }

  @Test func bytesOfEveryKindOfPNG() throws {
    let gray = try Self.decode(PNGBytes(width: 3, height: 2, rows: [[0, 7, 255], [1, 128, 64]]))
    #expect(gray.shape == .init(height: 2, width: 3, channels: 1))
    #expect(gray.pixels == [0, 7, 255, 1, 128, 64])

    let color = try Self.decode(PNGBytes(width: 2, height: 1, colorType: 2, rows: [[1, 2, 3, 250, 251, 252]]))
    #expect(color.shape == .init(height: 1, width: 2, channels: 3))
    #expect(color.pixels == [1, 2, 3, 250, 251, 252])

    let bits = try Self.decode(PNGBytes(width: 10, height: 1, depth: 1, rows: [[0b1010_0000, 0b0100_0000]]))
    #expect(bits.pixels == [255, 0, 255, 0, 0, 0, 0, 0, 0, 255])

    let palette = PNGBytes(
      width: 3, height: 1, depth: 8, colorType: 3, palette: [9, 8, 7, 60, 50, 40], rows: [[1, 0, 1]])
    #expect(try Self.decode(palette).pixels == [60, 50, 40, 9, 8, 7, 60, 50, 40])

    let deep = try Self.decode(PNGBytes(width: 2, height: 1, depth: 16, rows: [[0x80, 0x80, 0x12, 0x12]]))
    #expect(deep.pixels == [0x80, 0x12])
  }

  @Test func transparentPartsShowPaper() throws {
    let half = PNGBytes(width: 3, height: 1, colorType: 4, rows: [[100, 255, 100, 0, 0, 128]])
    #expect(try Self.decode(half, over: 255).pixels == [100, 255, 127])
    #expect(try Self.decode(half, over: 0).pixels == [100, 0, 0])
    let color = PNGBytes(width: 1, height: 1, colorType: 6, rows: [[200, 0, 100, 51]])
    #expect(try Self.decode(color, over: 255).pixels == [244, 204, 224])
  }

  @Test(arguments: [1, 3], [Paper.light, .dark])
  func pngKeepsEveryByte(channels: Int, paper: Paper) throws {
    let set = TinyImages.ramp(count: 1, height: 5, width: 9, channels: channels, labels: false)
    try withTemporaryFolder { folder in
      try ImageFile.write(set, to: "\(folder)/a.png", paper: paper)
      let back = try ImageFile.read("\(folder)/a.png", options: ImageFileOptions(paper: paper))
      #expect(back.images.pixels == set.pixels && back.images.shape == set.shape)
      #expect(back.names == ["a.png"] && back.images.name == "a.png" && back.paper == paper)
      let raw = try ImageFileFormat.decode(Folder.read("\(folder)/a.png"), file: "a.png", background: 0)[0].image
      #expect(raw.pixels == (paper == .light ? set.pixels.map { 255 - $0 } : set.pixels))
    }
  }

  @Test(arguments: [1, 3])
  func jpegComesClose(channels: Int) throws {
    let shape = ImageSet.Shape(height: 16, width: 24, channels: channels)
    let pixels = (0..<shape.size).map { UInt8(20 + $0 / (24 * channels) * 10 + $0 % channels * 20) }
    let set = ImageSet(shape: shape, pixels: pixels, name: "slope", source: "made")
    try withTemporaryFolder { folder in
      try ImageFile.write(set, to: "\(folder)/a.jpg", paper: .dark)
      let back = try ImageFile.read("\(folder)/a.jpg", options: ImageFileOptions(paper: .dark)).images
      #expect(back.shape == shape)
      expectClose(back.pixels.map(Float.init), pixels.map(Float.init), relative: 0, absolute: 4)
    }
  }

  /// Red, green and blue in their order: eight by eight pixels of (200, 31, 90), written by another program (Pillow).
  @Test func bytesOfAJPEG() throws {
    let text = """
      /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYU
      GBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAIAAgD
      AREAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAAB//EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAVAQEBAAAAAAAAAAAAAAAAAAACCP/EABQRAQAA
      AAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/ABQ1qv/Z
      """
    let file = try #require(Data(base64Encoded: text, options: .ignoreUnknownCharacters))
    let image = try ImageFileFormat.decode(Array(file), file: "flat.jpg", background: 255)[0].image
    #expect(image.shape == .init(height: 8, width: 8, channels: 3))
    #expect(image.pixels == Array(repeating: [200, 31, 90], count: 64).flatMap { $0 })
  }

  @Test func contentsDecideNotTheName() throws {
    try withTemporaryFolder { folder in
      let set = TinyImages.ramp(count: 1, height: 4, width: 4, labels: false)
      try ImageFile.write(set, to: "\(folder)/a.png")
      try FileManager.default.moveItem(atPath: "\(folder)/a.png", toPath: "\(folder)/a.jpg")
      #expect(try ImageFile.read("\(folder)/a.jpg", options: .init(paper: .light)).images.pixels == set.pixels)
    }
  }

  @Test func theImageTellsThePaper() throws {
    try withTemporaryFolder { folder in
      let shape = ImageSet.Shape(height: 4, width: 4, channels: 1)
      var pixels = [UInt8](repeating: 0, count: 16)
      for index in [5, 6, 9, 10] { pixels[index] = 200 }
      let set = ImageSet(shape: shape, pixels: pixels, name: "blot", source: "made")
      for paper in [Paper.light, .dark] {
        try ImageFile.write(set, to: "\(folder)/a.png", paper: paper)
        let back = try ImageFile.read("\(folder)/a.png")
        #expect(back.paper == paper && back.images.pixels == pixels)
      }
    }
  }

  @Test func channelsByContentOrByWish() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.png"
      let gray = PNGBytes(width: 2, height: 1, colorType: 2, rows: [[5, 5, 5, 90, 90, 90]])
      try WholeFile.write(gray.file, to: path)
      #expect(try ImageFile.read(path, options: .init(paper: .dark)).images.pixels == [5, 90])
      let kept = try ImageFile.read(path, options: .init(paper: .dark, channels: 3)).images
      #expect(kept.pixels == [5, 5, 5, 90, 90, 90])
      try WholeFile.write(PNGBytes(width: 1, height: 1, colorType: 2, rows: [[10, 100, 200]]).file, to: path)
      // 0.299 × 10 + 0.587 × 100 + 0.114 × 200 = 84.49
      #expect(try ImageFile.read(path, options: .init(paper: .dark, channels: 1)).images.pixels == [84])
      #expect(try ImageFile.read(path, options: .init(paper: .light)).images.pixels == [245, 155, 55])
    }
  }

  @Test func unwritable() throws {
    let one = TinyImages.ramp(count: 1, height: 2, width: 2, labels: false)
    #expect(throws: UsageError.self) { try ImageFile.write(one, to: "a.gif") }
    #expect(throws: UsageError.self) {
      try ImageFile.write(TinyImages.ramp(count: 2, height: 2, width: 2), to: "/nowhere/a.png")
    }
    #expect(throws: SystemError.self) { try ImageFile.write(one, to: "/nowhere/at/all.png") }
    let long = ImageSet(
      shape: .init(height: 1, width: 70_000, channels: 1), pixels: .init(repeating: 0, count: 70_000), name: "",
      source: "")
    #expect(throws: UsageError.self) { try ImageFile.write(long, to: "/nowhere/long.jpg") }
  }
}
