import Support

/// What a JPEG file notes before its image: its resolution (JFIF 1.02), EXIF, and an ICC profile (ICC.1, annex B.4).
/// TurboJPEG neither reads nor writes these.
struct JPEGSegments {
  private(set) var resolution: Resolution?
  private(set) var exif: EXIF?
  private(set) var profile: [UInt8]?

  private static let profileMark = Array("ICC_PROFILE\0".utf8)
  private static let frameMark = Array("JFIF\0".utf8)

  /// - Throws: `DataError` where EXIF is faulty.
  init(_ bytes: [UInt8], file: String) throws {
    var pieces: [UInt8: ArraySlice<UInt8>] = [:]
    Self.forEach(in: bytes) { marker, content in
      switch marker {
      case 0xE0 where content.starts(with: Self.frameMark): resolution = Self.resolution(content)
      case 0xE2 where content.starts(with: Self.profileMark) && content.count > 14:
        pieces[content[content.startIndex + 12]] = content.dropFirst(14)
      default: break
      }
    }
    // One that is in several pieces, and one of which is missing, is no profile.
    if !pieces.isEmpty, (1...pieces.count).allSatisfy({ pieces[UInt8(clamping: $0)] != nil }) {
      profile = pieces.sorted { $0.key < $1.key }.flatMap(\.value)
    }
    var found: ArraySlice<UInt8>?
    Self.forEach(in: bytes) { marker, content in
      if marker == 0xE1, content.starts(with: EXIF.mark), found == nil { found = content }
    }
    exif = try found.map { try EXIF($0, file: file) }
  }

  /// Calls `body` with each segment's marker and content, up to the image itself or the first fault.
  private static func forEach(in bytes: [UInt8], _ body: (UInt8, ArraySlice<UInt8>) -> Void) {
    var place = 2
    while place + 4 <= bytes.count, bytes[place] == 0xFF {
      let marker = bytes[place + 1]
      if marker == 0xFF {
        place += 1
        continue
      }
      let length = Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])
      guard marker != 0xDA, length >= 2, place + 2 + length <= bytes.count else { return }
      body(marker, bytes[place + 4..<place + 2 + length])
      place += 2 + length
    }
  }

  private static func resolution(_ content: ArraySlice<UInt8>) -> Resolution? {
    guard content.count >= 12 else { return nil }
    let bytes = Array(content)
    func number(_ place: Int) -> Double { Double(Int(bytes[place]) << 8 | Int(bytes[place + 1])) }
    // 1: dots an inch, 2: dots a centimetre, 0: a ratio alone.
    let scale = bytes[7] == 1 ? 1 : bytes[7] == 2 ? 2.54 : 0
    return Resolution(horizontal: number(8) * scale, vertical: number(10) * scale)
  }

  /// The file that TurboJPEG has made, which begins with a JFIF segment, with these notes in it.
  static func adding(_ resolution: Resolution?, profile: [UInt8]?, to bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > 20, bytes[2...].starts(with: [0xFF, 0xE0]), bytes[6...].starts(with: frameMark) else {
      return bytes
    }
    var result = bytes
    if let resolution {
      let sides = [resolution.horizontal, resolution.vertical].map { UInt16(min($0.rounded(), 65535)) }
      result.replaceSubrange(13..<18, with: [1] + sides.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] })
    }
    guard let profile else { return result }
    let most = 65519
    let count = (profile.count + most - 1) / most
    guard count <= 255 else { return result }
    let segments = (0..<count).flatMap { number in
      let piece = profile[number * most..<min((number + 1) * most, profile.count)]
      let length = piece.count + 16
      return [0xFF, 0xE2, UInt8(length >> 8), UInt8(length & 255)] + profileMark
        + [UInt8(number + 1), UInt8(count)] + piece
    }
    result.insert(contentsOf: segments, at: 4 + (Int(bytes[4]) << 8 | Int(bytes[5])))
    return result
  }
}
