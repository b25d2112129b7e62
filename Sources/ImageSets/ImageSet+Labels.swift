import Groundwork

extension ImageSet {
  /// Throws a `DataError` unless every picture has a label from 0 to `classes` − 1.
  public func checkLabels(classes: Int) throws {
    guard let labels else {
      throw DataError(
        file: source, expected: "a label for each picture", found: "pictures without labels",
        remedy: "Add the labels' file beside it, or name a set that has labels.")
    }
    guard let wrong = labels.firstIndex(where: { !(0..<classes).contains($0) }) else { return }
    throw DataError(
      file: source, place: "picture \(wrong)", expected: "a label from 0 to \(classes - 1)", found: "\(labels[wrong])",
      remedy: "Correct the labels, or choose a model with more classes.")
  }
}
