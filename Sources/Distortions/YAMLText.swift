import Foundation
import Support
import Yams

/// Values as YAML that people like to read: recipes, and plans that hold recipes.
package enum YAMLText {
  /// Reads back equal; keys stand in the order in which they are declared.
  package static func of(_ value: some Encodable) throws -> String {
    // Yams knows the order, but writes 30 as 3e+1 and rounds numbers to 15 digits. JSON has the shortest digits that
    // read back equal, and is YAML, too.
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let exact = try Yams.compose(yaml: String(decoding: encoder.encode(value), as: UTF8.self))
    let node = try Yams.compose(yaml: YAMLEncoder().encode(value))
    return try node.map { try Yams.serialize(node: merge($0, numbers: exact), allowUnicode: true) } ?? ""
  }

  private static func merge(_ node: Node, numbers: Node?) -> Node {
    switch node {
    case .scalar: return node.tag == Tag(.float) ? numbers ?? node : node
    case .sequence(let list):
      let isFlat = !list.contains { $0.scalar == nil }
      let merged = list.enumerated().map { merge($1, numbers: numbers?[$0]) }
      return Node(merged, Tag(.seq), isFlat ? .flow : .block)
    case .mapping(let mapping):
      return Node(mapping.map { ($0, merge($1, numbers: $0.string.flatMap { numbers?[$0] })) })
    case .alias: return node
    }
  }

  /// Decodes a whole file.
  ///
  /// - Throws: `SystemError` where it cannot be read, else as `read(_:from:file:what:remedy:)`.
  package static func read<Value: Decodable>(
    _ type: Value.Type, contentsOf path: String, what: String, remedy: String
  ) throws -> Value {
    guard let text = String(bytes: try Folder.read(path), encoding: .utf8) else {
      throw DataError(file: path, expected: what, found: "bytes that are no UTF-8 text", remedy: remedy)
    }
    return try read(type, from: text, file: path, what: what, remedy: remedy)
  }

  /// Decodes a whole text; `file` is what errors call it.
  ///
  /// - Throws: `DataError`: the one that the value's own `init(from:)` threw, or one that expects `what`; also for a key
  ///   that nothing reads.
  package static func read<Value: Decodable>(
    _ type: Value.Type, from text: String, file: String, what: String, remedy: String
  ) throws(DataError) -> Value {
    do {
      return try YAMLDecoder().decode(FullyRead<Value>.self, from: text).value
    } catch {
      // Yams hands on errors of its own and of `init(from:)` alike, wrapped up.
      if case DecodingError.dataCorrupted(let context) = error, var fault = context.underlyingError as? DataError {
        fault.file = file
        throw fault
      }
      throw DataError(file: file, expected: what, found: explain(error), remedy: remedy)
    }
  }
}
