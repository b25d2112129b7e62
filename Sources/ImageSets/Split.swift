import Support

extension ImageSet {
  /// Two parts in shuffled order: `share` of the images for validation, rounded down, and the rest for training.
  ///
  /// The same seed gives the same split.
  public func split(validation share: Double, seed: UInt64) -> (training: ImageSet, validation: ImageSet) {
    precondition(share >= 0 && share <= 1, "a share from 0 to 1 is wanted")
    var generator = Philox(seed: seed, purpose: .split)
    let order = generator.permutation(of: count)
    let cut = Int(Double(count) * share)
    return (selecting(order[cut...]), selecting(order[..<cut]))
  }

  /// The last `count` images for validation, and those before them for training, both in order.
  ///
  /// - Throws: `UsageError` where that leaves either without images.
  public func split(last count: Int) throws -> (training: ImageSet, validation: ImageSet) {
    guard count > 0, count < self.count else {
      throw UsageError(
        "validation by the last \(count) images of \(self.count)",
        remedy: "Choose fewer than there are, and leave some to train on.")
    }
    return (selecting(0..<self.count - count), selecting(self.count - count..<self.count))
  }
}
