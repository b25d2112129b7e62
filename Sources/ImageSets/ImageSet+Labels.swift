import Groundwork

extension ImageSet {
  /// The labels, when every picture has one from 0 to `classes` − 1; throws `DataError` otherwise.
  ///
  /// - Parameter firstIndex: what errors call the first picture.
  public func labels(within classes: Int, firstIndex: Int = 0) throws(DataError) -> [Int] {
    precondition(classes > 0, "there is at least one class")
    guard let labels else {
      throw DataError(
        file: source, place: "picture \(firstIndex)", expected: "a label",
        found: "\(grouped(count)) pictures without labels",
        remedy: "Choose a set with labels; without them nobody knows what is read right.")
    }
    guard let wrong = labels.firstIndex(where: { !(0..<classes).contains($0) }) else { return labels }
    throw DataError(
      file: source, place: "picture \(firstIndex + wrong)", expected: "a label from 0 to \(classes - 1)",
      found: "\(labels[wrong])", remedy: "Take the picture out, or choose a model that has this class.")
  }
}
