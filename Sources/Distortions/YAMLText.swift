import Foundation
import Groundwork
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
  /// - Throws: `DataError`: the one that the value's own `init(from:)` threw, or one that expects `what`.
  package static func read<Value: Decodable>(
    _ type: Value.Type, from text: String, file: String, what: String, remedy: String
  ) throws(DataError) -> Value {
    do {
      return try YAMLDecoder().decode(type, from: text)
    } catch {
      // Yams hands on errors of its own and of `init(from:)` alike, wrapped up.
      if case DecodingError.dataCorrupted(let context) = error, var fault = context.underlyingError as? DataError {
        fault.file = file
        throw fault
      }
      throw DataError(file: file, expected: what, found: explain(error), remedy: remedy)
    }
  }

  /// Throws a `DataError` where the text is a mapping with a key that is not `known`: nothing would read it.
  ///
  /// - Parameter place: looks at the mapping under this key of the text's own, where there is one.
  package static func checkKeys(of text: String, file: String, at place: String? = nil, known: [String])
    throws(DataError)
  {
    // What cannot be parsed, decoding has told of.
    guard var node = try? Yams.compose(yaml: text) else { return }
    if let place {
      guard let inner = node[place] else { return }
      node = inner
    }
    let keys = node.mapping?.keys.compactMap(\.string) ?? []
    guard let unknown = keys.first(where: { !known.contains($0) }) else { return }
    throw DataError(
      file: file, place: place, expected: "settings that there are", found: "\"\(unknown)\"",
      remedy: nearest(to: unknown, among: known).map { "Did you mean \"\($0)\"? Otherwise take it out." }
        ?? "Take it out.")
  }
}
