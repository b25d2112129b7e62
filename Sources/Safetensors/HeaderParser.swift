import Foundation
import Support

/// The header as it stands in the file, before anything in it is believed.
struct Header {
  struct Entry {
    var name: String
    /// Where the header speaks of this tensor: a byte of the file.
    var place: Int
    var type: ElementType
    var shape: [Int]
    /// Offsets from the first byte of data.
    var begin: Int
    var end: Int
  }

  var metadata: [String: String] = [:]
  var entries: [Entry] = []
}

/// Reads the little of JSON that a header may hold. A general parser would hide names that occur twice, round large
/// integers, and could not say at which byte a header goes wrong.
struct HeaderParser {
  private let file: String
  private let bytes: [UInt8]
  /// The header's end in `bytes`.
  private let end: Int
  private var position: Int

  init(file: String, bytes: [UInt8], range: Range<Int>) {
    self.file = file
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  mutating func parse() throws(DataError) -> Header {
    var header = Header()
    try object { (parser, name, place) throws(DataError) in
      if name == TensorFile.metadataKey {
        try parser.object { (parser, key, _) throws(DataError) in header.metadata[key] = try parser.string() }
      } else {
        header.entries.append(try parser.entry(name: name, place: place))
      }
    }
    skipSpace()
    guard position == end else { throw error(expected: "the header's end") }
    return header
  }

  private mutating func entry(name: String, place: Int) throws(DataError) -> Header.Entry {
    var type: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    try object { (parser, key, keyPlace) throws(DataError) in
      switch key {
      case "dtype": type = try parser.elementType()
      case "shape": shape = try parser.integers()
      case "data_offsets": offsets = try parser.integers()
      default: throw parser.error(at: keyPlace, expected: "dtype, shape or data_offsets", found: key)
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw error(at: place, expected: "a dtype, a shape and two data_offsets for \(name)", found: "something else")
    }
    return Header.Entry(name: name, place: place, type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  private mutating func elementType() throws(DataError) -> ElementType {
    skipSpace()
    let place = position
    let name = try string()
    if let type = ElementType(rawValue: name) { return type }
    let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
    throw error(at: place, expected: "a dtype that is one of \(known)", found: name)
  }

  // MARK: JSON

  private mutating func object(
    _ member: (inout HeaderParser, _ name: String, _ place: Int) throws(DataError) -> Void
  ) throws(DataError) {
    try expect("{")
    if take("}") { return }
    var seen: Set<String> = []
    repeat {
      skipSpace()
      let place = position
      let name = try string()
      guard seen.insert(name).inserted else {
        throw error(at: place, expected: "each name once", found: "\(name) again")
      }
      try expect(":")
      try member(&self, name, place)
    } while take(",")
    try expect("}")
  }

  private mutating func integers() throws(DataError) -> [Int] {
    try expect("[")
    if take("]") { return [] }
    var integers: [Int] = []
    repeat { integers.append(try integer()) } while take(",")
    try expect("]")
    return integers
  }

  private mutating func integer() throws(DataError) -> Int {
    skipSpace()
    let start = position
    while position < end, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
    let digits = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let integer = Int(digits), digits == String(integer) else {
      position = start
      throw error(expected: "an integer from 0 to \(Int.max)")
    }
    return integer
  }

  private mutating func string() throws(DataError) -> String {
    skipSpace()
    let start = position
    try expect("\"")
    while position < end, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    if position < end {
      position += 1
      // Escapes and UTF-8 are Foundation's business.
      if let text = try? JSONDecoder().decode(String.self, from: Data(bytes[start..<position])) { return text }
    }
    position = start
    throw error(expected: "a text in quotation marks, in UTF-8")
  }

  private mutating func skipSpace() {
    while position < end, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < end, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(DataError) {
    guard take(character) else { throw error(expected: "\(character)") }
  }

  /// An error about what stands at `position`.
  private func error(expected: String) -> DataError {
    let found = position < end ? String(decoding: bytes[position..<min(end, position + 12)], as: UTF8.self) : "its end"
    return error(at: position, expected: expected, found: found)
  }

  func error(at place: Int, expected: String, found: String) -> DataError {
    DataError(
      file: file, place: "header, byte \(place)", expected: expected, found: found,
      remedy: "The file is damaged or no safetensors file; make or fetch it again.")
  }
}
