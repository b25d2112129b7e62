import Support

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What has come of a file so far, in `<path>.part` beside it; it gets its real name only when it is whole.
///
/// A part that holds any bytes outlives errors and kills, so that the next run goes on behind it.
final class PartFile {
  /// The file's path once it is whole.
  let target: String
  /// Bytes in the part.
  private(set) var size: Int
  private let path: String
  private let descriptor: Int32

  init(of target: String) throws {
    self.target = target
    path = target + ".part"
    descriptor = open(path.systemBytes, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw SystemError.last(operation: "write", path: path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      close(descriptor)
      throw SystemError.last(operation: "read", path: path)
    }
    size = Int(status.st_size)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw SystemError(
        operation: "write", path: path, reason: "another run is fetching this file",
        remedy: "Wait for it to end, or choose another folder.")
    }
  }

  deinit {
    if size == 0 { unlink(path.systemBytes) }
    close(descriptor)
  }

  /// The content's, of the same kind as another.
  func checksum(like other: FileChecksum) throws -> FileChecksum { other.same(of: try Folder.read(path)) }

  func matches(_ file: PublishedFile) throws -> Bool { try checksum(like: file.checksum) == file.checksum }

  func append(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while !rest.isEmpty {
      let written = try Descriptor.write(rest, to: descriptor, path: path)
      size += written
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  /// Throws the bytes away.
  func empty() throws {
    guard ftruncate(descriptor, 0) == 0 else { throw SystemError.last(operation: "write", path: path) }
    size = 0
  }

  /// Gives the whole file its name, unless something else has taken it meanwhile.
  func place() throws {
    guard fsync(descriptor) == 0 else { throw SystemError.last(operation: "write", path: path) }
    if access(target.systemBytes, F_OK) == 0 {
      errno = EEXIST
    } else if rename(path.systemBytes, target.systemBytes) == 0 {
      return try Folder.sync(Folder.parent(of: target))
    }
    throw SystemError.last(operation: "write", path: target)
  }
}
