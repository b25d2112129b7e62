import ImageSets
import Support

/// Which images a run takes: a dataset, one of its parts, and perhaps only some of them.
public struct DataOrigin: Codable, Equatable, Sendable {
  /// A folder, a file, or `synthetic`.
  public var dataset: String
  public var part: Dataset.Part
  /// Only so many images from the front, as runs took them until subsets were spread over the set; nil takes all.
  public var first: Int?
  /// Only so many images, spread over all as by `ImageSet.subset`; nil takes all.
  public var subset: Int?

  public init(dataset: String, part: Dataset.Part = .train, first: Int? = nil, subset: Int? = nil) {
    self.dataset = dataset
    self.part = part
    self.first = first
    self.subset = subset
  }

  /// Images to measure with: the given part, or else the test set, or else the only part that there is.
  public init(heldOut part: Dataset.Part?, of dataset: String, subset: Int? = nil) throws {
    let parts = try Dataset.open(dataset).parts
    self.init(dataset: dataset, part: part ?? (parts.count == 1 ? parts[0] : .test), subset: subset)
  }

  /// - Throws: `DataError`, `SystemError`, and `UsageError` when a number of images is not positive.
  public func load() throws -> ImageSet {
    for count in [first, subset].compactMap(\.self) { try Self.check(count) }
    return try Dataset.open(dataset).load(part, first: first, subset: subset)
  }

  /// Throws a `UsageError` for a number of images that is none.
  public static func check(_ count: Int) throws(UsageError) {
    if count <= 0 { throw UsageError("--subset \(count): no images", remedy: "Choose at least one.") }
  }

  /// The set beside it that a validation names; nil where it names none.
  ///
  /// - Throws: `UsageError` for a name that is no part of a dataset; what `load` throws.
  public func set(of validation: Validation) throws -> ImageSet? {
    guard case .set(let name) = validation else { return nil }
    guard let part = Dataset.Part(rawValue: name) else {
      throw UsageError(
        "validation by \(name)", remedy: "Choose none, a share such as 0.2, or one of the parts test and dig.")
    }
    return try DataOrigin(dataset: dataset, part: part).load()
  }
}
