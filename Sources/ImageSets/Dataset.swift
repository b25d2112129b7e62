import Support

/// Sets of images that belong together, found by their files' names in one folder; or one file, which is one part.
///
/// Opening reads no images: `load(_:)` does, one part at a time.
public struct Dataset: Sendable {
  /// What a set of the dataset is for.
  public enum Part: String, Sendable, CaseIterable, Codable {
    case train
    case test
    /// Kannada-MNIST's second test set: other writers, another scanner.
    case dig
  }

  /// The name of the folder or file.
  public let name: String
  public let path: String
  /// The file, or folder, that each part is read from.
  public let files: [Part: String]
  /// How the files of this dataset are called, for what to say when one is missing; nil for a single file.
  private let layout: Layout?

  /// The parts that are there: train, test, dig.
  public var parts: [Part] { isSynthetic ? Part.allCases : Part.allCases.filter { files[$0] != nil } }

  /// What `open` takes for the embedded default, digits that are made and read from no file.
  public static let syntheticName = "synthetic"
  private var isSynthetic: Bool { path == Self.syntheticName && files.isEmpty }

  /// `synthetic`: digits that are made (see `SyntheticDigits`). Otherwise finds the parts in a folder, or takes a single file as one: as `test` or `dig` if its name says so, else `train`.
  ///
  /// - Throws: `SystemError` where there is nothing, `DataError` where a folder holds no dataset, or images without
  ///   their labels' file or the other way round.
  public static func open(_ path: String) throws -> Dataset {
    let name = FilePath.name(of: path)
    if path == syntheticName { return Dataset(name: name, path: path, files: [:], layout: nil) }
    guard Folder.kind(of: path) == .folder else {
      _ = try FileStream(path)
      let words = name.lowercased().split { !$0.isLetter }.map(String.init)
      let part = Part.allCases.first { words.contains($0.rawValue) }
      return Dataset(name: name, path: path, files: [part ?? .train: path], layout: nil)
    }
    let names = try Folder.names(in: path)
    for layout in Layout.known {
      let files = try layout.files(in: path, names: names)
      if !files.isEmpty { return Dataset(name: name, path: path, files: files, layout: layout) }
    }
    if let files = try imageFolders(in: path, names: names) {
      return Dataset(name: name, path: path, files: files, layout: nil)
    }
    throw DataError(
      file: path, expected: "a dataset: " + Layout.known.map { $0.images(.train) + " …" }.joined(separator: ", or "),
      found: names.isEmpty
        ? "an empty folder" : names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : ""),
      remedy: "Name the folder that holds these files, or get them with tiddu data fetch.")
  }

  /// Whether these are Kannada digits, which the synthetic writer can write more of: told by the names of the files.
  public var isKannadaDigits: Bool {
    isSynthetic || parts.contains(.dig) || ([path] + files.values).contains { $0.lowercased().contains("kannada") }
  }

  /// Folders of images: one for each part, or all images (perhaps a folder a label) as the part train.
  private static func imageFolders(in path: String, names: [String]) throws -> [Part: String]? {
    let folders = names.filter { Folder.kind(of: FilePath.join(path, $0)) == .folder }
    let parts = Part.allCases.filter { folders.contains($0.rawValue) }
    if !parts.isEmpty {
      return Dictionary(uniqueKeysWithValues: parts.map { ($0, FilePath.join(path, $0.rawValue)) })
    }
    let hasImages = !folders.isEmpty || names.contains { ImageFileFormat(named: $0) != nil }
    return hasImages ? [.train: path] : nil
  }

  /// Reads one part; the set is called after it.
  ///
  /// - Parameters:
  ///   - count: only so many images from the front; nil takes all.
  ///   - subset: only so many images, spread over all as by `ImageSet.subset`; nil takes all.
  /// - Throws: `DataError` where the dataset has no such part or its file is faulty, `SystemError` where it cannot be
  ///   read.
  public func load(
    _ part: Part, first count: Int? = nil, subset: Int? = nil, options: ReadOptions = .init()
  ) throws -> ImageSet {
    if isSynthetic {
      let set =
        subset.map { SyntheticDigits().imageSet(part, subset: $0) }
        ?? SyntheticDigits().imageSet(part, first: count)
      return try set.named(by: Dictionary(uniqueKeysWithValues: (0...9).map { ($0, "\($0)") }))
    }
    guard let file = files[part] else { throw missing(part) }
    var set = try ImageSet.read(file, options: options)
    if files.count > 1 || layout != nil { set.name = part.rawValue }
    let folder = Folder.kind(of: path) == .folder ? path : FilePath.folder(of: path)
    set = try set.labelNames == nil ? set.named(by: LabelNames.read(in: folder)).namingItsClasses : set
    return subset.map(set.subset) ?? count.map(set.prefix) ?? set
  }

  /// The error that the dataset has no such part: says which file would hold it.
  public func missing(_ part: Part) -> DataError {
    DataError(
      file: path, expected: layout.map { "the file " + $0.images(part) } ?? "the part \(part.rawValue)",
      found: "only " + parts.map(\.rawValue).joined(separator: ", "), remedy: "Add it, or choose a part that is there.")
  }
}

extension Dataset {
  /// How the files of a dataset are called; all may also end in ".gz".
  private struct Layout: Sendable {
    /// The images' file of each part.
    let names: [Part: String]
    /// Whether labels stand in files of their own.
    let hasLabelFiles: Bool

    static let known = [
      Layout(
        names: [
          .train: "X_kannada_MNIST_train-idx3-ubyte", .test: "X_kannada_MNIST_test-idx3-ubyte",
          .dig: "X_dig_MNIST-idx3-ubyte",
        ], hasLabelFiles: true),
      Layout(
        names: [.train: "train-images-idx3-ubyte", .test: "t10k-images-idx3-ubyte"], hasLabelFiles: true),
      Layout(names: [.train: "train.csv", .test: "test.csv", .dig: "Dig-MNIST.csv"], hasLabelFiles: false),
      Layout(names: [.train: "train.npz", .test: "test.npz", .dig: "dig.npz"], hasLabelFiles: false),
    ]

    func images(_ part: Part) -> String { names[part] ?? part.rawValue }

    func files(in folder: String, names present: [String]) throws -> [Part: String] {
      var files: [Part: String] = [:]
      for (part, name) in names {
        let images = [name, name + ".gz"].first(where: present.contains)
        guard hasLabelFiles, let labels = FilePath.labels(for: name) else {
          if let images { files[part] = FilePath.join(folder, images) }
          continue
        }
        let hasLabels = [labels, labels + ".gz"].contains(where: present.contains)
        guard hasLabels == (images != nil) else {
          throw DataError(
            file: folder, expected: "images and labels of the part \(part.rawValue), each in its file",
            found: "\(hasLabels ? labels : name) without \(hasLabels ? name : labels)",
            remedy: "Add the missing file (it may end in .gz), for instance with tiddu data fetch.")
        }
        if let images { files[part] = FilePath.join(folder, images) }
      }
      return files
    }
  }
}
