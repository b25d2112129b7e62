import Support

extension ForeignFile {
  /// What a file is that is none of ours, by its beginning or, of a zip archive, by the names in it. Nil where these say
  /// nothing, or it cannot be read.
  package init?(at path: String) {
    guard Folder.kind(of: path) == .file, let head = try? FileStream(path).read(upTo: 512) else { return nil }
    if let image = ImageFileFormat(recognizing: head) {
      self.init(name: "a \(image.title) image", kind: .image, remedy: "Name a model's file or a run's folder.")
    } else if head.starts(with: NPY.magic) {
      self.init(name: "a numpy array", kind: .table, remedy: "Name a model's file or a run's folder.")
    } else if head.starts(with: Array("PK".utf8)), let archive = try? ZipArchive(path) {
      self.init(archive: archive.entries.map(\.name))
    } else {
      self.init(recognizing: head)
    }
  }
}
