import Foundation
import ImageSets
import Support

/// Which images a run takes: a dataset, one of its parts, and perhaps only some of them.
package struct DataOrigin: Codable, Equatable, Sendable {
  /// A folder, a file, or `synthetic`.
  package var dataset: String
  package var part: Dataset.Part
  /// Only so many images from the front, as runs took them until subsets were spread over the set; nil takes all.
  package var first: Int?
  /// Only so many images, spread over all as by `ImageSet.subset`; nil takes all.
  package var subset: Int?
  /// The folder with the damaged image of each clean one in `dataset`; nil where images are distorted by a recipe.
  package var damaged: String?
  /// What image files are drawn on; nil: told by the images.
  package var paper: Paper?

  package init(
    dataset: String, part: Dataset.Part = .train, first: Int? = nil, subset: Int? = nil, damaged: String? = nil,
    paper: Paper? = nil
  ) {
    self.damaged = damaged
    self.paper = paper
    self.dataset = dataset
    self.part = part
    self.first = first
    self.subset = subset
  }

  /// Images to measure with: the given part, or else the test set, or else the only part that there is.
  package init(heldOut part: Dataset.Part?, of dataset: String, subset: Int? = nil) throws {
    let parts = try Dataset.open(dataset).parts
    self.init(dataset: dataset, part: part ?? (parts.count == 1 ? parts[0] : .test), subset: subset)
  }

  /// - Throws: `DataError`, `SystemError`, and `UsageError` when a number of images is not positive.
  package func load() throws -> ImageSet {
    for count in [first, subset].compactMap(\.self) { try Self.check(count) }
    return try Dataset.open(dataset).load(part, first: first, subset: subset, options: ReadOptions(images: options))
  }

  private var options: ImageFileOptions { ImageFileOptions(paper: paper) }

  /// The same where a relative path no longer leads to the data: looked for beside the run's folder and all above it,
  /// since the run was begun in one of them.
  ///
  /// - Throws: `UsageError` where they are not found.
  package func found(from folder: String) throws(UsageError) -> DataOrigin {
    var origin = self
    origin.dataset = try Self.found(dataset, from: folder)
    origin.damaged = try damaged.map { path throws(UsageError) in try Self.found(path, from: folder) }
    return origin
  }

  private static func found(_ path: String, from folder: String) throws(UsageError) -> String {
    guard path != Dataset.syntheticName, Folder.kind(of: path) == .absent else { return path }
    var above = URL(fileURLWithPath: folder).standardizedFileURL
    while !path.hasPrefix("/"), above.path != "/" {
      above.deleteLastPathComponent()
      let candidate = above.appendingPathComponent(path).standardizedFileURL.path
      if Folder.kind(of: candidate) != .absent { return candidate }
    }
    throw UsageError(
      "the data that \(folder) was begun with, \(path), are not there", remedy: "Say where they are by --data.")
  }

  /// What a run is trained on: the images whole, or with `crop` of any size, and the damaged ones beside them.
  ///
  /// - Throws: what `load` throws; `DataError` for pairs that do not fit, and images that are not of one size.
  package func images(crop: Int? = nil) throws -> TrainingImages {
    for count in [first, subset].compactMap(\.self) { try Self.check(count) }
    if let damaged {
      let pairs = try ImagePairs(damaged: damaged, clean: dataset).read(options: options)
      let images = TrainingImages(clean: pairs.clean, damaged: pairs.damaged, name: dataset, source: dataset)
      let chosen = subset.map { images.selecting(ImageSet.subset($0, of: images.count)) } ?? images
      return crop == nil ? try chosen.joined() : chosen
    }
    if crop != nil, let folder = try Dataset.open(dataset).folder(of: part) {
      let files = try ImageFolder.files(of: folder)
      let chosen = subset.map { ImageSet.subset($0, of: files.count).map { files[$0] } } ?? files
      return TrainingImages(
        clean: try ImageFolder.readEach(chosen, options: options), name: part.rawValue, source: folder)
    }
    return TrainingImages(try load())
  }

  /// Throws a `UsageError` for a number of images that is none.
  package static func check(_ count: Int) throws(UsageError) {
    if count <= 0 { throw UsageError("--subset \(count): no images", remedy: "Choose at least one.") }
  }

  /// The set beside it that a validation names; nil where it names none.
  ///
  /// - Throws: `UsageError` for a name that is no part of a dataset; what `load` throws.
  package func set(of validation: Validation, crop: Int? = nil) throws -> TrainingImages? {
    guard case .set(let name) = validation else { return nil }
    guard let part = Dataset.Part(rawValue: name) else {
      throw UsageError(
        "validation by \(name)", remedy: "Choose none, a share such as 0.2, or one of the parts test and dig.")
    }
    return try DataOrigin(dataset: dataset, part: part, paper: paper).images(crop: crop)
  }
}
