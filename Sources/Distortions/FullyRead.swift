import Support

/// A value whose text has no key that the value did not ask for: what nobody reads has no effect, and most likely is a
/// word that was mistyped.
struct FullyRead<Value: Decodable>: Decodable {
  let value: Value

  /// Throws a `DataError` that names the key and the nearest one that was asked for in vain.
  init(from decoder: any Decoder) throws {
    let ledger = Ledger()
    value = try Value(from: WatchedDecoder(inner: decoder, ledger: ledger))
    try ledger.check()
  }
}

/// Which keys stand in each mapping, and which of them somebody has asked for.
private final class Ledger {
  private struct Mapping {
    var path: [any CodingKey]
    var present: [String] = []
    var asked: Set<String> = []
  }
  /// In the order in which they were met; a value may open its mapping several times.
  private var mappings: [Mapping] = []
  private var places: [String: Int] = [:]

  func open(_ path: [any CodingKey], present: [String]) -> Int {
    let name = path.map(\.stringValue).joined(separator: "\u{0}")
    let place = places[name] ?? mappings.count
    if place == mappings.count { mappings.append(Mapping(path: path)) }
    places[name] = place
    for key in present where !mappings[place].present.contains(key) { mappings[place].present.append(key) }
    return place
  }

  func ask(_ key: String, in place: Int) { mappings[place].asked.insert(key) }

  func check() throws {
    for mapping in mappings {
      guard let unread = mapping.present.filter({ !mapping.asked.contains($0) }).min() else { continue }
      let missing = mapping.asked.subtracting(mapping.present).sorted()
      let known = missing.isEmpty ? mapping.asked.sorted() : missing
      throw DataError(
        settingsAt: mapping.path, expected: "only settings that there are", found: "\"\(unread)\"",
        remedy: nearest(to: unread, among: known).map { "Did you mean \"\($0)\"? Otherwise take it out." }
          ?? "Take it out.")
    }
  }
}

private struct WatchedDecoder: Decoder {
  let inner: any Decoder
  let ledger: Ledger
  var codingPath: [any CodingKey] { inner.codingPath }
  var userInfo: [CodingUserInfoKey: Any] { inner.userInfo }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    let names = try inner.container(keyedBy: SettingsReader.Key.self).allKeys.map(\.stringValue)
    return KeyedDecodingContainer(
      WatchedMapping(
        inner: try inner.container(keyedBy: type), ledger: ledger, place: ledger.open(codingPath, present: names)))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    WatchedList(inner: try inner.unkeyedContainer(), ledger: ledger)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { try inner.singleValueContainer() }
}

private struct WatchedMapping<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let inner: KeyedDecodingContainer<Key>
  let ledger: Ledger
  let place: Int
  var codingPath: [any CodingKey] { inner.codingPath }
  var allKeys: [Key] { inner.allKeys }

  func contains(_ key: Key) -> Bool {
    ledger.ask(key.stringValue, in: place)
    return inner.contains(key)
  }

  func decodeNil(forKey key: Key) throws -> Bool {
    ledger.ask(key.stringValue, in: place)
    return try inner.decodeNil(forKey: key)
  }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try Value(from: superDecoder(forKey: key))
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
    -> KeyedDecodingContainer<Nested>
  {
    try superDecoder(forKey: key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try superDecoder(forKey: key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { WatchedDecoder(inner: try inner.superDecoder(), ledger: ledger) }

  func superDecoder(forKey key: Key) throws -> any Decoder {
    ledger.ask(key.stringValue, in: place)
    return WatchedDecoder(inner: try inner.superDecoder(forKey: key), ledger: ledger)
  }
}

private struct WatchedList: UnkeyedDecodingContainer {
  var inner: any UnkeyedDecodingContainer
  let ledger: Ledger
  var codingPath: [any CodingKey] { inner.codingPath }
  var count: Int? { inner.count }
  var isAtEnd: Bool { inner.isAtEnd }
  var currentIndex: Int { inner.currentIndex }

  mutating func decodeNil() throws -> Bool { try inner.decodeNil() }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: superDecoder()) }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws
    -> KeyedDecodingContainer<Nested>
  {
    try superDecoder().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try superDecoder().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder {
    WatchedDecoder(inner: try inner.superDecoder(), ledger: ledger)
  }
}
