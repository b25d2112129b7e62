#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where bytes for a path go, once links are followed.
package enum OutputTarget {
  /// A regular file, or a name that nothing has yet.
  case file(String)
  /// An open descriptor, the caller's to close, of a pipe, a device or what `/dev/stdout` and its like lead to: nothing
  /// that could be written beside and renamed.
  case stream(Int32)

  /// Throws a `SystemError` where a file, or a folder with files in it, could not be written to `path`; changes nothing.
  package static func check(_ path: String, isFolder: Bool = false) throws {
    guard case (var place, false) = isFolder ? (path, false) : try end(of: path) else { return }
    func refuse(_ code: Int32) -> SystemError {
      errno = code
      return SystemError.last(operation: "write", path: path)
    }
    if isFolder {
      while place.count > 1, place.hasSuffix("/") { place.removeLast() }
      if Folder.kind(of: place) == .file { throw refuse(ENOTDIR) }
      // Folders that are missing will be made.
      while Folder.kind(of: place) == .absent { place = Folder.parent(of: place) }
    } else {
      place = Folder.parent(of: place)
    }
    guard access(place.systemBytes, W_OK | X_OK) == 0 else { throw refuse(errno) }
    if Folder.kind(of: place) != .folder { throw refuse(ENOTDIR) }
  }

  private static let mostLinks = 40

  /// Throws `SystemError` for folders, links in a circle and what cannot be opened.
  init(_ path: String) throws {
    let (place, isStream) = try Self.end(of: path)
    self = isStream ? .stream(try Self.open(place, as: path)) : .file(place)
  }

  /// Where a link's way ends, if nothing stands there yet; nil for all else.
  static func nothing(behind link: String) -> String? {
    guard let end = try? end(of: link), end.place != link, Folder.kind(of: end.place) == .absent else { return nil }
    return end.place
  }

  /// Follows links; opens nothing. Throws `SystemError` for folders and links in a circle.
  private static func end(of path: String) throws -> (place: String, isStream: Bool) {
    var place = path
    for _ in 0..<mostLinks {
      var status = stat()
      // What is wrong with a name that cannot be looked at, writing will say.
      guard lstat(place.systemBytes, &status) == 0 else { return (place, false) }
      switch status.st_mode & S_IFMT {
      case S_IFREG: return (place, false)
      case S_IFLNK where !isOpenDescriptor(status): place = try follow(place, as: path)
      case S_IFDIR:
        errno = EISDIR
        throw SystemError.last(operation: "write", path: path)
      default: return (place, true)
      }
    }
    errno = ELOOP
    throw SystemError.last(operation: "write", path: path)
  }

  /// Links of the proc file system, such as `/proc/self/fd/1`, lead to open files, which need not have a name.
  private static func isOpenDescriptor(_ link: stat) -> Bool {
    var proc = stat()
    return stat("/proc/self/fd", &proc) == 0 && proc.st_dev == link.st_dev
  }

  private static func follow(_ link: String, as path: String) throws -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(link.systemBytes, &buffer, buffer.count)
    guard count > 0 else { throw SystemError.last(operation: "write", path: path) }
    let next = SystemName.text(buffer[..<count].map(UInt8.init(bitPattern:)))
    guard !next.hasPrefix("/"), let cut = link.lastIndex(of: "/") else { return next }
    return link[...cut] + next
  }

  /// A descriptor of our own is used as it is, with its place in the file; anything else is opened anew.
  private static func open(_ place: String, as path: String) throws -> Int32 {
    let number =
      place.hasPrefix("/proc/self/fd/") || place.hasPrefix("/dev/fd/")
      ? place.split(separator: "/").last.flatMap { Int32($0) } : nil
    let descriptor = number.map { dup($0) } ?? Glibc.open(place.systemBytes, O_WRONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw SystemError.last(operation: "write", path: path) }
    return descriptor
  }
}
