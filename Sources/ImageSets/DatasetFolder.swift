import Support

/// A folder in which a dataset is looked for, by the names of what is in it.
struct DatasetFolder {
  private typealias Part = Dataset.Part

  let path: String
  private let names: [String]
  private let folders: [String]

  init(_ path: String) throws {
    self.path = path
    names = try Folder.names(in: path)
    folders = names.filter { Folder.kind(of: FilePath.join(path, $0)) == .folder }
  }

  /// Throws a `DataError` where there is no dataset, or images without their labels' file or the other way round.
  func sources() throws -> [Dataset.Part: Dataset.Source] {
    try find(depth: 0)
      ?? {
        throw DataError(
          file: path,
          expected: "a dataset: X_kannada_MNIST_train-idx3-ubyte, train-images-idx3-ubyte, train.csv or train.npz, "
            + "each with its labels, or images",
          found: names.isEmpty
            ? "an empty folder" : names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : ""),
          remedy: "Name the folder that holds such files, or get some with tiddu data fetch.")
      }()
  }

  private func find(depth: Int) throws -> [Dataset.Part: Dataset.Source]? {
    for found in try [arrays(), batches(), archives(), tables(), images()] where !found.isEmpty { return found }
    let inner = folders.filter { $0 != "processed" && $0 != "__MACOSX" }
    guard inner.count == 1, depth < 4 else { return nil }
    return try DatasetFolder(FilePath.join(path, inner[0])).find(depth: depth + 1)
  }

  // MARK: Arrays

  /// IDX, NPY and NPZ files whose names hold a part's word and say that these are images.
  private func arrays() throws -> [Dataset.Part: Dataset.Source] {
    var found: [Part: [String]] = [:]
    for name in names {
      guard let part = Part(named: name), isArray(name), let file = file(named: name) else { continue }
      if isLabels(name) {
        try checkImages(of: name, part)
      } else if isImages(name) {
        let twin = found[part]?.contains { $0 == file + ".gz" || $0 + ".gz" == file } ?? false
        if !twin { found[part, default: []].append(file) }
        try checkLabels(of: file, part)
      }
    }
    return try found.mapValues { files in
      guard files.count == 1 else {
        throw DataError(
          file: path, expected: "one set of images for each part",
          found: files.prefix(3).map(FilePath.name).joined(separator: ", ") + (files.count > 3 ? ", …" : ""),
          remedy: "Name one of these files, or put each dataset into a folder of its own.")
      }
      return .files(files)
    }
  }

  private func plain(_ name: String) -> String {
    let name = name.lowercased()
    return name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
  }

  private func isIDX(_ name: String) -> Bool {
    let name = plain(name)
    return name.hasSuffix("ubyte") || name.hasSuffix(".idx") || name.hasSuffix("idx3") || name.hasSuffix("idx1")
  }

  private func isArray(_ name: String) -> Bool {
    isIDX(name) || plain(name).hasSuffix(".npy") || plain(name).hasSuffix(".npz")
  }

  private func isLabels(_ name: String) -> Bool { plain(name).contains("label") || plain(name).hasPrefix("y_") }

  private func isImages(_ name: String) -> Bool {
    let name = plain(name)
    return name.hasPrefix("x_") || name.contains("images") || name.contains("imgs") || name.contains("idx3")
      || Dataset.Part.allCases.contains { $0.words.contains { name == $0 + ".npz" || name == $0 + ".npy" } }
  }

  /// A file, or the one of the same name in a folder that an archive was unpacked to.
  private func file(named name: String) -> String? {
    let file = FilePath.join(path, name)
    guard folders.contains(name) else { return file }
    return FilePath.existing(FilePath.join(file, name))
  }

  /// IDX files hold no labels, nor do the Kuzushiji sets' arrays: these are in files of their own.
  private func checkLabels(of file: String, _ part: Dataset.Part) throws {
    let name = FilePath.name(of: file)
    guard isIDX(name) || plain(name).contains("imgs"), FilePath.existingLabels(for: file) == nil else { return }
    throw half(part, name, without: FilePath.labels(for: name))
  }

  private func checkImages(of labels: String, _ part: Dataset.Part) throws {
    guard isIDX(labels) else { return }
    let isThere = names.contains { plain(FilePath.labels(for: $0)) == plain(labels) && !isLabels($0) }
    if isThere { return }
    let images = plainCase(labels).replacing("labels", with: "images").replacing("idx1", with: "idx3")
    throw half(part, labels, without: images.hasPrefix("y_") ? "X_" + images.dropFirst(2) : images)
  }

  private func plainCase(_ name: String) -> String { name.hasSuffix(".gz") ? String(name.dropLast(3)) : name }

  private func half(_ part: Dataset.Part, _ there: String, without missing: String) -> DataError {
    DataError(
      file: path, expected: "images and labels of the part \(part.rawValue), each in its file",
      found: "\(plainCase(there)) without \(plainCase(missing))",
      remedy: "Add the missing file (it may end in .gz), for instance with tiddu data fetch.")
  }

  // MARK: Other forms

  /// CIFAR's, of which several are one part.
  private func batches() throws -> [Dataset.Part: Dataset.Source] {
    let batches = try names.filter { name in
      guard name.hasSuffix(".bin") else { return false }
      let file = FilePath.join(path, name)
      return try Folder.content(of: file) == .regular && CIFAR.isBatch(file, size: FileStream(file).bound)
    }.sorted(by: ImageListing.naturally)
    let parts = Dictionary(grouping: batches) { Part(named: $0) ?? .train }
    return parts.mapValues { .files($0.map { FilePath.join(path, $0) }) }
  }

  /// The only NPZ file, if it holds several parts.
  private func archives() throws -> [Dataset.Part: Dataset.Source] {
    let files = names.filter { plain($0).hasSuffix(".npz") }
    guard files.count == 1 else { return [:] }
    let file = FilePath.join(path, files[0])
    return try NPZ.parts(of: file).mapValues { .files([file], key: $0) }
  }

  /// Tables of pixels, or of image files and their labels.
  private func tables() -> [Dataset.Part: Dataset.Source] {
    let tables = names.filter { plain($0).hasSuffix(".csv") && !folders.contains($0) }
    var found: [Part: Dataset.Source] = [:]
    for name in tables {
      if let table = ImageTable(recognizing: FilePath.join(path, name), folders: folders) {
        let part = Part(named: name) ?? .train
        if found[part] == nil { found[part] = .table(table) }
      }
    }
    if !found.isEmpty { return found }
    // Notes beside folders of images are no tables of pixels.
    if names.contains(where: { ImageFileFormat(named: $0) != nil }) { return [:] }
    for name in tables {
      guard let part = Part(named: name), !isLabels(name), found[part] == nil else { continue }
      found[part] = .files([FilePath.join(path, name)])
    }
    return found
  }

  /// Folders of images: one for each part, or all images (perhaps a folder a label) as the part train.
  private func images() throws -> [Dataset.Part: Dataset.Source] {
    let parts = Dataset.Part.allCases.compactMap { part in
      folders.first { part.words.contains($0.lowercased()) }.map { (part, $0) }
    }
    if !parts.isEmpty {
      return Dictionary(uniqueKeysWithValues: parts.map { ($0, .files([FilePath.join(path, $1)])) })
    }
    let hasImages = names.contains { ImageFileFormat(named: $0) != nil }
    // Folders of images are labels; one alone may be what an archive was unpacked to.
    let hasFolders = folders.contains { folder in
      (try? Folder.names(in: FilePath.join(path, folder)))?.contains { ImageFileFormat(named: $0) != nil } == true
    }
    if hasImages || hasFolders { return [.train: .files([path])] }
    return folders.count > 1 ? [.train: .files([path])] : [:]
  }
}
