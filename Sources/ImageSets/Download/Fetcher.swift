import Support

/// Brings published files into a folder, each under its name only when it is whole and right.
package struct Fetcher: Sendable {
  /// What has come of a file.
  package struct Progress: Sendable {
    package var file: String
    /// Bytes of the file that are here, those of earlier runs among them.
    package var received: Int
    /// Bytes of the whole file, if the server told.
    package var total: Int?
  }

  package enum Outcome: String, Sendable, Codable {
    case fetched
    /// Fetched behind the part that an earlier run had left.
    case resumed
    case alreadyThere = "already-there"
  }

  /// A file that is in its place now.
  package struct Arrival: Sendable, Equatable, Codable {
    package var name: String
    package var path: String
    package var bytes: Int
    /// The content's, with its kind: "MD5 9fb6…".
    package var checksum: String
    package var outcome: Outcome
  }

  package let address: String
  package let folder: String
  private let patience: Int

  /// - Parameters:
  ///   - address: http or https; the files' names follow it.
  ///   - patience: seconds to wait for a silent server.
  /// - Throws: `UsageError` for an address of another kind.
  package init(from address: String, into folder: String, patience: Int = 30) throws {
    guard ["http://", "https://"].contains(where: { address.lowercased().hasPrefix($0) && address.count > $0.count })
    else {
      throw UsageError(
        "'\(address)' is no address to fetch from", remedy: "Name one that begins with http:// or https://.")
    }
    self.address = address.hasSuffix("/") ? String(address.dropLast()) : address
    self.folder = folder
    self.patience = patience
  }

  /// Fetches the files that are not there yet; looks at those that are before it fetches any.
  ///
  /// - Throws: `DataError` if a file of that name and other content is there (it is not touched) or the server sends
  ///   other bytes (they are thrown away); `SystemError` for the network and the disk.
  package func fetch(_ files: [PublishedFile], progress: @escaping (Progress) -> Void = { _ in }) throws -> [Arrival] {
    let present = try files.map(lookForPresent)
    try Folder.create(folder)
    return try zip(files, present).map { file, arrival in try arrival ?? fetch(file, progress) }
  }

  private func path(of file: PublishedFile) -> String { "\(folder)/\(file.name)" }

  private func lookForPresent(_ file: PublishedFile) throws -> Arrival? {
    let path = path(of: file)
    guard Folder.kind(of: path) != .absent else { return nil }
    let bytes = try Folder.read(path)
    let found = file.checksum.same(of: bytes)
    guard found == file.checksum else {
      throw DataError(
        file: path, expected: "the published file (\(file.checksum))",
        found: "another one of \(bytes.count) bytes (\(found))",
        remedy: "It was not touched. Move it away, or fetch into another folder with --into.")
    }
    return Arrival(name: file.name, path: path, bytes: bytes.count, checksum: "\(found)", outcome: .alreadyThere)
  }

  private func fetch(_ file: PublishedFile, _ progress: @escaping (Progress) -> Void) throws -> Arrival {
    let part = try PartFile(of: path(of: file))
    var isResumed = part.size > 0
    if try !isResumed || !part.matches(file) {
      let source = "\(address)/\(file.name)"
      let download = {
        try HTTPDownload(address: source, part: part, patience: patience) { received, total in
          progress(Progress(file: file.name, received: received, total: total))
        }.run()
      }
      do { try download() } catch HTTPDownload.Failure.cannotResume {}
      if isResumed, try !part.matches(file) {
        // The old part is of another file, or the server cannot send the rest alone.
        isResumed = false
        try part.empty()
        try download()
      }
      try check(part, file, source)
    }
    try part.place()
    return Arrival(
      name: file.name, path: path(of: file), bytes: part.size, checksum: "\(file.checksum)",
      outcome: isResumed ? .resumed : .fetched)
  }

  private func check(_ part: PartFile, _ file: PublishedFile, _ source: String) throws {
    let found = try part.checksum(like: file.checksum)
    guard found == file.checksum else {
      let size = part.size
      try part.empty()
      throw DataError(
        file: source, expected: "the published file (\(file.checksum))", found: "\(size) other bytes (\(found))",
        remedy: "They were thrown away. Try again later, or name another address with --mirror.")
    }
  }
}
