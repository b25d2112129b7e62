import Support

/// The few entries of EXIF that say how an image is to be seen. (CIPA DC-008; a TIFF file's first directory.)
///
/// Read here and not by libexif, which passes over what it cannot read without a word.
struct EXIF {
  /// 1 to 8; 1 is upright.
  private(set) var orientation = 1
  private(set) var resolution: Resolution?

  private let bytes: ArraySlice<UInt8>
  private let isBigEndian: Bool
  private let file: String

  /// - Parameter bytes: from TIFF's mark of the byte order on; "Exif\0\0" before it is passed over.
  /// - Throws: `DataError` where a part lies outside of the others or an orientation is none.
  init(_ bytes: ArraySlice<UInt8>, file: String) throws(DataError) {
    let bytes = bytes.starts(with: Self.mark) ? bytes.dropFirst(Self.mark.count) : bytes
    self.bytes = bytes
    self.file = file
    isBigEndian = bytes.starts(with: Array("MM".utf8))
    guard isBigEndian || bytes.starts(with: Array("II".utf8)) else {
      throw Self.fault(file, at: 0, expected: "II or MM, the order of bytes", found: "something else")
    }
    let directory = try number(at: 4, size: 4)
    var (x, y, unit) = (0.0, 0.0, 2)
    for entry in 0..<(try number(at: directory, size: 2)) {
      let place = directory + 2 + 12 * entry
      switch try number(at: place, size: 2) {
      case 0x112: orientation = try checkedOrientation(at: place)
      case 0x11A: x = try ratio(at: place)
      case 0x11B: y = try ratio(at: place)
      case 0x128: unit = try number(at: place + 8, size: 2)
      default: break
      }
    }
    let scale = unit == 3 ? 2.54 : 1
    resolution = unit == 1 ? nil : Resolution(horizontal: x * scale, vertical: y * scale)
  }

  static let mark = Array("Exif\0\0".utf8)

  private func checkedOrientation(at place: Int) throws(DataError) -> Int {
    let value = try number(at: place + 8, size: try number(at: place + 2, size: 2) == 4 ? 4 : 2)
    // Some cameras write 0 where they do not know.
    if value == 0 { return 1 }
    guard value <= 8 else {
      throw Self.fault(file, at: place, expected: "an orientation from 1 to 8", found: "\(value)")
    }
    return value
  }

  private func ratio(at place: Int) throws(DataError) -> Double {
    let offset = try number(at: place + 8, size: 4)
    let (above, below) = (try number(at: offset, size: 4), try number(at: offset + 4, size: 4))
    return below == 0 ? 0 : Double(above) / Double(below)
  }

  private func number(at place: Int, size: Int) throws(DataError) -> Int {
    guard place + size <= bytes.count else {
      throw Self.fault(file, at: place, expected: "an entry within its \(bytes.count) bytes", found: "the end")
    }
    let start = bytes.startIndex + place
    let digits = bytes[start..<start + size]
    return (isBigEndian ? Array(digits) : digits.reversed()).reduce(0) { $0 << 8 | Int($1) }
  }

  private static func fault(_ file: String, at place: Int, expected: String, found: String) -> DataError {
    DataError(
      file: file, place: "EXIF, byte \(place)", expected: expected, found: found,
      remedy: "Repair or remove the tags, for instance by exiftool -all= FILE.")
  }
}
