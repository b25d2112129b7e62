import Figures
import Foundation
import FoundationXML
import Support
import TestSupport
import Testing

@Suite struct PieChartsTests {
  static let (blue, orange, black) = ([0x00, 0x72, 0xB2] as [UInt8], [0xE6, 0x9F, 0x00] as [UInt8], Palette.ink.bytes)

  static func pies(_ titles: [String], correct: Double = 0.762) -> PieCharts {
    PieCharts(
      pies: titles.map { .init(title: $0, slices: [("correct", correct), ("incorrect", 1 - correct)]) },
      caption: "Predictions on each set.")
  }

  static func pie(_ values: [Double], labels: [String]? = nil) -> PieCharts {
    let labels = labels ?? values.indices.map { "part \($0)" }
    return PieCharts(pies: [.init(title: "", slices: Array(zip(labels, values)))], caption: "")
  }

  /// A lone pie's pixel at a share of the full turn, some way from the middle (0) to the rim (1).
  static func color(of drawn: Drawn, at turn: Double, way: Double = 0.7) -> [UInt8] {
    let (x, y) = (260 + 132 * way * sin(turn * 2 * .pi), 170 - 132 * way * cos(turn * 2 * .pi))
    return drawn.color(x: Int(x), y: Int(y))
  }

  @Test func slicesGoClockwiseFromTheTop() throws {
    let drawn = try Drawn(Self.pie([10, 50, 30, 60]))
    let edges = [0, 1.0 / 15, 6.0 / 15, 9.0 / 15, 1]
    for (index, color) in Palette.slices.prefix(4).enumerated() {
      for turn in [edges[index] + 0.01, (edges[index] + edges[index + 1]) / 2, edges[index + 1] - 0.01] {
        #expect(Self.color(of: drawn, at: turn) == color.bytes, "slice \(index) at \(turn)")
        #expect(Self.color(of: drawn, at: turn, way: 0.97) == color.bytes, "slice \(index) at \(turn)")
        #expect(Self.color(of: drawn, at: turn, way: 1.03) == [255, 255, 255], "beyond the rim at \(turn)")
      }
    }
  }

  @Test(arguments: [[1], [5, 0], [.leastNormalMagnitude], [1e308]])
  func oneSliceIsTheWholeDisk(values: [Double]) throws {
    let drawn = try Drawn(Self.pie(values))
    for turn in stride(from: 0.0, to: 1, by: 0.01) { #expect(Self.color(of: drawn, at: turn) == Self.blue) }
  }

  @Test func valuesOfAnySize() throws {
    for values in [[1e308, 1e308, 1e308], Array(repeating: .leastNormalMagnitude, count: 3)] {
      let drawn = try Drawn(Self.pie(values))
      #expect(Self.color(of: drawn, at: 1.0 / 6) == Self.blue && Self.color(of: drawn, at: 0.5) == Self.orange)
      #expect(Self.color(of: drawn, at: 5.0 / 6) == Self.black)
    }
  }

  @Test func aThinSliceIsSeen() throws {
    let drawn = try Drawn(Self.pie([99.5, 0.5]))
    #expect(Self.color(of: drawn, at: 0.9975, way: 0.98) == Self.orange)
    // Beside the swatch of its key, which has 400 pixels.
    #expect(drawn.count(of: Self.orange) > 450)
  }

  @Test func aLabelKeepsItsColour() throws {
    let figure = PieCharts(
      pies: [
        .init(title: "", slices: [("correct", 1), ("incorrect", 0)]), .init(title: "", slices: [("incorrect", 3)]),
      ], caption: "")
    let drawn = try Drawn(figure)
    let (left, right) = (drawn.box(of: Self.blue), drawn.box(of: Self.orange, least: 100))
    #expect(left.map { $0.x.upperBound < drawn.width / 2 } == true)
    #expect(right.map { $0.x.lowerBound > drawn.width / 2 } == true)
  }

  @Test func rowsOfAtMostFour() throws {
    let sizes = try (1...9).map { count in try Drawn(Self.pies(Array(repeating: "set", count: count))) }
    let (widths, heights) = (sizes.map(\.width), sizes.map(\.height))
    #expect(widths[3] > widths[2] && widths[2] > widths[1] && widths[1] > widths[0])
    #expect(widths[4] == widths[2] && widths[5] == widths[2] && widths[7] == widths[3] && widths[8] == widths[2])
    #expect(heights[1] == heights[3] && heights[7] > heights[3] + 300 && heights[8] > heights[7] + 300)
  }

  @Test func longTitlesWrap() throws {
    let short = try Drawn(Self.pies(["test", "training"]))
    for title in [
      "multiple distorted, held-out test images of ten thousand people", String(repeating: "long", count: 60),
      "runs/2024/a-path-that-knows-no-spaces", "line\nbreak\u{0}",
    ] {
      for count in [1, 2, 5] {
        let drawn = try Drawn(Self.pies(Array(repeating: title, count: count)))
        #expect(drawn.hasMargin(), "\(count) × \(title)")
        if count == 2 && title.count > 30 {
          #expect(drawn.width == short.width && drawn.height > short.height + 30, "\(title)")
        }
      }
    }
    let words = String(repeating: "word ", count: 30)
    let labels = try Drawn(Self.pie([1, 2], labels: [words, String(repeating: "label", count: 30)]))
    #expect(labels.width == 520 && labels.hasMargin())
  }

  @Test(arguments: [
    (0.5, "99.5 %", "0.5 %"), (23.84, "76.2 %", "23.8 %"), (0.001, "> 99.9 %", "< 0.1 %"), (0, "100.0 %", "0.0 %"),
  ])
  func svgHasTheWords(incorrect: Double, correctShare: String, incorrectShare: String) throws {
    let bytes = try Self.pies(["held-out & \u{1}clean", "b"], correct: 1 - incorrect / 100).rendered(as: .svg)
    #expect(XMLParser(data: Data(bytes)).parse())
    let text = String(decoding: bytes, as: UTF8.self)
      .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    let key = "\ncorrect\n\(correctShare)\nincorrect\n\(incorrectShare)\n"
    for words in ["<title>Predictions on each set.</title>", "held-out & clean\(key)b\(key)"] {
      #expect(text.contains(words), "\(words)")
    }
  }

  @Test func neighboursDifferWithoutColour() {
    let grey = Palette.slices.map { pow($0.luminance, 1 / 2.2) }
    for (index, value) in grey.enumerated() {
      #expect(abs(value - grey[(index + 1) % grey.count]) > 0.06, "slice \(index)")
      for other in grey[..<index] where index < 4 { #expect(abs(value - other) > 0.18, "slice \(index)") }
    }
  }

  @Test(arguments: [
    [], [0], [0, 0], [1, -1], [1, Double.nan], [Double.infinity, 1], [-Double.infinity], Array(repeating: 1, count: 9),
  ])
  func badValues(values: [Double]) {
    for format in FigureFormat.allCases {
      #expect(throws: UsageError.self) { try Self.pie(values).rendered(as: format) }
    }
  }

  @Test func refusals() throws {
    #expect(throws: UsageError.self) { try PieCharts(pies: [], caption: "").rendered(as: .png) }
    #expect(throws: UsageError.self) { try Self.pie([1, 2], labels: ["same", "same"]).rendered(as: .png) }
    let many = Self.pies(Array(repeating: "", count: 1000))
    #expect(throws: UsageError.self) { try many.rendered(as: .png) }
    #expect(try Drawn(Self.pie(Array(repeating: 1, count: 8))).hasMargin())
  }
}
