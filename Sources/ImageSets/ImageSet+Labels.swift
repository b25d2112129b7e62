import Support

extension ImageSet {
  /// The labels, when every image has one from 0 to `classes` − 1; throws `DataError` otherwise.
  ///
  /// - Parameter firstIndex: what errors call the first image.
  package func labels(within classes: Int, firstIndex: Int = 0) throws(DataError) -> [Int] {
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

// MARK: - Classes

extension ImageSet {
  /// What a label is called.
  package func labelName(_ label: Int) -> String { labelNames?[label] ?? "\(label)" }

  /// The names of the classes that the set has, in the order of their labels: of those that have a name, or else of
  /// those that occur. Nil without labels.
  package var classNames: [String]? {
    guard let labels else { return nil }
    return (labelNames.map { Array($0.keys) } ?? Array(Set(labels))).sorted().map(labelName)
  }

  /// The same images, their labels numbered as `classes` are, from 0; without labels, as they are.
  ///
  /// - Throws: `DataError` that names the first image of another class.
  package func relabeled(by classes: [String]) throws(DataError) -> ImageSet {
    guard let labels else { return self }
    let places = Dictionary(classes.enumerated().map { ($1, $0) }) { first, _ in first }
    var known: [Int: Int] = [:]
    for (image, label) in labels.enumerated() where known[label] == nil {
      let name = labelName(label)
      guard let place = places[name] else {
        let shown = classes.prefix(12).joined(separator: ", ") + (classes.count > 12 ? ", …" : "")
        throw DataError(
          file: source, place: "image \(numbers?[image] ?? image)",
          expected: "a label among the \(classes.count) classes \(shown)", found: name,
          remedy: "Take the image out, or choose a model that has this class.")
      }
      known[label] = place
    }
    var set = self
    set.labels = labels.map { known[$0] ?? 0 }
    set.labelNames = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($0, $1) })
    return set
  }

  /// The classes that occur, by name: what a subset of the set still knows to be all of them.
  package var namingItsClasses: ImageSet {
    guard labelNames == nil, let labels else { return self }
    var set = self
    set.labelNames = Dictionary(uniqueKeysWithValues: Set(labels).map { ($0, "\($0)") })
    return set
  }
}
