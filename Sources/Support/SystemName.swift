/// File names as the system has them: bytes, of which not all are UTF-8 (an old disk's "caf\xE9.png", in Latin-1).
///
/// A `String` holds such a name all the same: a byte that is not part of valid UTF-8 stands in it as one private-use
/// character, U+10FE00 and the byte. Names come in through `text` (arguments, folders, links) and go to the system as
/// `systemBytes`, which are the bytes that came; people are shown `legible`.
package enum SystemName {
  /// U+10FE80 to U+10FEFF; bytes below 0x80 are always valid.
  fileprivate static let standIns: ClosedRange<UInt32> = 0x10FE80...0x10FEFF
  /// The first byte of the UTF-8 of each of them.
  fileprivate static let firstByte: UInt8 = 0xF4

  /// A name of any bytes. A character that is a stand-in itself counts as invalid, so that every name comes back whole.
  package static func text(_ bytes: some Collection<UInt8>) -> String {
    if !bytes.contains(firstByte), let text = String(validating: bytes, as: UTF8.self) { return text }
    var scalars = String.UnicodeScalarView()
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      var parser = Unicode.UTF8.ForwardParser()
      var iterator = rest.makeIterator()
      var length = 1
      if case .valid(let encoded) = parser.parseScalar(from: &iterator) {
        length = encoded.count
        let scalar = Unicode.UTF8.decode(encoded)
        if !standIns.contains(scalar.value) {
          scalars.append(scalar)
          rest = rest.dropFirst(length)
          continue
        }
      }
      for byte in rest.prefix(length) { scalars.append(standIn(for: byte)) }
      rest = rest.dropFirst(length)
    }
    return String(scalars)
  }

  /// A name that ends with a zero byte.
  package static func text(_ bytes: UnsafePointer<CChar>) -> String {
    var count = 0
    while bytes[count] != 0 { count += 1 }
    return text(UnsafeBufferPointer(start: bytes, count: count).map(UInt8.init(bitPattern:)))
  }

  /// The process' arguments, the program's name first.
  package static var arguments: [String] {
    (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0].map { text(UnsafePointer($0)) } }
  }

  private static func standIn(for byte: UInt8) -> Unicode.Scalar {
    Unicode.Scalar(standIns.lowerBound - 0x80 + UInt32(byte)) ?? Unicode.Scalar(byte)
  }
}

extension String {
  /// The name as the system's calls take it, with a zero byte at the end.
  package var systemBytes: [CChar] {
    guard mayHaveStandIns else { return Array(utf8CString) }
    var bytes: [CChar] = []
    for scalar in unicodeScalars {
      if SystemName.standIns.contains(scalar.value) {
        bytes.append(CChar(truncatingIfNeeded: scalar.value))
      } else {
        bytes += UTF8.encode(scalar).map { $0.map(CChar.init(bitPattern:)) } ?? []
      }
    }
    return bytes + [0]
  }

  /// Bytes of the name on a disk.
  package var systemLength: Int { mayHaveStandIns ? systemBytes.count - 1 : utf8.count }

  /// Fit to be shown and printed: bytes that are no text as "\xE9".
  package var legible: String { showing { "\\x" + $0 } }

  /// Fit to stand between the quotation marks of a JSON text.
  package var legibleInJSON: String { showing { "\\\\x" + $0 } }

  private func showing(_ form: (String) -> String) -> String {
    guard mayHaveStandIns else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if SystemName.standIns.contains(scalar.value) {
        text += form(String(scalar.value & 0xFF, radix: 16, uppercase: true))
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }

  private var mayHaveStandIns: Bool { utf8.contains(SystemName.firstByte) }
}
