import Support

extension ImageSet {
  /// The labels, when every image has one from 0 to `classes` − 1; throws `DataError` otherwise.
  ///
  /// - Parameter firstIndex: what errors call the first image.
  public func labels(within classes: Int, firstIndex: Int = 0) throws(DataError) -> [Int] {
    precondition(classes > 0, "there is at least one class")
    guard let labels else {
      throw DataError(
        file: source, place: "image \(firstIndex)", expected: "a label",
        found: "\(grouped(count)) images without labels",
        remedy: "Choose a set with labels; accuracy needs them.")
    }
    guard let wrong = labels.firstIndex(where: { !(0..<classes).contains($0) }) else { return labels }
    throw DataError(
      file: source, place: "image \(firstIndex + wrong)", expected: "a label from 0 to \(classes - 1)",
      found: "\(labels[wrong])", remedy: "Take the image out, or choose a model that has this class.")
  }
}
