import CKernels
import Support

extension KaggleCSV {
  /// Writes `label` and the pixels or, without labels, `id` (from 0) and the pixels.
  static func write(_ set: ImageSet, to path: String, compressed: Bool, in group: FileGroup?) throws {
    let size = set.shape.size
    let first = set.labels ?? Array(0..<set.count)
    try check(first, path: path)
    var header = set.labels == nil ? "id" : "label"
    for pixel in 0..<size { header += ",pixel\(pixel)" }
    try Gzip.write(to: path, compressed: compressed, in: group) { write in
      try Array((header + "\n").utf8).withUnsafeBytes(write)
      // Some rows at a time, so that their text stays in the processor's caches.
      let rows = max(1, (1 << 22) / size)
      for start in stride(from: 0, to: set.count, by: rows) {
        let batch = start..<min(start + rows, set.count)
        let texts = Threads.mapRanges(of: batch.count, grain: max(1, (1 << 16) / size)) { part in
          text(
            of: set.pixels, size: size, first: first,
            rows: batch.lowerBound + part.lowerBound..<batch.lowerBound + part.upperBound)
        }
        for text in texts { try text.withUnsafeBytes(write) }
      }
    }
  }

  /// Writes `id` (from 0) and `label`.
  static func write(_ labels: Labels, to path: String, compressed: Bool, in group: FileGroup?) throws {
    try check(labels.values, path: path)
    var text = "id,label\n"
    for (id, label) in labels.values.enumerated() { text += "\(id),\(label)\n" }
    try Gzip.write(to: path, compressed: compressed, in: group) { try Array(text.utf8).withUnsafeBytes($0) }
  }

  static func check(_ labels: [Int], path: String) throws {
    if let negative = labels.first(where: { $0 < 0 }) {
      throw UsageError("\(path): the label \(negative) is negative", remedy: "Number the labels from 0.")
    }
  }

  private static func text(of pixels: [UInt8], size: Int, first: [Int], rows: Range<Int>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: rows.count * (24 + 4 * size)) { text, filled in
      pixels.withUnsafeBufferPointer { pixels in
        for row in rows {
          filled += kernels_csv_write(
            Int64(first[row]), pixels.baseAddress! + row * size, size, text.baseAddress! + filled)
        }
      }
    }
  }
}
