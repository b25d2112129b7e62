import CTiddu
import ImageSets
import Support

/// A caller's images as a set, and pixels back into a caller's memory. Both are copied: a set owns what it holds.
enum Images {
  /// - Throws: `UsageError` for sizes, a type or numbers that no images have.
  static func set(_ images: UnsafePointer<tiddu_images>?) throws -> ImageSet {
    guard let images = images?.pointee else { throw missing("images") }
    let shape = try shape(images)
    let (size, overflows) = Int(images.count).multipliedReportingOverflow(by: shape.size)
    guard images.count >= 0, !overflows else {
      throw UsageError("\(images.count) images of \(shape) are too many", remedy: "Give fewer at a time.")
    }
    guard size > 0 else { return ImageSet(shape: shape, pixels: [], name: name, source: name) }
    guard let pixels = images.pixels else { throw missing("the images' pixels") }
    if isFloat(images) {
      let values = Array(UnsafeBufferPointer(start: pixels.assumingMemoryBound(to: Float.self), count: size))
      if let wrong = values.firstIndex(where: { !($0 >= 0 && $0 <= 1) }) {
        throw UsageError(
          "\(name), image \(wrong / shape.size): \(values[wrong]) is no number from 0 to 1",
          remedy: "Divide by the largest value there can be, such as 255, or give bytes (uint8).")
      }
      return ImageSet(shape: shape, values: values, name: name, source: name)
    }
    let bytes = Array(UnsafeBufferPointer(start: pixels.assumingMemoryBound(to: UInt8.self), count: size))
    return ImageSet(shape: shape, pixels: bytes, name: name, source: name)
  }

  /// A set's pixels, as numbers where they were given as such.
  static func write(_ set: ImageSet, to memory: UnsafeMutableRawPointer?, like images: UnsafePointer<tiddu_images>?)
    throws
  {
    guard set.count > 0 else { return }
    guard let memory, let images else { throw missing("memory for the result") }
    if isFloat(images.pointee) {
      (set.values ?? PixelScaling.numbers(set.pixels)).withUnsafeBytes { memory.copyMemory(from: $0) }
    } else {
      set.pixels.withUnsafeBytes { memory.copyMemory(from: $0) }
    }
  }

  /// - Throws: `UsageError` where a model takes others.
  static func check(_ set: ImageSet, for shape: ImageSet.Shape?, anySize: Bool, model: String) throws {
    guard let shape, set.shape != shape, !(anySize && set.shape.channels == shape.channels) else { return }
    let size = anySize ? "any size with \(shape.channels) channel\(shape.channels == 1 ? "" : "s")" : "\(shape)"
    throw UsageError(
      "\(model) takes images of \(size), and these have \(set.shape)",
      remedy: "Resize them, make them grey or coloured as it wants, or choose another model.")
  }

  static func missing(_ what: String) -> UsageError {
    UsageError("\(what): a null pointer", remedy: "Give memory that holds as many as tiddu.h says.")
  }

  private static let name = "images"

  private static func isFloat(_ images: tiddu_images) -> Bool { images.type == Int32(TIDDU_FLOAT32) }

  private static func shape(_ images: tiddu_images) throws -> ImageSet.Shape {
    guard (0...1).contains(images.type) else {
      throw UsageError("\(name) have the type \(images.type)", remedy: "Give bytes (0) or floats (1).")
    }
    let largest: Int64 = 1 << 20
    guard (1...largest).contains(images.height), (1...largest).contains(images.width),
      images.channels == 1 || images.channels == 3
    else {
      throw UsageError(
        "\(name) have \(images.height) rows, \(images.width) columns and \(images.channels) channels",
        remedy: "Give images of at least one pixel, with one channel (grey) or three (colour).")
    }
    return .init(height: Int(images.height), width: Int(images.width), channels: Int(images.channels))
  }
}

extension UnsafeMutableRawPointer {
  fileprivate func copyMemory(from bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    copyMemory(from: start, byteCount: bytes.count)
  }
}
