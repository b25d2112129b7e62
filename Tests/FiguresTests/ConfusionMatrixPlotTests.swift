import Figures
import Foundation
import FoundationXML
import Support
import TestSupport
import Testing

@Suite struct ConfusionMatrixPlotTests {
  static func plot(_ counts: [[Int]], labels: [String]? = nil, caption: String = "") -> ConfusionMatrixPlot {
    ConfusionMatrixPlot(counts: counts, labels: labels ?? counts.indices.map { "class \($0)" }, caption: caption)
  }

  static func shade(_ share: Double) -> [UInt8] { Color(at: share.squareRoot(), through: Palette.shades).bytes }

  /// 6,000 images of each of ten digits; 1 is taken for 7 in 600 of them, and 3 for 8 in one.
  static let digits = (0..<10).map { row in
    (0..<10).map { column in
      let errors = [1: (7, 600), 3: (8, 1)][row] ?? (row, 0)
      return row == column ? 6000 - errors.1 : column == errors.0 ? errors.1 : 0
    }
  }

  @Test func shadesOfTheRowsShares() throws {
    // Rows and columns have different sums, so that a transposed matrix has other shades at other places.
    let counts = [[70, 5, 25, 0], [0, 4, 0, 12], [2, 40, 158, 0], [0, 0, 0, 50]]
    let drawn = try Drawn(Self.plot(counts))
    let (first, last) = (drawn.box(of: Self.shade(0.7)), drawn.box(of: Self.shade(1)))
    guard let first, let last else {
      Issue.record("a cell of the diagonal is missing")
      return
    }
    let (width, height) = ((last.x.lowerBound - first.x.lowerBound) / 3, (last.y.lowerBound - first.y.lowerBound) / 3)
    for (row, line) in counts.enumerated() {
      for (column, count) in line.enumerated() {
        let (x, y) = (first.x.lowerBound + column * width + 6, first.y.lowerBound + row * height + 6)
        let isRight = drawn.has(Self.shade(Double(count) / Double(line.reduce(0, +))), x: x, y: y)
        #expect(isRight, "row \(row), column \(column)")
      }
    }
    #expect(drawn.hasMargin())
  }

  @Test func oneInAHundredIsSeenBesideNone() {
    #expect(Self.shade(0) == [255, 255, 255])
    #expect(Self.shade(0.01)[0] < 255 - 24 && Self.shade(0.05)[0] < Self.shade(0.01)[0] - 24)
    let luminances = (0...100).map { Color(at: Double($0) / 100, through: Palette.shades).luminance }
    #expect(zip(luminances, luminances.dropFirst()).allSatisfy { $0 > $1 })
    #expect(Color(at: -3, through: Palette.shades) == Palette.paper)
    #expect(Color(at: 7, through: Palette.shades) == Palette.shades.last)
  }

  @Test func countsCanBeReadOnEveryShade() throws {
    for share in stride(from: 0.0, through: 1, by: 0.01) {
      let fill = Color(at: share, through: Palette.shades)
      let (one, other) = (fill.luminance + 0.05, Palette.text(on: fill).luminance + 0.05)
      #expect(max(one, other) / min(one, other) > 4, "\(share)")
    }
    let drawn = try Drawn(Self.plot([[88, 0, 0], [36, 64, 0], [4, 0, 96]]))
    for (share, ink) in [(1, Palette.paper), (0.64, Palette.paper), (0.36, Palette.ink), (0.04, Palette.ink)] {
      guard let box = drawn.box(of: Self.shade(share)) else {
        Issue.record("no cell for \(share)")
        continue
      }
      let isThere = box.y.contains { y in box.x.contains { drawn.has(ink.bytes, x: $0, y: y) } }
      #expect(isThere, "\(share)")
    }
  }

  @Test func svgHasTheWords() throws {
    let figure = Self.plot(Self.digits, labels: (0..<10).map { "\($0)" }, caption: "Reconstructed & <held-out>")
    let bytes = try figure.rendered(as: .svg)
    #expect(XMLParser(data: Data(bytes)).parse())
    let text = String(decoding: bytes, as: UTF8.self)
    for words in [
      "<title>Reconstructed &amp; &lt;held-out&gt;</title>", "\ntrue\n", "predicted\n", "೦ 0", "೩ 3", "೯ 9",
      "\n0\n5,400\n0\n0\n0\n0\n0\n600\n0\n0\n", "\n5,999\n", "accuracy 99.0 %, n = 60,000", "square-root",
      // Recall and precision of each digit in turn.
      "recall\nprecision\n100.0 %\n100.0 %\n90.0 %\n100.0 %\n100.0 %\n100.0 %\n&gt; 99.9 %\n100.0 %\n",
      "100.0 %\n90.9 %\n100.0 %\n&gt; 99.9 %\n100.0 %\n100.0 %\naccuracy",
    ] { #expect(text.contains(words), "\(words)") }
  }

  @Test func otherClassesHaveTheirOwnNames() throws {
    let labels = (1...10).map { "\($0)" }
    let text = try String(decoding: Self.plot(Self.digits, labels: labels).rendered(as: .svg), as: UTF8.self)
    #expect(text.contains("\n10\n") && !text.contains("೩"))
    // What was never there, or never predicted, has no share.
    let none = try String(decoding: Self.plot([[3, 0], [0, 0]]).rendered(as: .svg), as: UTF8.self)
    #expect(none.contains("recall\nprecision\n100.0 %\n100.0 %\n–\n–\naccuracy 100.0 %, n = 3\n"))
  }

  @Test(arguments: [7, 1234, 60_000, 9_999_999_999, Int.max / 9])
  func countsStayInTheirCells(count: Int) throws {
    let drawn = try Drawn(Self.plot(Array(repeating: Array(repeating: count, count: 3), count: 3)))
    let (fill, grid) = (Self.shade(1.0 / 3), Palette.grid.bytes)
    guard let box = drawn.box(of: fill) else {
      Issue.record("no cells")
      return
    }
    let y = box.y.lowerBound + 6
    let lines = box.x.filter { drawn.has(grid, x: $0, y: y) }
    #expect(lines.count == 4)
    for line in lines {
      for x in [line - 4, line - 3, line + 3, line + 4] {
        let isFree = box.y.allSatisfy { drawn.has(fill, x: x, y: $0) || drawn.has(grid, x: x, y: $0) }
        #expect(isFree, "beside the line at \(line)")
      }
    }
    #expect(drawn.hasMargin())
  }

  @Test(arguments: [
    ["", "", ""], ["cat", "a dog", "zebra crossing, seen from above"],
    [String(repeating: "long", count: 50), "line\nbreak\u{0}", "೩"],
  ])
  func nothingIsCutOff(labels: [String]) throws {
    #expect(try Drawn(Self.plot([[1, 2, 0], [0, 0, 9], [77_777, 0, 1]], labels: labels)).hasMargin())
    #expect(try Drawn(Self.plot([[7]], labels: [labels[0]], caption: "One class.")).hasMargin())
  }

  /// Long names stand upright above their columns, so that the cells need not widen for them.
  @Test func longNamesAreTurned() throws {
    let (short, long) = (["a", "b", "c"], ["nightingale", "b", "c"])
    let counts = [[1, 2, 0], [0, 0, 9], [7, 0, 1]]
    let (one, other) = try (Drawn(Self.plot(counts, labels: short)), Drawn(Self.plot(counts, labels: long)))
    #expect(other.height > one.height + 80 && other.hasMargin())
    guard let narrow = one.box(of: Self.shade(1)), let cell = other.box(of: Self.shade(1)) else {
      Issue.record("no cell in row 1, column 2")
      return
    }
    #expect(narrow.x.count == cell.x.count)
    // The name begins above its column and goes up from there.
    let column = (cell.x.lowerBound - 2 * cell.x.count)..<(cell.x.lowerBound - cell.x.count - 8)
    let top = cell.y.lowerBound - cell.y.count
    for rows in [top - 40..<top - 10, top - 120..<top - 90] {
      let isInked = rows.contains { y in column.contains { other.color(x: $0, y: y)[0] < 60 } }
      #expect(isInked, "rows \(rows)")
    }
  }

  @Test(arguments: [
    [], [[]], [[1, 2]], [[1], [2]], [[1, 2], [3]], [[1, 2], [3, 4, 5]], [[1, -1], [0, 3]], [[0, 0], [0, 0]],
    [[Int.max, 1], [0, 0]], [[Int.min]], [[Int.max, Int.max], [Int.max, 1]],
  ])
  func badCounts(counts: [[Int]]) {
    for format in FigureFormat.allCases {
      #expect(throws: UsageError.self) { try Self.plot(counts).rendered(as: format) }
    }
  }

  @Test func refusals() throws {
    #expect(throws: UsageError.self) { try Self.plot([[1]], labels: []).rendered(as: .png) }
    #expect(throws: UsageError.self) { try Self.plot([[1]], labels: ["a", "b"]).rendered(as: .png) }
    let many = Self.plot(Array(repeating: Array(repeating: 1, count: 300), count: 300))
    #expect(throws: UsageError.self) { try many.rendered(as: .png) }
  }
}
