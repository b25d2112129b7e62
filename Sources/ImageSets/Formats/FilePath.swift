import Support

/// The names of files, and which belong together.
enum FilePath {
  /// What stands after the last slash.
  static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// What stands before it; "." where there is none.
  static func folder(of path: String) -> String {
    let folder = path.dropLast(name(of: path).count)
    return folder.isEmpty ? "." : String(folder)
  }

  static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// Where the labels of the images in `path` stand if they have a file of their own: `y_…idx1…` for `X_…idx3…`,
  /// `…labels…` for `…images…`. Nil if the name follows neither custom.
  static func labels(for path: String) -> String? {
    var name = name(of: path)
    let folder = path.dropLast(name.count)
    if name.hasPrefix("X_") {
      name = "y_" + name.dropFirst(2)
    } else if let range = name.firstRange(of: "images") ?? name.firstRange(of: "imgs") {
      name.replaceSubrange(range, with: "labels")
    } else {
      return nil
    }
    for axes in ["idx3", "idx4"] {
      if let range = name.firstRange(of: axes) { name.replaceSubrange(range, with: "idx1") }
    }
    return folder + name
  }

  /// `path`, or the same with or without the ending ".gz": whichever is there.
  static func existing(_ path: String) -> String? {
    let other = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path + ".gz"
    return [path, other].first { Folder.kind(of: $0) == .file }
  }
}
