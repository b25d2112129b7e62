#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reading files and folders, with errors that say which one and what to do.
package enum Folder {
  /// What stands at a path; all that is no folder counts as a file.
  package enum Kind: Sendable { case file, folder, absent }

  /// Follows links; what may not be looked at counts as absent.
  package static func kind(of path: String) -> Kind {
    switch content(of: path) {
    case .nothing: .absent
    case .folder: .folder
    default: .file
    }
  }

  /// What a path leads to, links followed, in words.
  package enum Content: String, Sendable {
    case regular = "a regular file"
    case folder = "a folder"
    case pipe = "a pipe"
    case device = "a device"
    case socket = "a socket"
    case nothing = "a link to nothing"
  }

  package static func content(of path: String) -> Content {
    var status = stat()
    guard stat(path.systemBytes, &status) == 0 else { return .nothing }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .regular
    case S_IFDIR: return .folder
    case S_IFIFO: return .pipe
    case S_IFSOCK: return .socket
    default: return .device
    }
  }

  /// Makes the folder and those above it; one that is there already is fine, and a link leads to where it is made.
  ///
  /// - Returns: those that were made, the outermost first.
  /// - Throws: `SystemError`; `UsageError` for an empty path.
  @discardableResult
  package static func create(_ path: String) throws -> [String] {
    guard !path.isEmpty else {
      throw UsageError("a folder without a name is to be made", remedy: "Name one.")
    }
    if kind(of: path) == .folder { return [] }
    if path.hasSuffix("/") { return try create(String(path.dropLast())) }
    var made: [String] = []
    if let cut = path.lastIndex(of: "/"), cut != path.startIndex { made = try create(String(path[..<cut])) }
    if mkdir(path.systemBytes, 0o777) == 0 {
      made.append(path)
      do { try sync(parent(of: path)) } catch {
        remove(made)
        throw error
      }
      return made
    }
    let code = errno
    if code == EEXIST, kind(of: path) == .folder { return made }
    do {
      if code == EEXIST, let target = OutputTarget.nothing(behind: path) { return made + (try create(target)) }
      errno = code
      throw SystemError.last(operation: "create the folder", path: path)
    } catch {
      remove(made)
      throw error
    }
  }

  /// The folder that a path's last name stands in.
  package static func parent(of path: String) -> String {
    guard let cut = path.lastIndex(of: "/") else { return path == "." ? "/" : "." }
    return cut == path.startIndex ? "/" : String(path[..<cut])
  }

  /// Waits until the names in a folder are on the disk, so that a loss of power leaves them as they are; throws `SystemError`.
  package static func sync(_ path: String) throws {
    let descriptor = open(path.systemBytes, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      // A folder that may be written to and not be read cannot be synced, nor can those of some file systems.
      if errno == EACCES { return }
      throw SystemError.last(operation: "write", path: path)
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw SystemError.last(operation: "write", path: path)
    }
  }

  /// Takes away folders that `create` has made, where nothing has come to lie in them.
  package static func remove(_ made: [String]) {
    for folder in made.reversed() { rmdir(folder.systemBytes) }
  }

  /// The names in a folder, sorted by their bytes, without "." and "..", hidden ones left out. Throws `SystemError`.
  package static func names(in path: String) throws -> [String] {
    guard let directory = opendir(path.systemBytes) else {
      throw SystemError.last(operation: "read the folder", path: path)
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { SystemName.text($0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The whole file's bytes.
  ///
  /// - Parameter most: bytes that it may have.
  /// - Throws: `SystemError` where it cannot be read or is no regular file (what comes through a pipe or from a device may
  ///   never end), `DataError` where it is larger.
  package static func read(_ path: String, most: Int = 1 << 31) throws -> [UInt8] {
    let (descriptor, size) = try openRegular(path)
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var capacity = min(most, size) + 1
    while true {
      let chunk = try [UInt8](unsafeUninitializedCapacity: max(1 << 16, capacity)) { buffer, count in
        count = try Descriptor.read(descriptor, into: UnsafeMutableRawBufferPointer(buffer), path: path)
      }
      if chunk.isEmpty { return bytes }
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      guard bytes.count <= most else {
        throw DataError(
          file: path, expected: "at most \(grouped(most)) bytes", found: "more", remedy: "Name a smaller file.")
      }
      capacity = size - bytes.count + 1
    }
  }

  /// A regular file to read, and how many bytes it has. The descriptor is the caller's to close.
  ///
  /// - Throws: `SystemError` where it cannot be opened or is another kind of file.
  package static func openRegular(_ path: String) throws -> (descriptor: Int32, size: Int) {
    // Without O_NONBLOCK, a pipe that nobody writes to would never open.
    let descriptor = open(path.systemBytes, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw SystemError.last(operation: "read", path: path) }
    do {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw SystemError.last(operation: "read", path: path) }
      try checkRegular(status, path)
      return (descriptor, max(0, Int(status.st_size)))
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Whether a path leads to what a descriptor has open.
  package static func isOpen(_ path: String, as descriptor: Int32) -> Bool {
    var opened = stat()
    return fstat(descriptor, &opened) == 0 && identity(of: path) == Identity(opened)
  }

  /// What two paths share that lead to one file.
  package struct Identity: Hashable {
    private let device: dev_t
    private let inode: ino_t

    fileprivate init(_ status: stat) { (device, inode) = (status.st_dev, status.st_ino) }
  }

  /// Nil where nothing is there.
  package static func identity(of path: String) -> Identity? {
    var status = stat()
    return stat(path.systemBytes, &status) == 0 ? Identity(status) : nil
  }

  private static func checkRegular(_ status: stat, _ path: String) throws {
    let kind = status.st_mode & S_IFMT
    if kind == S_IFREG { return }
    if kind == S_IFDIR {
      errno = EISDIR
      throw SystemError.last(operation: "read", path: path)
    }
    throw SystemError(
      operation: "read", path: path, reason: "it is no regular file",
      remedy: "Give a file; what comes through a pipe must be saved first.")
  }
}
