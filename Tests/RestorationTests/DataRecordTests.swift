import Foundation
import ImageSets
import Restoration
import Support
import TestSupport
import Testing

/// A run goes on with its own images and labels, and with no others.
@Suite struct DataRecordTests {
  private static func relabelled(_ labels: [Int]?) -> ImageSet {
    let digits = Small.digits
    return ImageSet(
      shape: digits.shape, pixels: digits.pixels, labels: labels, name: digits.name, source: digits.source)
  }
  private static let turned = relabelled(Small.digits.labels.map { $0.map { 9 - $0 } })
  private static let bare = relabelled(nil)

  @Test func labelsCountLikeImages() {
    let record = DataRecord(Small.digits)
    #expect(record.difference(of: DataRecord(Small.digits)) == nil)
    #expect(record.difference(of: DataRecord(Self.turned)) == "the same images with other labels")
    #expect(record.difference(of: DataRecord(Self.bare)) == "the same images without labels")
    #expect(DataRecord(Self.bare).difference(of: record) == "the same images with other labels")
    #expect(record.difference(of: DataRecord(Small.digits.prefix(69))) == "69 images, other ones")
  }

  /// Two labels that change places are other labels.
  @Test func theirOrderCounts() throws {
    var labels = try #require(Small.digits.labels)
    let other = try #require(labels.firstIndex { $0 != labels[0] })
    labels.swapAt(0, other)
    #expect(DataRecord(Small.digits).difference(of: DataRecord(Self.relabelled(labels))) != nil)
  }

  @Test func recordsWithoutLabelsAreReadAndCompareByImages() throws {
    let text = Data(#"{"name": "digits", "source": "s", "pictures": 70, "checksum": "12e5"}"#.utf8)
    var old = try JSONDecoder().decode(DataRecord.self, from: text)
    #expect(old.labels == nil && old.images == 70)
    old.checksum = DataRecord(Small.digits).checksum
    for set in [Small.digits, Self.turned, Self.bare] { #expect(old.difference(of: DataRecord(set)) == nil) }
    #expect(String(decoding: try JSONEncoder().encode(old), as: UTF8.self).contains("labels") == false)
  }

  @Test func aRunIsNotResumedWithOtherLabels() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder(folder)
      try Trainer(Small.plan(), training: Small.digits, into: run).run(until: 1)
      for (set, word) in [(Self.turned, "other labels"), (Self.bare, "without labels")] {
        let error = #expect(throws: DataError.self) { try Trainer(resuming: run, training: set) }
        #expect(error?.found.contains(word) == true, "\(String(describing: error))")
      }
      #expect(try Trainer(resuming: run, training: Small.digits).history.records.count == 1)
    }
  }

  /// As it was left by a tiddu that did not look at labels: config.yaml and the checkpoints say nothing of them.
  @Test func aRunWithoutARecordOfLabelsGoesOn() throws {
    try withTemporaryFolder { folder in
      let run = RunFolder(folder)
      try Trainer(Small.plan(), training: Small.digits, into: run).run(until: 1)
      let record = try #require(DataRecord(Small.digits).labels)
      for path in [run.config, run.optimizer, run.last, run.best] {
        var bytes = try Folder.read(path)
        for line in ["    labels: \(record)\n", "  labels: \(record)\n", ",\\\"labels\\\":\\\"\(record)\\\""] {
          guard let range = bytes.firstRange(of: Array(line.utf8)) else { continue }
          // Of the same length, since a safetensors file says its header's.
          let isText = path == run.config
          bytes.replaceSubrange(range, with: isText ? [] : [UInt8](repeating: 0x20, count: range.count))
        }
        #expect(!String(decoding: bytes, as: UTF8.self).contains(record), "\(path)")
        try WholeFile.write(bytes, to: path)
      }
      #expect(try run.plan().data?.labels == nil)
      let trainer = try Trainer(resuming: run, training: Self.turned)
      #expect(trainer.history.records.count == 1)
      #expect(try trainer.run().records.count == 3)
    }
  }
}
