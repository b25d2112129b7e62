import Support

/// How an array's numbers are stored in its file.
struct NPYNumber {
  enum Kind: Character {
    case bool = "b"
    case signed = "i"
    case unsigned = "u"
    case float = "f"
  }

  let kind: Kind
  /// Bytes of a number.
  let size: Int
  let isBigEndian: Bool

  var isWhole: Bool { kind == .signed || kind == .unsigned }
  var isByte: Bool { kind == .unsigned && size == 1 }

  /// Reads numpy's name of a type: "<f4", "|u1".
  init(_ type: String, file: String) throws {
    let characters = Array(type)
    guard characters.count == 3, let kind = Kind(rawValue: characters[1]), let size = characters[2].wholeNumberValue,
      kind.sizes.contains(size), "<>|=".contains(characters[0])
    else {
      throw DataError(
        file: file, place: "the header's descr",
        expected: "true and false, whole numbers, or floats of 16 to 64 bits", found: String(excerptOf: type.utf8),
        remedy: characters.dropFirst().first == "O"
          ? "Python objects are programs and never run here: save plain numbers."
          : "Save plain numbers: uint8 from 0 to 255, or float32 from 0 to 1.")
    }
    self.kind = kind
    self.size = size
    isBigEndian = characters[0] == ">"
  }

  /// What stores images that came as such numbers; true and false become bytes.
  var type: NumberType {
    switch (kind, size) {
    case (.bool, _), (_, 1): .uint8
    case (.unsigned, 2): .uint16
    case (.unsigned, 4): .uint32
    case (.unsigned, _): .uint64
    case (.signed, 2): .int16
    case (.signed, 4): .int32
    case (.signed, _): .int64
    case (.float, 2): .float16
    case (.float, 4): .float32
    case (.float, _): .float64
    }
  }

  /// The bytes of number `index` as one word, the highest first.
  @inline(__always)
  private func word(_ base: UnsafeRawPointer, _ index: Int) -> UInt64 {
    switch size {
    case 1: UInt64(base.load(fromByteOffset: index, as: UInt8.self))
    case 2: UInt64(ordered(base.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)))
    case 4: UInt64(ordered(base.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
    default: ordered(base.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
    }
  }

  @inline(__always)
  private func ordered<Word: FixedWidthInteger>(_ word: Word) -> Word {
    isBigEndian ? Word(bigEndian: word) : Word(littleEndian: word)
  }

  /// A number of any type; true is 1.
  @inline(__always)
  func double(_ base: UnsafeRawPointer, _ index: Int) -> Double {
    let word = word(base, index)
    switch kind {
    case .bool: return word == 0 ? 0 : 1
    case .unsigned: return Double(word)
    case .signed: return Double(signed(word))
    case .float:
      switch size {
      case 2: return Double(Float16(bitPattern: UInt16(truncatingIfNeeded: word)))
      case 4: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: word)))
      default: return Double(bitPattern: word)
      }
    }
  }

  @inline(__always)
  private func signed(_ word: UInt64) -> Int64 {
    let unused = 64 - 8 * size
    return Int64(bitPattern: word << unused) >> unused
  }

  /// A whole number; nil if it is too large for `Int`.
  func whole(in bytes: [UInt8], at index: Int) -> Int? {
    let word = bytes.withUnsafeBytes { self.word($0.baseAddress!, index) }
    return kind == .unsigned ? Int(exactly: word) : Int(signed(word))
  }
}

extension NPYNumber.Kind {
  fileprivate var sizes: [Int] {
    switch self {
    case .bool: [1]
    case .signed, .unsigned: [1, 2, 4, 8]
    case .float: [2, 4, 8]
    }
  }
}
