import ImageSets
import Support

/// The parts of a dataset, loaded once.
struct ReportSets {
  /// In the order of `Dataset.Part.allCases`.
  let all: [(part: Dataset.Part, set: ImageSet)]
  /// What they were opened by: a path, or `synthetic`.
  let dataset: String

  /// - Throws: `DataError` for no training images, none besides, a part without labels that needs them, or images of
  ///   another size than the report's; `SystemError`.
  init(_ path: String) throws {
    dataset = path
    let dataset = try Dataset.open(path)
    for part in [Dataset.Part.train] where !dataset.parts.contains(part) { throw dataset.missing(part) }
    all = try dataset.parts.map { ($0, try dataset.load($0)) }
    for (part, set) in all {
      guard [set.shape.height, set.shape.width, set.shape.channels] == [28, 28, 1], set.count > 0 else {
        throw DataError(
          file: set.source, expected: "grey images of 28×28, as the report's are",
          found: set.count == 0 ? "none" : "images of \(set.shape)",
          remedy: "Convert them first: tiddu data convert --resize 28x28 --gray.")
      }
      if part == .train || set.labels != nil { _ = try set.labels(within: 10, firstIndex: 0) }
    }
    guard !heldOut.isEmpty else {
      throw DataError(
        file: path, expected: "a part test or dig with labels, to measure on images that were not trained on",
        found: dataset.parts.map { "\($0.rawValue)" }.joined(separator: ", ") + ", no such part",
        remedy: "Add one; tiddu data fetch kannada-mnist gets a dataset that has both.")
    }
  }

  subscript(part: Dataset.Part) -> ImageSet? { all.first { $0.part == part }?.set }

  var train: ImageSet { all[0].set }
  /// What was not trained on and has labels: test, then dig.
  var heldOut: [(part: Dataset.Part, set: ImageSet)] { all.filter { $0.part != .train && $0.set.labels != nil } }
  /// What figures and figures of merit are about where they are about one set.
  var test: (part: Dataset.Part, set: ImageSet) { heldOut.first { $0.part == .test } ?? heldOut[0] }
}

extension ImageSet {
  /// `count` images spread over all, or all.
  func some(_ count: Int?) -> ImageSet { count.map(subset) ?? self }
}
