import Support

/// Two folders that hold the same images, damaged and clean, under the same names; endings may differ.
package struct ImagePairs: Sendable {
  /// Paths of the damaged images, in the natural order of their names.
  package let damaged: [String]
  /// Paths of the clean ones, in the same order.
  package let clean: [String]

  /// What sub-folders of damaged and of clean images are usually called.
  static let damagedNames = [
    "damaged", "noisy", "distorted", "degraded", "corrupted", "blurred", "blurry", "dirty", "input", "inputs", "lq",
    "low",
  ]
  static let cleanNames = [
    "clean", "original", "originals", "target", "targets", "gt", "groundtruth", "ground_truth", "sharp", "hq", "high",
  ]

  /// The two sub-folders of such names, where a folder has them and their images have the same names; nil for others.
  ///
  /// - Throws: `SystemError` where a folder cannot be read, `DataError` where some of the images have no partner.
  package static func folders(in path: String) throws -> (damaged: String, clean: String)? {
    guard Folder.kind(of: path) == .folder else { return nil }
    let names = try Folder.names(in: path).filter { Folder.kind(of: FilePath.join(path, $0)) == .folder }
    func only(_ known: [String]) -> String? {
      let found = names.filter { known.contains($0.lowercased()) }
      return found.count == 1 ? FilePath.join(path, found[0]) : nil
    }
    guard names.count == 2, let damaged = only(damagedNames), let clean = only(cleanNames) else { return nil }
    let (left, right) = (try images(in: damaged), try images(in: clean))
    guard !Set(left.keys).isDisjoint(with: right.keys) else { return nil }
    _ = try ImagePairs(damaged: damaged, clean: clean)
    return (damaged, clean)
  }

  /// - Throws: `SystemError` where a folder cannot be read; `DataError` where one has no images, two images of one name,
  ///   or one that the other lacks.
  package init(damaged: String, clean: String) throws {
    let (left, right) = (try Self.images(in: damaged), try Self.images(in: clean))
    for (own, others, folder, other) in [(left, right, damaged, clean), (right, left, clean, damaged)] {
      let missing = own.keys.filter { others[$0] == nil }.sorted(by: ImageListing.naturally)
      guard missing.isEmpty else {
        throw DataError(
          file: other, expected: "an image for each one in \(folder), of the same name",
          found: "none for " + missing.prefix(5).joined(separator: ", ")
            + (missing.count > 5 ? " and \(missing.count - 5) more" : ""),
          remedy: "Add the missing images, or take their partners out.")
      }
    }
    let names = left.keys.sorted(by: ImageListing.naturally)
    self.damaged = names.compactMap { left[$0] }
    self.clean = names.compactMap { right[$0] }
  }

  /// Paths of a folder's images by their names below it, without their endings.
  private static func images(in folder: String) throws -> [String: String] {
    var images: [String: String] = [:]
    for entry in try ImageListing(of: folder).entries {
      let ending = entry.name.lastIndex(of: ".").map { entry.name[..<$0] }
      let name = ending.map(String.init) ?? entry.name
      guard images.updateValue(FilePath.join(folder, entry.name), forKey: name) == nil else {
        throw DataError(
          file: folder, expected: "one image of each name", found: "two of \(name)", remedy: "Rename one of them.")
      }
    }
    return images
  }

  /// The images of each pair, of one size, all grey or all coloured, and on the same paper.
  ///
  /// - Throws: `SystemError` where a file cannot be read, `DataError` where one is no image or a pair's sizes differ.
  package func read(options: ImageFileOptions = .init()) throws -> (damaged: [ImageSet], clean: [ImageSet]) {
    let all = try ImageFolder.readEach(damaged + clean, options: options)
    guard all.count == damaged.count + clean.count else {
      throw DataError(
        file: FilePath.folder(of: damaged[0]), expected: "files of one image each", found: "some with several pages",
        remedy: "Split them, for instance by tiffsplit.")
    }
    for number in damaged.indices {
      let (left, right) = (all[number], all[damaged.count + number])
      guard left.shape == right.shape else {
        throw DataError(
          file: damaged[number], expected: "\(right.shape.imageSize) pixels (height x width) as in \(clean[number])",
          found: "\(left.shape.imageSize)", remedy: "Cut or resize one of the two images.")
      }
    }
    return (Array(all[..<damaged.count]), Array(all[damaged.count...]))
  }
}

extension ImageSet {
  /// One set of images that all have the size of the first.
  ///
  /// - Throws: `DataError` naming the first image of another size.
  package init(joining sets: [ImageSet], name: String, source: String) throws(DataError) {
    precondition(!sets.isEmpty, "at least one image is joined")
    if let other = sets.first(where: { $0.shape != sets[0].shape }) {
      throw DataError(
        file: other.source, expected: "\(sets[0].shape.imageSize) pixels (height x width) as in \(sets[0].name)",
        found: "\(other.shape.imageSize)",
        remedy: "Give images of one size, resize them, or train on patches of them: --crop 64.")
    }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(sets.reduce(0) { $0 + $1.pixels.count })
    for set in sets { pixels += set.pixels }
    self.init(shape: sets[0].shape, pixels: pixels, name: name, source: source)
    if sets.contains(where: { $0.values != nil }) {
      self = replacingValues(sets.flatMap { $0.withValues.values ?? [] })
    }
    hasPaper = sets[0].hasPaper
  }
}
