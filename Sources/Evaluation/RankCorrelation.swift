/// Whether two lists of figures rank the same things alike: Spearman's ρ.
package enum RankCorrelation {
  /// The correlation of the ranks, −1 to 1; equal values share the mean of the ranks that they take up, as
  /// `scipy.stats.spearmanr` has it. Nil where it says nothing: for fewer than two pairs, or a list of equal values.
  ///
  /// - Precondition: as many values in one list as in the other, and all finite.
  package static func spearman(_ first: [Double], _ second: [Double]) -> Double? {
    precondition(first.count == second.count, "\(first.count) values are ranked against \(second.count)")
    precondition((first + second).allSatisfy(\.isFinite), "ranks want finite values")
    return pearson(ranks(of: first), ranks(of: second))
  }

  /// From 1 for the smallest; equal values share the mean of their places.
  static func ranks(of values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      // Places start + 1 … end, whose mean is this.
      for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }

  private static func pearson(_ first: [Double], _ second: [Double]) -> Double? {
    let mean = Double(first.count + 1) / 2
    var (products, firstSquares, secondSquares) = (0.0, 0.0, 0.0)
    for (x, y) in zip(first, second) {
      products += (x - mean) * (y - mean)
      firstSquares += (x - mean) * (x - mean)
      secondSquares += (y - mean) * (y - mean)
    }
    guard firstSquares > 0, secondSquares > 0 else { return nil }
    return products / (firstSquares * secondSquares).squareRoot()
  }
}
