import Support

extension ImageSet {
  /// `count` images spread over the whole set, in its order, or all where there are no more.
  ///
  /// Sets are ordered by writer as often as not, and the first so many are then of a few writers: `subset` takes the first
  /// of a fixed shuffle. It depends on the two counts alone, and a smaller subset lies within a larger one.
  package func subset(_ count: Int) -> ImageSet {
    guard count < self.count else { return self }
    let chosen = Self.subset(count, of: self.count)
    var set = selecting(chosen)
    set.numbers = numbers.map { numbers in chosen.map { numbers[$0] } } ?? chosen
    return set
  }

  /// The numbers of such images, rising; all where there are no more.
  package static func subset(_ count: Int, of all: Int) -> [Int] {
    var generator = Philox(seed: 0, purpose: .subset)
    return generator.permutation(of: all).prefix(count).sorted()
  }

  /// The same images as a set of its own, counted from 0.
  package var renumbered: ImageSet {
    var set = self
    set.numbers = nil
    return set
  }
}
