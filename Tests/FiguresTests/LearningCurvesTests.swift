import Figures
import Foundation
import FoundationXML
import Support
import TestSupport
import Testing

@Suite struct LearningCurvesTests {
  static func curves(_ loss: [Double], _ validation: [Double], ceiling: Double? = nil) -> LearningCurves {
    LearningCurves(
      epochs: loss.indices.map { Double($0 + 1) },
      panels: [
        .init(title: "loss", lines: [.init(label: "training", values: loss)]),
        .init(title: "accuracy", lines: [.init(label: "validation", values: validation)], ceiling: ceiling),
      ], caption: "Of a training.")
  }

  @Test func drawsInColoursOfThePalette() throws {
    let drawn = try Drawn(Self.curves([0.3, 0.2, 0.1], [0.8, 0.85, 0.88], ceiling: 0.8953))
    #expect(drawn.width > 1400 && drawn.height > 500 && drawn.hasMargin())
    let blue = (0..<drawn.width * drawn.height).filter {
      drawn.color(x: $0 % drawn.width, y: $0 / drawn.width) == [0x00, 0x72, 0xB2]
    }
    #expect(blue.count > 500)
  }

  @Test func svgHasTheWords() throws {
    let bytes = try Self.curves([0.3, 0.2], [0.8, 0.9], ceiling: 0.8953).rendered(as: .svg)
    #expect(XMLParser(data: Data(bytes)).parse())
    let text = String(decoding: bytes, as: UTF8.self)
    for words in ["loss", "training", "validation", "ceiling 0.8953", "epoch", "0.24", "Of a training."] {
      #expect(text.contains(words), "\(words)")
    }
  }

  @Test(arguments: [
    [0.5], [.nan, .nan], [0.1, .infinity, -.infinity, 0.2], [7, 7, 7], [0, 0], [1e308, -1e308, 3], [1e299, -1e299],
    [.leastNonzeroMagnitude, 0, .leastNormalMagnitude / 8], [1e-30, 2e-30], [1e15, 1e15 + 1],
    Array(repeating: 0.5, count: 3000),
  ])
  func noNumbersCrashIt(values: [Double]) throws {
    for format in FigureFormat.allCases {
      #expect(try !Self.curves(values, values.reversed(), ceiling: values[0]).rendered(as: format).isEmpty)
    }
    let line = LearningCurves.Line(label: "a", values: values)
    let figure = LearningCurves(epochs: values, panels: [.init(title: "", lines: [line])], caption: "")
    #expect(try Drawn(figure).hasMargin())
  }

  /// Columns are found by their names, and validation only where it has values.
  @Test(arguments: [("binary_accuracy", "0.5,0.6"), ("accuracy", ",")])
  func fromAHistory(metric: String, validation: String) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/history.csv"
      let header = "epoch,learning_rate,loss,\(metric),val_loss,val_\(metric),seconds,images_per_second"
      try WholeFile.write("\(header)\n1,0.001,0.4,0.7,\(validation),2,3\n2,0.001,0.3,0.8,\(validation),2,3\n", to: path)
      let curves = try LearningCurves(history: path)
      #expect(curves.panels.map(\.title) == ["loss", metric.replacing("_", with: " ")])
      #expect(curves.panels.map { $0.lines.map(\.values)[0] } == [[0.4, 0.3], [0.7, 0.8]])
      #expect(curves.panels.allSatisfy { $0.lines.count == (validation == "," ? 1 : 2) })
      #expect(try LearningCurves(history: path, metric: "seconds", caption: "c").panels[1].lines[0].values == [2, 2])
      try WholeFile.write("\(header)\n", to: path)
      #expect(throws: DataError.self) { try LearningCurves(history: path) }
    }
  }

  @Test func refusals() {
    #expect(throws: UsageError.self) { try Self.curves([], []).rendered(as: .png) }
    #expect(throws: UsageError.self) { try Self.curves([1, 2], [1]).rendered(as: .png) }
    #expect(throws: UsageError.self) { try LearningCurves(epochs: [1], panels: [], caption: "").rendered(as: .png) }
  }

  @Test func roundNumbersOnTheAxes() {
    let loss = Axis(covering: [0.113, 0.363])
    #expect(loss.ticks.map(loss.label) == ["0.10", "0.15", "0.20", "0.25", "0.30", "0.35", "0.40"])
    #expect(loss.lower == 0.1 && loss.upper == 0.4 && abs(loss.place(0.25, from: 0, to: 100) - 50) < 1e-9)
    let signed = Axis(covering: [-0.9, 1])
    #expect(signed.ticks.map(signed.label) == ["-1.0", "-0.5", "0.0", "0.5", "1.0"])
    let epochs = Axis(covering: [1, 20], count: 8, isWhole: true)
    #expect(epochs.ticks.map(epochs.label) == ["5", "10", "15", "20"] && epochs.lower == 1 && epochs.upper == 20)
    let few = Axis(covering: [1, 3], count: 8, isWhole: true)
    #expect(few.ticks.map(few.label) == ["1", "2", "3"])
    let large = Axis(covering: [0, 5e6])
    #expect(large.ticks.map(large.label) == ["0", "1e+06", "2e+06", "3e+06", "4e+06", "5e+06"])
    let small = Axis(covering: [1e-6, 3e-6])
    #expect(small.ticks.map(small.label) == ["1e-06", "1.5e-06", "2e-06", "2.5e-06", "3e-06"])
  }
}
