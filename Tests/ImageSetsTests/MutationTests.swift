import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// Files with bytes changed, cut off or put in, thousands of them, the same each time: reading may fail, with one of
/// the three kinds of errors, but never crash.
@Suite struct MutationTests {
  @Test(arguments: [
    "images.idx", "images.idx.gz", "a.csv", "a.csv.gz", "images.npy", "floats.npy", "a.npz", "labels.npy",
  ])
  func mutatedFiles(name: String) throws {
    try withFolderInMemory { folder in
      let path = "\(folder)/\(name)"
      try writeValid(name, to: path)
      let valid = try Folder.read(path)
      var failures = 0
      for index in 0..<1500 {
        try put(mutated(valid, index: index), path)
        do {
          let contents = try Contents.read(path, options: ReadOptions(largestSize: 1 << 24))
          if case .images(let set) = contents { #expect(set.images.count > 0) }
        } catch {
          #expect(error is DataError || error is UsageError || error is SystemError, "\(index): \(error)")
          failures += 1
        }
      }
      #expect(failures > 100)
    }
  }

  /// Twelve thousand small files would wait for a busy disk.
  private func withFolderInMemory(_ body: (String) throws -> Void) throws {
    guard Folder.kind(of: "/dev/shm") == .folder else { return try withTemporaryFolder(body) }
    let folder = "/dev/shm/tiddu-\(UUID().uuidString)"
    try Folder.create(folder)
    defer { try? removeFile(folder) }
    try body(folder)
  }

  private func writeValid(_ name: String, to path: String) throws {
    let set = TinyImages.ramp(count: 3, height: 4, width: 4, labels: name.hasPrefix("a."))
    if name == "labels.npy" { return try Labels([1, 2, 300], name: "", source: "").write(to: path) }
    guard name == "floats.npy" else { return try set.write(to: path) }
    var bytes = NPYHeader(type: "<f8", shape: [3, 4, 4]).bytes
    for pixel in set.pixels { withUnsafeBytes(of: Double(pixel).bitPattern.littleEndian) { bytes += $0 } }
    try put(bytes, path)
  }

  private func mutated(_ valid: [UInt8], index: Int) -> [UInt8] {
    var random = Philox(seed: 1, index: index)
    var bytes = valid
    for _ in 0...random.integer(below: 3) {
      let place = random.integer(below: max(1, bytes.count))
      switch random.integer(below: 8) {
      case 0: bytes.removeSubrange(min(place, bytes.count)...)
      case 1: bytes.insert(UInt8(random.integer(below: 256)), at: min(place, bytes.count))
      case 2: if !bytes.isEmpty { bytes.remove(at: place) }
      case 3:
        if !bytes.isEmpty { bytes[place] = [0, 0x2C, 0x0A, 0x0D, 0x22, 0x39, 0x7F, 0xFF][random.integer(below: 8)] }
      // Headers stand at the beginning: hit them more often than their length would have it.
      case 4, 5:
        if !bytes.isEmpty {
          bytes[min(place, random.integer(below: 100)) % bytes.count] ^= UInt8(1 << random.integer(below: 8))
        }
      default: if !bytes.isEmpty { bytes[place] ^= UInt8(1 << random.integer(below: 8)) }
      }
    }
    return bytes
  }
}
