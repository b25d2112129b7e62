import Distortions
import Evaluation
import Restoration
import TestSupport
import Testing

@Suite struct ReliabilityTableTests {
  /// Ten images: four said to be 0.55 sure, of which two are right; six 0.995 sure, all right but one.
  private static let table: ReliabilityTable = {
    let findings =
      [OrientationPrediction](repeating: .init(orientation: .upright, probability: 0.55), count: 4)
      + [OrientationPrediction](repeating: .init(orientation: .rotation90, probability: 0.995), count: 6)
    let truth: [Orientation] = [
      .upright, .upright, .rotation90, .upDownFlip, .rotation90, .rotation90, .rotation90, .rotation90, .rotation90,
      .rotation270,
    ]
    return ReliabilityTable(findings, truth: truth)
  }()

  @Test func byHand() throws {
    let table = Self.table
    #expect(table.right == Estimate(hits: 7, of: 10))
    expectClose(
      [Float(table.expectedCalibrationError)], [Float(0.4 * 0.05 + 0.6 * (0.995 - 5.0 / 6))], relative: 1e-6)
    let row = try #require(table.rows.first { $0.from == 0.5 })
    #expect(row.right == Estimate(hits: 2, of: 4) && row.shareFromHere == 1)
    let sure = try #require(table.rows.first { $0.from == 0.99 })
    #expect(sure.right == Estimate(hits: 5, of: 6) && sure.shareFromHere == 0.6)
    #expect(sure.rightFromHere == sure.right)
    #expect(table.rows.last?.right == nil && table.rows.last?.rightFromHere == nil)
    #expect(table.rows.map { $0.right?.count ?? 0 }.reduce(0, +) == 10)
  }

  @Test func everyFindingIsInOneRow() {
    let sure = [0.3, 0.55, 0.65, 0.75, 0.85, 0.92, 0.96, 0.995, 0.9995, 1].map {
      OrientationPrediction(orientation: .upright, probability: $0)
    }
    let table = ReliabilityTable(sure, truth: [Orientation](repeating: .upright, count: 10))
    #expect(table.rows.map { $0.right?.count ?? 0 } == [1, 1, 1, 1, 1, 1, 1, 1, 2])
  }

  @Test func asText() {
    let lines = "\(Self.table)".split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(lines.first == "orientations found right: 0.70 ± 0.15 (n = 10); expected calibration error 0.1170")
    #expect(lines.contains("0.5 or more 4 0.550 0.5 ± 0.3 100.0 % 0.70 ± 0.15"), "\(lines)")
    #expect(lines.contains("0.99 or more 6 0.995 0.83 ± 0.17 60.0 % 0.83 ± 0.17"), "\(lines)")
    #expect(lines.contains("0.6 or more 0 – – 60.0 % 0.83 ± 0.17"), "\(lines)")
    #expect(lines.last == "0.999 or more 0 – – 0.0 % –")
  }
}
