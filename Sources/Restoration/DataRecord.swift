import ImageSets
import Support

/// What a run was trained on: where it came from, how many images, and checksums over them and their labels.
package struct DataRecord: Codable, Equatable, Sendable {
  package var name: String
  package var source: String
  package var images: Int
  /// `ImageSet.checksum`, hexadecimal.
  package var checksum: String
  /// Over the labels, hexadecimal; "none" for a set without. Nil in records that were made when labels were not looked at.
  package var labels: String?

  /// "pictures" as files have had it from the first.
  private enum CodingKeys: String, CodingKey {
    case name, source, checksum, labels
    case images = "pictures"
  }

  package init(_ set: ImageSet) {
    name = set.name
    source = set.source
    images = set.count
    checksum = String(set.checksum, radix: 16)
    labels = set.labels.map { String(Self.checksum(of: $0), radix: 16) } ?? "none"
  }

  /// Of images that may be of several sizes and have damaged ones beside them.
  package init(_ images: TrainingImages) {
    self.init(images.clean[0])
    guard images.clean.count > 1 || images.damaged != nil else { return }
    (name, source, self.images, labels) = (images.name, images.source, images.count, "none")
    let sums = (images.clean + (images.damaged ?? [])).map(\.checksum.littleEndian)
    checksum = String(sums.withUnsafeBytes(Checksum.of), radix: 16)
  }

  private static func checksum(of labels: [Int]) -> UInt64 {
    labels.map { Int64($0).littleEndian }.withUnsafeBytes(Checksum.of)
  }

  /// How the images of `other` differ from these, in words: "297 images, other ones". Nil where they are the same,
  /// labels included where both records have them; names and places do not count.
  package func difference(of other: DataRecord) -> String? {
    guard checksum == other.checksum, images == other.images else {
      return "\(other.images) images, other ones"
    }
    guard let labels, let others = other.labels, labels != others else { return nil }
    return others == "none"
      ? "the same images without labels" : "the same images with other labels"
  }
}
