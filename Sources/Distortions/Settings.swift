import Groundwork

/// A setting out of its range; the recipe that holds it says where it stands.
public struct SettingFault: Error {
  var setting: String
  var expected: String
  var found: String

  public init(_ setting: String, expected: String, found: String) {
    self.setting = setting
    self.expected = expected
    self.found = found
  }

  static func check(_ setting: String, _ value: Double, within range: ClosedRange<Double>) throws(SettingFault) {
    guard range.contains(value) else {
      throw SettingFault(
        setting, expected: "a number from \(brief(range.lowerBound)) to \(brief(range.upperBound))",
        found: brief(value))
    }
  }

  static func check(
    _ setting: String, _ value: ClosedRange<Double>, within range: ClosedRange<Double>
  ) throws(SettingFault) {
    try check(setting, value.lowerBound, within: range)
    try check(setting, value.upperBound, within: range)
  }
}

/// A number without needless decimals: "30", "0.25".
func brief(_ value: some BinaryFloatingPoint & CustomStringConvertible) -> String {
  value.description.hasSuffix(".0") ? String(value.description.dropLast(2)) : value.description
}

/// Reads a mapping of a recipe file, refusing keys it doesn't know.
struct SettingsReader {
  struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  let container: KeyedDecodingContainer<Key>

  /// `known` are the keys that may stand here; `what` is what they name.
  init(_ decoder: any Decoder, known: [String], what: String = "setting") throws {
    guard let container = try? decoder.container(keyedBy: Key.self) else {
      throw DataError(
        recipeAt: decoder.codingPath, expected: "a mapping", found: Self.text(of: decoder) ?? "a list",
        remedy: known.isEmpty ? "Leave it away." : "What can stand here: \(known.joined(separator: ", ")).")
    }
    self.container = container
    for key in container.allKeys where !known.contains(key.stringValue) {
      let remedy = nearest(to: key.stringValue, among: known).map { "Did you mean \"\($0)\"?" }
      throw DataError(
        recipeAt: decoder.codingPath, expected: known.isEmpty ? "no \(what)" : "a \(what)",
        found: "\"\(key.stringValue)\"", remedy: remedy ?? "Leave it away.")
    }
  }

  func contains(_ key: String) -> Bool { container.contains(Key(key)) }

  /// The value at `key`, or `value` where there is none. `kind` says in words what is wanted.
  func read<Value: Decodable>(_ key: String, as kind: String, default value: Value) throws -> Value {
    guard contains(key) else { return value }
    do {
      return try container.decode(Value.self, forKey: Key(key))
    } catch is DecodingError {
      let found = try? container.decode(String.self, forKey: Key(key))
      throw DataError(
        recipeAt: container.codingPath + [Key(key)], expected: kind,
        found: found.map { "\"\($0)\"" } ?? "something else", remedy: "Without it, the default is used.")
    }
  }

  static func text(of decoder: any Decoder) -> String? {
    try? decoder.singleValueContainer().decode(String.self)
  }
}

extension DataError {
  /// A fault at a place in a recipe, such as "steps[1].one-of[0].gaussian-noise.sigma"; whoever reads a file puts
  /// its path in.
  init(recipeAt path: [any CodingKey], expected: String, found: String, remedy: String) {
    let place = path.reduce(into: "") { place, key in
      if let index = key.intValue {
        place += "[\(index)]"
      } else {
        place += (place.isEmpty ? "" : ".") + key.stringValue
      }
    }
    self.init(
      file: "recipe", place: place.isEmpty ? nil : place, expected: expected, found: found, remedy: remedy)
  }
}
