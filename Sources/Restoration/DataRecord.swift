import Groundwork
import ImageSets

/// What a run was trained on: where it came from, how many pictures, and checksums over them and their labels.
public struct DataRecord: Codable, Equatable, Sendable {
  public var name: String
  public var source: String
  public var pictures: Int
  /// `ImageSet.checksum`, hexadecimal.
  public var checksum: String
  /// Over the labels, hexadecimal; "none" for a set without. Nil in records that were made when labels were not looked at.
  public var labels: String?

  public init(_ set: ImageSet) {
    name = set.name
    source = set.source
    pictures = set.count
    checksum = String(set.checksum, radix: 16)
    labels = set.labels.map { String(Self.checksum(of: $0), radix: 16) } ?? "none"
  }

  private static func checksum(of labels: [Int]) -> UInt64 {
    labels.map { Int64($0).littleEndian }.withUnsafeBytes(Checksum.of)
  }

  /// How the pictures of `other` differ from these, in words: "297 pictures, other ones". Nil where they are the same,
  /// labels included where both records have them; names and places do not count.
  public func difference(of other: DataRecord) -> String? {
    guard checksum == other.checksum, pictures == other.pictures else {
      return "\(other.pictures) pictures, other ones"
    }
    guard let labels, let others = other.labels, labels != others else { return nil }
    return others == "none"
      ? "the same pictures without labels" : "the same pictures with other labels"
  }
}
