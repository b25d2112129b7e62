import Support

/// How an array's numbers are stored.
struct NPYNumber {
  enum Kind: Character {
    case signed = "i"
    case unsigned = "u"
    case float = "f"
  }

  let kind: Kind
  /// Bytes of a number.
  let size: Int
  let isBigEndian: Bool

  var isWhole: Bool { kind != .float }
  /// Of the three types that images come in.
  var isPixel: Bool { kind == .unsigned && size == 1 || kind == .float }

  /// Reads numpy's name of a type: "<f4", "|u1".
  init(_ type: String, file: String) throws {
    let characters = Array(type)
    if characters.count == 2, characters[1] == "O" || characters.count > 1 && characters[0] == "O" {
      throw Self.refusal(file, type, "Python objects are programs and never run here: save plain numbers.")
    }
    guard characters.count == 3, let kind = Kind(rawValue: characters[1]), let size = characters[2].wholeNumberValue,
      (kind == .float ? [4, 8] : [1, 2, 4, 8]).contains(size), "<>|=".contains(characters[0])
    else { throw Self.refusal(file, type, Self.remedy(for: type)) }
    self.kind = kind
    self.size = size
    isBigEndian = characters[0] == ">"
  }

  /// What keeps the images as they are: bytes alone would leave nothing of 0…1 or of true and false.
  static func remedy(for type: String) -> String {
    switch Array(type).dropFirst().first {
    case "b": "Save it as 255 * x.astype(\"uint8\"): true is ink."
    case "f": "Save it with astype(\"float32\")."
    case "i", "u": "If its numbers are from 0 to 255, save it with astype(\"uint8\"); 0 is paper, 255 is ink."
    default: "Save plain numbers: uint8 from 0 to 255, or float32 from 0 to 1."
    }
  }

  static func refusal(_ file: String, _ type: String, _ remedy: String) -> DataError {
    DataError(
      file: file, place: "the header's descr",
      expected: "uint8, float32 or float64 for images, whole numbers for labels", found: String(excerptOf: type.utf8),
      remedy: remedy)
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

  /// A float of either size.
  @inline(__always)
  func float(_ base: UnsafeRawPointer, _ index: Int) -> Double {
    let word = word(base, index)
    return size == 4 ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: word))) : Double(bitPattern: word)
  }

  /// A whole number; nil if it is too large for `Int`.
  func whole(in bytes: [UInt8], at index: Int) -> Int? {
    let word = bytes.withUnsafeBytes { self.word($0.baseAddress!, index) }
    if kind == .unsigned { return Int(exactly: word) }
    let unused = 64 - 8 * size
    return Int(Int64(bitPattern: word << unused) >> unused)
  }
}
