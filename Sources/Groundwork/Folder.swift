#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reading files and folders, with errors that say which one and what to do.
public enum Folder {
  /// What stands at a path; all that is no folder counts as a file.
  public enum Kind: Sendable { case file, folder, absent }

  /// Follows links; what may not be looked at counts as absent.
  public static func kind(of path: String) -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .absent }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }

  /// Makes the folder and those above it; one that is there already is fine. Throws `SystemError`.
  public static func create(_ path: String) throws {
    if kind(of: path) == .folder { return }
    if let cut = path.lastIndex(of: "/"), cut != path.startIndex { try create(String(path[..<cut])) }
    if path.isEmpty || path.hasSuffix("/") { return }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST && kind(of: path) == .folder else {
      throw SystemError.last(operation: "create the folder", path: path)
    }
  }

  /// The names in a folder, sorted by their bytes, without "." and "..", hidden ones left out. Throws `SystemError`.
  public static func names(in path: String) throws -> [String] {
    guard let directory = opendir(path) else { throw SystemError.last(operation: "read the folder", path: path) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The whole file's bytes. Throws `SystemError`, also for a folder.
  public static func read(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw SystemError.last(operation: "read", path: path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError.last(operation: "read", path: path) }
    if status.st_mode & S_IFMT == S_IFDIR {
      errno = EISDIR
      throw SystemError.last(operation: "read", path: path)
    }
    var bytes: [UInt8] = []
    var capacity = max(1 << 16, Int(status.st_size) + 1)
    while true {
      let chunk = try [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        count = Glibc.read(descriptor, buffer.baseAddress!, buffer.count)
        if count < 0 {
          count = 0
          throw SystemError.last(operation: "read", path: path)
        }
      }
      if chunk.isEmpty { return bytes }
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      capacity = max(1 << 16, Int(status.st_size) - bytes.count + 1)
    }
  }
}
