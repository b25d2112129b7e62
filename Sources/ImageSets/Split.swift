import Support

extension ImageSet {
  /// Two parts in shuffled order: `share` of the images for validation, rounded down, and the rest for training.
  ///
  /// The same seed gives the same split.
  package func split(validation share: Double, seed: UInt64) -> (training: ImageSet, validation: ImageSet) {
    let parts = Self.split(count, validation: share, seed: seed)
    return (selecting(parts.training), selecting(parts.validation))
  }

  /// The last `count` images for validation, and those before them for training, both in order.
  ///
  /// - Throws: `UsageError` where that leaves either without images.
  package func split(last count: Int) throws -> (training: ImageSet, validation: ImageSet) {
    let parts = try Self.split(self.count, last: count)
    return (selecting(parts.training), selecting(parts.validation))
  }

  /// The numbers of such parts of `count` images.
  package static func split(_ count: Int, validation share: Double, seed: UInt64) -> (
    training: ArraySlice<Int>, validation: ArraySlice<Int>
  ) {
    precondition(share >= 0 && share <= 1, "a share from 0 to 1 is wanted")
    var generator = Philox(seed: seed, purpose: .split)
    let order = generator.permutation(of: count)
    let cut = Int(Double(count) * share)
    return (order[cut...], order[..<cut])
  }

  package static func split(_ all: Int, last count: Int) throws(UsageError) -> (
    training: Range<Int>, validation: Range<Int>
  ) {
    guard count > 0, count < all else {
      throw UsageError(
        "validation by the last \(count) images of \(all)",
        remedy: "Choose fewer than there are, and leave some to train on.")
    }
    return (0..<all - count, all - count..<all)
  }
}
