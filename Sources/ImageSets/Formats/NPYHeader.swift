import Support

/// The beginning of a numpy array's file: magic, version, and a Python dictionary that names the numbers' type, their
/// order and the shape (numpy.lib.format, versions 1.0 to 3.0).
package struct NPYHeader: Equatable {
  /// As numpy writes it: byte order, kind, bytes; for instance "<f4", ">i8", "|u1".
  var type: String
  /// The first axis changes fastest, not the last.
  var isFortran: Bool
  var shape: [Int]

  /// Reads up to the first number.
  init(from stream: any ByteStream) throws {
    let start = try stream.read(upTo: 8)
    guard start.count == 8, start.starts(with: NPY.magic), (1...3).contains(start[6]) else {
      throw DataError(
        file: stream.file, place: "byte 0", expected: "numpy's magic string and a version from 1 to 3",
        found: start.count < 8 ? "the file's end after \(start.count) bytes" : "something else",
        remedy: "Give a file that numpy.save has written.")
    }
    let size = try stream.read(upTo: start[6] == 1 ? 2 : 4)
    let length = size.reversed().reduce(0) { $0 << 8 | Int($1) }
    let place = "byte \(stream.position)"
    guard length <= 1 << 20 else {
      throw DataError(
        file: stream.file, place: place, expected: "a header of at most \(1 << 20) bytes", found: "\(length)",
        remedy: "The file is damaged: fetch or make it again.")
    }
    let text = try stream.read(upTo: length)
    guard size.count == (start[6] == 1 ? 2 : 4), text.count == length else {
      throw DataError(
        file: stream.file, place: place, expected: "a header of \(length) bytes", found: "\(text.count) bytes",
        remedy: "The file is cut short: fetch or copy it again.")
    }
    var parser = DictionaryParser(text: text)
    guard let entries = parser.parse(), case .text(let type)? = entries["descr"],
      case .flag(let isFortran)? = entries["fortran_order"], case .sizes(let shape)? = entries["shape"]
    else {
      throw DataError(
        file: stream.file, place: place, expected: "a dictionary with descr (a plain type), fortran_order and shape",
        found: String(excerptOf: text),
        remedy: "Save a plain array of numbers with numpy.save.")
    }
    (self.type, self.isFortran, self.shape) = (type, isFortran, shape)
  }

  package init(type: String, shape: [Int]) {
    (self.type, isFortran, self.shape) = (type, false, shape)
  }

  /// Magic, version 1.0 and dictionary, padded so that the numbers begin at a multiple of 64 bytes.
  package var bytes: [UInt8] {
    let tuple = shape.map { "\($0)," }.joined(separator: " ")
    var text = "{'descr': '\(type)', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': (\(tuple)), }"
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    let length = UInt16(text.utf8.count)
    return NPY.magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + text.utf8
  }
}

/// Reads as much of Python's syntax as such a header needs: strings, True and False, tuples of whole numbers.
private struct DictionaryParser {
  enum Value: Equatable {
    case text(String)
    case flag(Bool)
    case sizes([Int])
  }

  let text: [UInt8]
  private var next = 0

  init(text: [UInt8]) { self.text = text }

  /// Nil if the text is no such dictionary.
  mutating func parse() -> [String: Value]? {
    var entries: [String: Value] = [:]
    guard take("{") else { return nil }
    while !take("}") {
      guard let key = string(), take(":"), let value = value() else { return nil }
      entries[key] = value
      if !take(",") {
        guard take("}") else { return nil }
        break
      }
    }
    return isAtEnd ? entries : nil
  }

  private var isAtEnd: Bool { text[next...].allSatisfy { $0 == 0x20 || $0 == 0x0A } }

  /// Steps over `word`, and the spaces before it, if it comes next.
  private mutating func take(_ word: String) -> Bool {
    while next < text.count, text[next] == 0x20 { next += 1 }
    guard text[next...].starts(with: word.utf8) else { return false }
    next += word.utf8.count
    return true
  }

  private mutating func value() -> Value? {
    if take("True") { return .flag(true) }
    if take("False") { return .flag(false) }
    if take("(") { return sizes().map(Value.sizes) }
    return string().map(Value.text)
  }

  private mutating func string() -> String? {
    guard let quote = ["'", "\""].first(where: { take($0) }) else { return nil }
    guard let end = text[next...].firstIndex(of: quote.utf8.first!) else { return nil }
    defer { next = end + 1 }
    return String(decoding: text[next..<end], as: UTF8.self)
  }

  private mutating func sizes() -> [Int]? {
    var sizes: [Int] = []
    while !take(")") {
      let digits = text[next...].prefix { (0x30...0x39).contains($0) }
      guard let size = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
      sizes.append(size)
      next += digits.count
      _ = take("L")  // Python 2
      if !take(",") {
        guard take(")") else { return nil }
        break
      }
    }
    return sizes
  }
}
