import Support

/// Sets of images that belong together, found by their files' names in one folder; or one file, of one part or several.
///
/// Opening reads no images: `load(_:)` does, one part at a time. `Documentation/Datasets.md` lists the layouts.
public struct Dataset: Sendable {
  /// What a set of the dataset is for.
  public enum Part: String, Sendable, CaseIterable, Codable {
    /// To train on.
    case train
    /// To validate with while training.
    case validation
    /// To be measured on once, at the end.
    case test
    /// Kannada-MNIST's second test set: other writers, another scanner.
    case dig
  }

  /// Where a part's images are.
  package enum Source: Sendable {
    /// Files one behind the other, or a folder; of one file with several arrays, that under the key.
    case files([String], key: String? = nil)
    /// A table that names image files and their labels.
    case table(ImageTable)

    /// The file, folder or table; of several the first.
    package var path: String {
      switch self {
      case .files(let files, _): files[0]
      case .table(let table): table.path
      }
    }
  }

  /// The name of the folder or file.
  package let name: String
  package let path: String
  package let sources: [Part: Source]

  /// The parts that are there.
  public var parts: [Part] { isSynthetic ? Part.synthetic : Part.allCases.filter { sources[$0] != nil } }

  /// What `open` takes for the embedded default, digits that are made and read from no file.
  package static let syntheticName = "synthetic"
  private var isSynthetic: Bool { path == Self.syntheticName && sources.isEmpty }

  /// `synthetic`: digits that are made (see `SyntheticDigits`). Otherwise finds the parts in a folder, or those in a single
  /// file, which is one: `test`, `dig` or `validation` if its name says so, else `train`.
  ///
  /// - Throws: `SystemError` where there is nothing, `DataError` where a folder holds no dataset, or images without
  ///   their labels' file or the other way round.
  public static func open(_ path: String) throws -> Dataset {
    let name = FilePath.name(of: path)
    if path == syntheticName { return Dataset(name: name, path: path, sources: [:]) }
    if Folder.kind(of: path) == .folder {
      return Dataset(name: name, path: path, sources: try DatasetFolder(path).sources())
    }
    _ = try FileStream(path)
    let keys = try Format.recognize(path) == .npz ? NPZ.parts(of: path) : [:]
    if !keys.isEmpty {
      return Dataset(name: name, path: path, sources: keys.mapValues { .files([path], key: $0) })
    }
    return Dataset(name: name, path: path, sources: [Part(named: name) ?? .train: .files([path])])
  }

  /// Whether these are Kannada digits, which the synthetic writer can write more of: told by the names of the files.
  package var isKannadaDigits: Bool {
    isSynthetic || parts.contains(.dig)
      || ([path] + sources.values.map(\.path)).contains { $0.lowercased().contains("kannada") }
  }

  /// The folder of images that a part is; nil for parts of other forms.
  package func folder(of part: Part) -> String? {
    guard case .files(let files, _)? = sources[part], Folder.kind(of: files[0]) == .folder else { return nil }
    return files[0]
  }

  /// What a part holds, with what it takes to write it back.
  ///
  /// - Throws: what `load` throws.
  package func read(_ part: Part, options: ReadOptions = .init()) throws -> Contents {
    if isSynthetic, Part.synthetic.contains(part) {
      return .images(StoredImages(images: SyntheticDigits().imageSet(part, first: nil)))
    }
    switch sources[part] {
    case nil: throw missing(part)
    case .table(let table): return .images(try table.read(options: options))
    case .files(let files, let key):
      var options = options
      options.key = options.key ?? key
      if files.count == 1 { return try Contents.read(files[0], options: options) }
      let sets = try files.map { try ImageSet.read($0, options: options) }
      var joined = try ImageSet(joining: sets, name: part.rawValue, source: path)
      joined.labels = sets.allSatisfy { $0.labels != nil } ? sets.flatMap { $0.labels ?? [] } : nil
      return .images(StoredImages(images: joined))
    }
  }

  /// Reads one part.
  ///
  /// - Throws: `DataError` where the dataset has no such part or its file is faulty, `SystemError` where it cannot be
  ///   read.
  public func load(_ part: Part) throws -> ImageSet { try load(part, first: nil) }

  /// Reads one part; the set is called after it.
  ///
  /// - Parameters:
  ///   - count: only so many images from the front; nil takes all.
  ///   - subset: only so many images, spread over all as by `ImageSet.subset`; nil takes all.
  /// - Throws: `DataError` where the dataset has no such part or its file is faulty, `SystemError` where it cannot be
  ///   read.
  package func load(
    _ part: Part, first count: Int? = nil, subset: Int? = nil, options: ReadOptions = .init()
  ) throws -> ImageSet {
    if isSynthetic, Part.synthetic.contains(part) {
      let set =
        subset.map { SyntheticDigits().imageSet(part, subset: $0) }
        ?? SyntheticDigits().imageSet(part, first: count)
      return try set.named(by: Dictionary(uniqueKeysWithValues: (0...9).map { ($0, "\($0)") }))
    }
    guard case .images(let stored) = try read(part, options: options) else {
      throw DataError(
        file: sources[part]?.path ?? path, expected: "images", found: "labels without images",
        remedy: "Give the file with the images; labels beside it are found by its name.")
    }
    var set = stored.images
    if sources.count > 1 || Folder.kind(of: path) == .folder { set.name = part.rawValue }
    if set.labelNames == nil { set = try set.named(by: labelNames(of: part)).namingItsClasses }
    return subset.map(set.subset) ?? count.map(set.prefix) ?? set
  }

  private func labelNames(of part: Part) throws -> [Int: String]? {
    let folder = sources[part].map { FilePath.folder(of: $0.path) } ?? path
    return try LabelNames.read(in: Folder.kind(of: path) == .folder ? path : FilePath.folder(of: path))
      ?? CIFAR.labelNames(in: folder)
  }

  /// The error that the dataset has no such part: says which file would hold it.
  package func missing(_ part: Part) -> DataError {
    DataError(
      file: path, expected: expectedFile(part).map { "the file " + $0 } ?? "the part \(part.rawValue)",
      found: "only " + parts.map(\.rawValue).joined(separator: ", "), remedy: "Add it, or choose a part that is there.")
  }

  /// Called as the files that are there.
  private func expectedFile(_ part: Part) -> String? {
    let names = sources.values.map { FilePath.name(of: $0.path) }
    if names.contains(where: { $0.contains("kannada_MNIST") }) {
      return PublishedDataset.kannadaMNIST.files(of: part).first?.name
    }
    let training = sources[.train].map { FilePath.name(of: $0.path) }
    guard let training, part != .dig, training.contains("train-images") else { return nil }
    return training.replacing("train", with: part == .test ? "t10k" : "val")
  }
}

extension Dataset.Part {
  /// What the part is called in the names of files and folders.
  var words: [String] {
    switch self {
    case .train: ["train", "training"]
    case .validation: ["val", "valid", "validation"]
    case .test: ["test", "t10k", "testing"]
    case .dig: ["dig"]
    }
  }

  static let synthetic: [Dataset.Part] = [.train, .test, .dig]

  /// By a word in the name, in any case.
  init?(named name: String) {
    let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    // Kannada-MNIST's second test set is called after it alone.
    guard
      let part = [.dig, .test, .validation, .train].first(where: { (part: Self) in
        words.contains { part.words.contains($0) }
      })
    else { return nil }
    self = part
  }
}
