import Support

extension StoredImages {
  /// The files that `write` would write.
  package func outputs(to path: String, format: Format, labels: LabelWriting = .beside) -> [String] {
    if format == .images {
      let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
      return fileNames.map { FilePath.join(folder, $0) }
    }
    return [path] + [labelFile(for: path, format: format, labels)].compactMap(\.self)
  }

  /// Names below a folder, each with the ending of an image file.
  var fileNames: [String] {
    (files?.map(\.name) ?? ImageFolder.numbered(images)).map { ImageFileFormat(named: $0) == nil ? $0 + ".png" : $0 }
  }

  /// What `write` would refuse, told without writing: images that the format cannot hold, and places where nothing can be
  /// written.
  ///
  /// - Throws: `UsageError`, `SystemError`.
  package func check(
    to path: String, format: Format, type: NumberType? = nil, labels: LabelWriting = .beside
  ) throws {
    _ = try stored(as: type, in: format, path: path)
    switch format {
    case .archive, .cifar: throw Format.notWritten(path)
    case .images: return try OutputTarget.check(path, isFolder: true)
    case .image:
      let file = ImageFileFormat(named: path) ?? files?.first?.pages[0].format
      if file != .tiff, images.count > 1 { throw ImageFileFormat.holdsOne(path, images.count) }
    case .idx:
      if let labels = images.labels, labelFile(for: path, format: format) != nil { try IDX.check(labels, path: path) }
    case .csv: try KaggleCSV.check(images.labels ?? [], path: path)
    case .npy, .npz: break
    }
    for output in outputs(to: path, format: format, labels: labels) { try OutputTarget.check(output) }
  }
}
