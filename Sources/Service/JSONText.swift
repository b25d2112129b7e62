import Foundation
import Hummingbird

/// Answers as JSON, names in snake case.
enum JSONText {
  static func bytes(_ value: some Encodable) -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    // Of values that are plain numbers and texts nothing can fail.
    return (try? encoder.encode(value)) ?? Data("{}".utf8)
  }

  static func response(_ value: some Encodable) -> Response {
    Response(
      status: .ok, headers: [.contentType: MediaTypes.json, .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(bytes: bytes(value))))
  }

  /// - Throws: `Fault` that says what is wrong and where.
  static func decode<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do { return try decoder.decode(type, from: Data(bytes)) } catch let error as DecodingError {
      throw Fault(.badRequest, "The body is no such JSON as is wanted: \(error.problem).")
    }
  }
}

extension DecodingError {
  fileprivate var problem: String {
    func place(_ context: Context) -> String {
      let path = context.codingPath.prefix(8).map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }
      return path.isEmpty ? "" : " at \(path.joined().drop { $0 == "." })"
    }
    return switch self {
    case .keyNotFound(let key, let context): "\"\(key.stringValue)\" is missing\(place(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "a value of another type is expected\(place(context))"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is not valid JSON, or nested too deeply" : "\(context.debugDescription)\(place(context))"
    @unknown default: "it cannot be read"
    }
  }
}
