import Foundation

/// Types of numbers that inference requests are written in.
enum TensorType: String, Codable, CaseIterable {
  case uint8 = "UINT8"
  case float = "FP32"
  case int32 = "INT32"
  case int64 = "INT64"
  case bytes = "BYTES"

  /// Of one element; nil for texts, whose lengths differ.
  var size: Int? {
    switch self {
    case .uint8: 1
    case .float, .int32: 4
    case .int64: 8
    case .bytes: nil
    }
  }
}

/// A tensor of an answer.
struct OutputTensor {
  enum Values {
    case bytes([UInt8])
    case floats([Float])
    case integers([Int32])
    case longs([Int64])
    case texts([String])
  }

  var name: String
  var shape: [Int]
  var values: Values

  var type: TensorType {
    switch values {
    case .bytes: .uint8
    case .floats: .float
    case .integers: .int32
    case .longs: .int64
    case .texts: .bytes
    }
  }

  /// Little-endian, row by row; texts each with its length before it.
  var data: Data {
    func raw(_ numbers: [some Any]) -> Data { numbers.withUnsafeBytes { Data($0) } }
    return switch values {
    case .bytes(let values): Data(values)
    case .floats(let values): raw(values)
    case .integers(let values): raw(values)
    case .longs(let values): raw(values)
    case .texts(let values):
      values.reduce(into: Data()) { data, text in
        withUnsafeBytes(of: UInt32(text.utf8.count).littleEndian) { data.append(contentsOf: $0) }
        data.append(contentsOf: text.utf8)
      }
    }
  }
}

/// The numbers of a tensor in JSON: flat, or in lists of lists as its shape has them.
package struct FlatNumbers: Decodable, Sendable {
  package private(set) var values: [Double] = []

  private static let deepest = 5

  package init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    try collect(&container, depth: 1)
  }

  private mutating func collect(_ container: inout any UnkeyedDecodingContainer, depth: Int) throws {
    // What the first element is, all are: asking each for both would take twice as long.
    if var inner = try? container.nestedUnkeyedContainer() {
      guard depth < Self.deepest else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "lists are nested too deeply")
      }
      try collect(&inner, depth: depth + 1)
      while !container.isAtEnd {
        var inner = try container.nestedUnkeyedContainer()
        try collect(&inner, depth: depth + 1)
      }
      return
    }
    while !container.isAtEnd { values.append(try container.decode(Double.self)) }
  }
}
