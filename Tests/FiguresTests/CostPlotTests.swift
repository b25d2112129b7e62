import Figures
import Support
import TestSupport
import Testing

@Suite struct CostPlotTests {
  private func plot(_ measured: [Double]) -> CostPlot {
    CostPlot(
      panels: [
        .init(title: "images in a batch", sizes: [1, 32, 1_024], measured: measured, limit: [0.1, 0.6, 17]),
        .init(title: "one", sizes: [1_000_000], measured: [2], limit: [1]),
      ], unit: "ms a step", caption: "dashed: the limit")
  }

  @Test func drawsPanelsWithSizesAndPowers() throws {
    let drawn = try String(decoding: plot([0.2, 0.9, 21]).rendered(as: .svg), as: UTF8.self)
    for text in ["ms a step, by images in a batch", "1024", "0.1", "10", "1M", "dashed: the limit"] {
      #expect(drawn.contains(text), "\(text)")
    }
  }

  @Test(arguments: [[0.2, 0.9], [0.2, 0, 21], [0.2, .nan, 21]]) func refusesWhatHasNoPlace(measured: [Double]) {
    #expect(throws: UsageError.self) { try plot(measured).rendered(as: .svg) }
  }
}
