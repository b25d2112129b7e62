/// Reads a mapping of a settings file, such as a recipe, and refuses keys that it doesn't know.
package struct SettingsReader {
  package struct Key: CodingKey {
    package var stringValue: String
    package var intValue: Int? { nil }

    package init(_ name: String) { stringValue = name }
    package init(stringValue: String) { self.stringValue = stringValue }
    package init?(intValue: Int) { nil }
  }

  package let container: KeyedDecodingContainer<Key>

  /// `known` are the keys that may stand here; `what` is what they name.
  package init(_ decoder: any Decoder, known: [String], what: String = "setting") throws {
    guard let container = try? decoder.container(keyedBy: Key.self) else {
      throw DataError(
        settingsAt: decoder.codingPath, expected: "a mapping", found: Self.text(of: decoder) ?? "a list",
        remedy: known.isEmpty ? "Leave it away." : "What can stand here: \(known.joined(separator: ", ")).")
    }
    self.container = container
    for key in container.allKeys where !known.contains(key.stringValue) {
      let remedy = nearest(to: key.stringValue, among: known).map { "Did you mean \"\($0)\"?" }
      throw DataError(
        settingsAt: decoder.codingPath, expected: known.isEmpty ? "no \(what)" : "a \(what)",
        found: "\"\(key.stringValue)\"", remedy: remedy ?? "Leave it away.")
    }
  }

  package func contains(_ key: String) -> Bool { container.contains(Key(key)) }

  /// The value at `key`, or `value` where there is none. `kind` says in words what is wanted.
  package func read<Value: Decodable>(_ key: String, as kind: String, default value: Value) throws -> Value {
    guard contains(key) else { return value }
    do {
      return try container.decode(Value.self, forKey: Key(key))
    } catch is DecodingError {
      let found = try? container.decode(String.self, forKey: Key(key))
      throw DataError(
        settingsAt: container.codingPath + [Key(key)], expected: kind,
        found: found.map { "\"\($0)\"" } ?? "something else", remedy: "Without it, the default is used.")
    }
  }

  /// A mapping inside this one; `known` are the keys that may stand there.
  package func inner(_ key: String, known: [String]) throws -> SettingsReader {
    try SettingsReader(container.superDecoder(forKey: Key(key)), known: known)
  }

  package static func text(of decoder: any Decoder) -> String? {
    try? decoder.singleValueContainer().decode(String.self)
  }
}

extension DataError {
  /// A fault at a place in a settings file, such as "steps[1].one-of[0].gaussian-noise.sigma"; whoever reads the file
  /// puts its path in.
  package init(settingsAt path: [any CodingKey], expected: String, found: String, remedy: String) {
    let place = path.reduce(into: "") { place, key in
      if let index = key.intValue {
        place += "[\(index)]"
      } else {
        place += (place.isEmpty ? "" : ".") + key.stringValue
      }
    }
    self.init(
      file: "settings", place: place.isEmpty ? nil : place, expected: expected, found: found, remedy: remedy)
  }
}
