import Figures
import Foundation
import FoundationXML
import ImageSets
import Support
import TestSupport
import Testing

@Suite struct ImageRowsTests {
  static func rows(_ captions: [String], channels: Int = 1, count: Int = 5, side: Int = 28) -> [ImageRows.Row] {
    captions.map {
      .init(caption: $0, images: TinyImages.ramp(count: count, height: side, width: side, channels: channels))
    }
  }

  @Test func sizeAndPixels() throws {
    let set = ImageSet(
      shape: .init(height: 2, width: 3, channels: 1), pixels: [0, 255, 100, 7, 8, 9], name: "six", source: "made")
    // 3 pixels grow 28 times to 84 units, which are 168 pixels, behind a margin of 12 units.
    let drawn = try Drawn(ImageRows(rows: [.init(caption: "", images: set)], caption: ""))
    #expect(drawn.width == 520 && drawn.height == 2 * (12 + 56 + 12))
    for (index, value) in set.pixels.enumerated() {
      let (left, top) = (24 + index % 3 * 56, 24 + index / 3 * 56)
      for (x, y) in [(0, 0), (55, 0), (0, 55), (55, 55), (20, 30)] {
        #expect(drawn.color(x: left + x, y: top + y) == [UInt8](repeating: 255 - value, count: 3))
      }
    }
    #expect(drawn.color(x: 23, y: 80) != [255, 255, 255], "a frame")
    #expect(drawn.color(x: 18, y: 80) == [255, 255, 255])
  }

  @Test func colours() throws {
    let set = ImageSet(shape: .init(height: 1, width: 1, channels: 3), pixels: [0, 100, 255], name: "", source: "")
    let drawn = try Drawn(ImageRows(rows: [.init(caption: "", images: set)], caption: ""))
    #expect(drawn.color(x: 100, y: 100) == [0, 100, 255])
    // Coloured writing on paper is drawn as ink.
    var writing = set
    writing.hasPaper = true
    let inverted = try Drawn(ImageRows(rows: [.init(caption: "", images: writing)], caption: ""))
    #expect(inverted.color(x: 100, y: 100) == [255, 155, 0])
  }

  @Test(arguments: [
    ["a"], ["original", "distorted", "reconstructed by a model with a rather long name", ""],
    ["runs/2024/with-a-path-that-knows-no-spaces-at-all-and-goes-on", "line\nbreak\u{0}"],
  ])
  func nothingIsCutOff(captions: [String]) throws {
    for (count, side) in [(1, 28), (7, 5), (2, 300)] {
      let figure = ImageRows(
        rows: Self.rows(captions, count: count, side: side),
        columns: ImageRows.headings(for: (0..<count).map { $0 * 1_000_003 }),
        caption: "Held-out images of a set, as they were, as they were distorted and as they came back. ೦ to ೯.")
      #expect(try Drawn(figure).hasMargin())
    }
  }

  @Test func longWordsAreBroken() throws {
    let short = try Drawn(Words(caption: "word"))
    let long = try Drawn(Words(caption: String(repeating: "word", count: 40)))
    #expect(long.width == short.width && long.height > short.height + 60 && long.hasMargin())
  }

  @Test func headingsInBothDigits() {
    #expect(ImageRows.headings(for: [0, 7, 12, -3]) == ["೦ 0", "೭ 7", "೧೨ 12", "-೩ -3"])
  }

  /// Ten glyphs, none alike, and none the box of a font that has no such glyph.
  @Test func kannadaDigitsShow() throws {
    let glyphs = try ("೦೧೨೩೪೫೬೭೮೯" + "\u{0CBB}").map { try Drawn(Words(caption: String($0))).image.pixels }
    #expect(Set(glyphs).count == 11)
    #expect(try Drawn(Words(caption: "೩")).inkedRows > 8)
    #expect(try Drawn(Words(caption: "")).inkedRows == 0)
  }

  @Test func svgIsWholeAndHasTheWords() throws {
    let figure = ImageRows(
      rows: Self.rows(["clean", "distorted <3 & more"], channels: 3),
      columns: ImageRows.headings(for: [0, 1, 2, 3, 4]),
      caption: "Test set & \u{1}\u{FFFF}friends")
    try withTemporaryFolder { folder in
      try figure.render(to: "\(folder)/a.SVG")
      let bytes = try Folder.read("\(folder)/a.SVG")
      #expect(XMLParser(data: Data(bytes)).parse())
      let text = String(decoding: bytes, as: UTF8.self)
      for words in ["<title>Test set &amp;   friends</title>", "clean", "distorted &lt;3 &amp; more", "೪ 4"] {
        #expect(text.contains(words))
      }
      #expect(text.ranges(of: "<image").count == 10 && text.contains("image-rendering: pixelated"))
    }
  }

  /// What a classifier reads stands below each image, and makes its row higher.
  @Test func notesBelowImages() throws {
    let plain = Self.rows(["a"])
    let noted = [ImageRows.Row(caption: "a", images: plain[0].images, notes: ["0", "1", "7 ✗", "3", "4"])]
    let (without, with) = (
      try Drawn(ImageRows(rows: plain, caption: "")), try Drawn(ImageRows(rows: noted, caption: ""))
    )
    #expect(with.height > without.height + 20 && with.width == without.width && with.hasMargin())
    let svg = String(decoding: try ImageRows(rows: noted, caption: "").rendered(as: .svg), as: UTF8.self)
    #expect(svg.contains("7 ✗"))
  }

  @Test func refusals() throws {
    let good = ImageRows(rows: Self.rows(["a"]), caption: "")
    #expect(throws: UsageError.self) { try good.render(to: "a.gif") }
    #expect(throws: SystemError.self) { try good.render(to: "/nowhere/at/all.png") }
    #expect(throws: UsageError.self) { try ImageRows(rows: [], caption: "").rendered(as: .png) }
    #expect(throws: UsageError.self) {
      try ImageRows(rows: Self.rows(["a"], count: 0), caption: "").rendered(as: .svg)
    }
    #expect(throws: UsageError.self) {
      try ImageRows(rows: Self.rows(["a"]), columns: ["one"], caption: "").rendered(as: .svg)
    }
    for format in FigureFormat.allCases {
      let wide = ImageRows(rows: Self.rows(["a"], count: 50_000, side: 1), caption: "")
      #expect(throws: UsageError.self) { try wide.rendered(as: format) }
    }
  }
}
