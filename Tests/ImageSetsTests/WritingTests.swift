import Foundation
import ImageSets
import Support
import TestSupport
import Testing

/// Nothing half-written, whatever goes wrong.
@Suite(.serialized) struct WritingTests {
  static let names = ["images.idx", "a.csv", "images.npy", "a.npz", "a.csv.gz"]

  @Test(arguments: names)
  func placesThatCannotBeWritten(name: String) throws {
    let set = TinyImages.ramp(count: 2, height: 3, width: 3)
    try withTemporaryFolder { folder in
      try put("", "\(folder)/file")
      for place in ["\(folder)/file", "\(folder)/absent", "/proc"] {
        #expect(throws: SystemError.self) { try set.write(to: "\(place)/\(name)") }
      }
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
      #expect(throws: SystemError.self) { try set.write(to: "\(folder)/\(name)") }
      #expect(try everyName(in: folder).filter { $0 != "labels.idx" && $0 != "labels.npy" } == [name, "file"].sorted())
    }
  }

  /// A limit on the size of files stands for a full disk: writing fails in the middle.
  @Test(arguments: ["images.idx", "images.npy", "a.csv"])
  func fullDisk(name: String) throws {
    let small = TinyImages.ramp(count: 2, height: 3, width: 3)
    let shape = ImageSet.Shape(height: 1000, width: 1000, channels: 1)
    let large = ImageSet(
      shape: shape, pixels: [UInt8](repeating: 7, count: 80 * shape.size), labels: [Int](repeating: 1, count: 80),
      name: "", source: "")
    try withTemporaryFolder { folder in
      try small.write(to: "\(folder)/\(name)")
      let names = try everyName(in: folder)
      let error = try withFileSizeLimit(1 << 26) {
        #expect(throws: SystemError.self) { try large.write(to: "\(folder)/\(name)") }
      }
      #expect(error?.path == "\(folder)/\(name)")
      #expect(try everyName(in: folder) == names)
      let kept = try ImageSet.read("\(folder)/\(name)")
      #expect(kept.count == small.count)
      #expect(kept.labels == small.labels)
    }
  }

  /// Sets the limit for as long as `body` runs. It holds for all tests that run meanwhile: choose it above their files.
  private func withFileSizeLimit<Result>(_ bytes: UInt, _ body: () throws -> Result) throws -> Result {
    signal(SIGXFSZ, SIG_IGN)
    var before = rlimit()
    try #require(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before) == 0)
    var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: before.rlim_max)
    try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
    defer { _ = setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before) }
    return try body()
  }
}
