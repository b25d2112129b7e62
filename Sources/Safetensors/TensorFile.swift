import Foundation
import Support

/// Numbers with a shape, row-major: the last axis runs fastest.
package struct Tensor: Equatable, Sendable {
  package let shape: [Int]
  /// As many as the product of `shape`.
  package let values: [Float]

  /// - Precondition: as many values as the shape holds; an empty shape holds one.
  package init(shape: [Int], values: [Float]) {
    precondition(shape.allSatisfy { $0 >= 0 }, "a shape has no negative sizes")
    precondition(shape.reduce(1, *) == values.count, "\(values.count) values do not fill the shape \(shape)")
    self.shape = shape
    self.values = values
  }
}

/// A safetensors file: named tensors and a few named texts.
///
/// The format (Hugging Face, "Safetensors: a simple and safe way to store and distribute tensors"): eight bytes with
/// the header's length, little-endian; a JSON header that gives each tensor's `dtype`, `shape` and `data_offsets`, and
/// under `__metadata__` the texts; then the tensors' bytes without gaps.
package struct TensorFile: Equatable, Sendable {
  package var metadata: [String: String]
  /// By name.
  package var tensors: [String: Tensor]

  package init(metadata: [String: String] = [:], tensors: [String: Tensor] = [:]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// Writes the tensors. The same content gives the same bytes: everything is sorted by the names' UTF-8.
  ///
  /// - Parameter type: of each tensor's numbers, a floating-point type; those that are too large for it stay F32.
  /// - Throws: `SystemError`.
  /// - Precondition: no tensor is called `__metadata__`, a name that the format keeps for itself.
  package func write(to path: String, as type: (Tensor) -> ElementType = { _ in .float32 }) throws {
    precondition(tensors[Self.metadataKey] == nil, "the format keeps the name \(Self.metadataKey) for itself")
    let sorted = tensors.sorted { Self.precedes($0.key, $1.key) }
    let types = sorted.map { _, tensor in
      let wanted = type(tensor)
      return wanted == .float16 && !tensor.values.allSatisfy { abs($0) <= 65504 } ? .float32 : wanted
    }
    let header = try header(sorted, types)
    try WholeFile.write(to: path) { sink in
      try withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { try sink.write($0) }
      try sink.write(header)
      for ((_, tensor), type) in zip(sorted, types) {
        if type == .float16 {
          try tensor.values.map { Float16($0).bitPattern.littleEndian }.withUnsafeBytes { try sink.write($0) }
        } else {
          try tensor.values.withUnsafeBytes { try sink.write($0) }
        }
      }
    }
  }

  static let metadataKey = "__metadata__"

  private static func precedes(_ one: String, _ other: String) -> Bool {
    one.utf8.lexicographicallyPrecedes(other.utf8)
  }

  /// The JSON header, padded with spaces so that the data begin at a multiple of eight bytes.
  private func header(_ tensors: [(key: String, value: Tensor)], _ types: [ElementType]) throws -> String {
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = try metadata.sorted { Self.precedes($0.key, $1.key) }
        .map { "\(try json($0.key)):\(try json($0.value))" }
      members.append("\"\(Self.metadataKey)\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for ((name, tensor), type) in zip(tensors, types) {
      let end = offset + tensor.values.count * type.size
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(try json(name)):{\"dtype\":\"\(type.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    let text = "{\(members.joined(separator: ","))}"
    return text + String(repeating: " ", count: -text.utf8.count & 7)
  }

  private func json(_ text: String) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: try encoder.encode(text), as: UTF8.self)
  }
}
