import Evaluation
import TestSupport
import Testing

@Suite struct RankCorrelationTests {
  /// Tools/golden/ranks.py
  @Test func agreesWithSciPy() throws {
    let golden = try Golden.load("ranks")
    for name in ["plain", "ties", "many_ties", "reversed"] {
      let first = try golden["\(name)/first"].map(Double.init)
      let rho = RankCorrelation.spearman(first, try golden["\(name)/second"].map(Double.init))
      expectClose([Float(rho ?? .nan)], [try golden.scalar("\(name)/rho")], relative: 1e-6, name)
    }
  }

  @Test func saysNothingWhereThereIsNothing() {
    #expect(RankCorrelation.spearman([], []) == nil)
    #expect(RankCorrelation.spearman([1], [2]) == nil)
    #expect(RankCorrelation.spearman([1, 2, 3], [5, 5, 5]) == nil)
    #expect(RankCorrelation.spearman([1, 2], [7, 9]) == 1)
  }
}
