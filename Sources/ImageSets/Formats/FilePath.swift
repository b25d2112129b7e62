import Support

/// The names of files, and which belong together.
package enum FilePath {
  /// What stands after the last slash.
  package static func name(of path: String) -> String {
    if StandardInput.isPath(path) { return StandardInput.name }
    return path.split(separator: "/").last.map(String.init) ?? path
  }

  /// What stands before it; "." where there is none.
  static func folder(of path: String) -> String {
    let folder = path.reversed().drop { $0 == "/" }.drop { $0 != "/" }.reversed()
    return folder.isEmpty ? "." : String(folder)
  }

  static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// Where the labels of the images in `path` stand if they have a file of their own: `y_…idx1…` for `X_…idx3…`,
  /// `…labels…` for `…images…`, and for other names, such as `a.npy`, `a-labels.npy`.
  static func labels(for path: String) -> String {
    var name = name(of: path)
    let folder = path.dropLast(name.count)
    if name.hasPrefix("X_") {
      name = "y_" + name.dropFirst(2)
    } else if let range = name.firstRange(of: "images") ?? name.firstRange(of: "imgs") {
      name.replaceSubrange(range, with: "labels")
    } else {
      let end = [".", "-idx"].compactMap { name.firstRange(of: $0)?.lowerBound }.min() ?? name.endIndex
      name.insert(contentsOf: "-labels", at: end)
    }
    for axes in ["idx3", "idx4"] {
      if let range = name.firstRange(of: axes) { name.replaceSubrange(range, with: "idx1") }
    }
    return folder + name
  }

  /// The labels' file that is there for images in `path`, with or without ".gz"; unpacked archives may hold each file in
  /// a folder of its own name.
  static func existingLabels(for path: String) -> String? {
    guard Folder.kind(of: path) == .file else { return nil }
    let partner = labels(for: path)
    let parent = folder(of: path)
    let isNested = name(of: parent) == name(of: path)
    let nested = isNested ? join(join(parent, ".."), name(of: partner)) + "/" + name(of: partner) : nil
    return existing(partner) ?? nested.flatMap(existing)
  }

  /// `path`, or the same with or without the ending ".gz": whichever is there.
  static func existing(_ path: String) -> String? {
    let other = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path + ".gz"
    return [path, other].first { Folder.kind(of: $0) == .file }
  }
}
