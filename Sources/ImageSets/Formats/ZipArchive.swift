import CZip
import Glibc
import Support

/// A zip archive that is read, through libzip.
package final class ZipArchive {
  package struct Entry {
    package let name: String
    let index: UInt64
    let compressedSize: Int
  }

  package let path: String
  package private(set) var entries: [Entry] = []
  private let handle: OpaquePointer

  package init(_ path: String) throws {
    self.path = path
    var code: Int32 = 0
    guard let handle = zip_open(path.systemBytes, ZIP_RDONLY, &code) else {
      var error = zip_error_t()
      zip_error_init_with_code(&error, code)
      defer { zip_error_fini(&error) }
      throw Self.refusal(error, path)
        ?? DataError(
          file: path, expected: "a zip archive", found: String(cString: zip_error_strerror(&error)),
          remedy: "The file is damaged or cut short: fetch or make it again.")
    }
    self.handle = handle
    for index in 0..<UInt64(max(0, zip_get_num_entries(handle, 0))) { entries.append(try entry(at: index)) }
  }

  deinit { zip_discard(handle) }

  private func entry(at index: UInt64) throws -> Entry {
    var status = zip_stat_t()
    guard zip_stat_index(handle, index, 0, &status) == 0, let name = status.name else {
      throw failure("entry \(index)")
    }
    let place = "entry \(String(excerptOf: String(cString: name).utf8))"
    guard status.encryption_method == UInt16(ZIP_EM_NONE) else {
      throw DataError(
        file: path, place: place, expected: "plain data", found: "an encrypted entry",
        remedy: "Unpack the archive with its password and save the arrays with numpy.savez.")
    }
    guard [ZIP_CM_STORE, ZIP_CM_DEFLATE].contains(Int32(status.comp_method)) else {
      throw DataError(
        file: path, place: place, expected: "data stored as it is or deflated",
        found: "compression method \(status.comp_method)", remedy: "Save the arrays with numpy.savez.")
    }
    return Entry(name: String(cString: name), index: index, compressedSize: Int(clamping: status.comp_size))
  }

  /// Entries that are files, in the natural order of their names, but for those that systems hide or add.
  var files: [Entry] {
    entries.filter { entry in
      let parts = entry.name.split(separator: "/")
      return !entry.name.hasSuffix("/") && !parts.contains { $0.hasPrefix(".") || $0 == "__MACOSX" }
    }.sorted { ImageListing.naturally($0.name, $1.name) }
  }

  package func open(_ entry: Entry, fileSize: Int) throws -> ZipEntryStream {
    guard let file = zip_fopen_index(handle, entry.index, 0) else {
      throw failure("entry \(String(excerptOf: entry.name.utf8))")
    }
    return ZipEntryStream(archive: self, entry: entry, file: file, compressedSize: min(entry.compressedSize, fileSize))
  }

  /// What the system refused, and is no fault of the file; nil for what is. A place that a damaged file names is refused as
  /// EINVAL.
  private static func refusal(_ error: zip_error_t, _ path: String) -> (any Error)? {
    var error = error
    let code = zip_error_code_system(&error)
    guard zip_error_system_type(&error) == ZIP_ET_SYS, code != 0, code != EINVAL else { return nil }
    return SystemError.of(code, operation: "read", path: path)
  }

  private func failure(_ place: String) -> any Error {
    let error = zip_get_error(handle)
    if let refusal = error.flatMap({ Self.refusal($0.pointee, path) }) { return refusal }
    let reason = error.map { String(cString: zip_error_strerror($0)) } ?? "something else"
    return DataError(
      file: path, place: place, expected: "a readable entry", found: reason,
      remedy: "The file is damaged: fetch or make it again.")
  }

  /// The bytes of an archive with these entries, deflated. Always the same for the same entries: none has a time.
  package static func bytes(of contents: [(name: String, bytes: [UInt8])], path: String) throws -> [UInt8] {
    var error = zip_error_t()
    func failure() -> SystemError {
      SystemError(
        operation: "write", path: path, reason: String(cString: zip_error_strerror(&error)), remedy: "Try again.")
    }
    guard let source = zip_source_buffer_create(nil, 0, 0, &error) else { throw failure() }
    defer { zip_source_free(source) }
    zip_source_keep(source)
    guard let handle = zip_open_from_source(source, ZIP_TRUNCATE, &error) else {
      zip_source_free(source)
      throw failure()
    }
    // Libzip reads the entries' bytes when the archive is closed: they must stay where they are until then.
    let copies = contents.map { content in
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: content.bytes.count, alignment: 16)
      copy.copyBytes(from: content.bytes)
      return copy
    }
    defer { for copy in copies { copy.deallocate() } }
    for (content, copy) in zip(contents, copies) {
      let entry = zip_source_buffer(handle, copy.baseAddress, UInt64(copy.count), 0)
      let index = zip_file_add(handle, content.name, entry, zip_flags_t(ZIP_FL_ENC_UTF_8))
      // 1 January 1980, the first day of zip's calendar.
      guard index >= 0, zip_file_set_dostime(handle, UInt64(index), 0, 1 << 5 | 1, 0) == 0 else {
        zip_source_free(index >= 0 ? nil : entry)
        zip_discard(handle)
        throw failure()
      }
    }
    guard zip_close(handle) == 0 else {
      zip_discard(handle)
      throw failure()
    }
    return try readBack(source) ?? { throw failure() }()
  }

  private static func readBack(_ source: OpaquePointer) throws -> [UInt8]? {
    var status = zip_stat_t()
    guard zip_source_stat(source, &status) == 0, zip_source_open(source) == 0 else { return nil }
    defer { zip_source_close(source) }
    let size = Int(status.size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
      filled = max(0, Int(zip_source_read(source, buffer.baseAddress, UInt64(size))))
    }
    return bytes.count == size ? bytes : nil
  }
}

/// One entry's bytes, unpacked.
package final class ZipEntryStream: ByteStream {
  package let file: String
  package let bound: Int
  package private(set) var position = 0
  private let handle: OpaquePointer
  /// Kept open as long as its entry is read.
  private let archive: ZipArchive

  fileprivate init(archive: ZipArchive, entry: ZipArchive.Entry, file: OpaquePointer, compressedSize: Int) {
    self.archive = archive
    self.file = "\(archive.path), entry \(String(excerptOf: entry.name.utf8))"
    handle = file
    let (product, overflows) = compressedSize.multipliedReportingOverflow(by: 1032)
    bound = overflows ? .max : product
  }

  deinit { zip_fclose(handle) }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = zip_fread(handle, buffer.baseAddress! + filled, UInt64(buffer.count - filled))
      guard count >= 0 else {
        throw DataError(
          file: file, place: "byte \(position + filled)", expected: "packed data",
          found: String(cString: zip_file_strerror(handle)),
          remedy: "The file is damaged: fetch or make it again.")
      }
      if count == 0 { break }
      filled += Int(count)
    }
    position += filled
    return filled
  }
}
