import Distortions
import Pages
import Restoration
import Support

/// Where something was read, counted from 1 and in pixels.
struct ReadPlace: Encodable {
  var file: String
  var page: Int
  /// Nil outside of tables.
  var table: Int?
  var row: Int?
  var column: Int?
  var left: Int
  var top: Int
  var width: Int
  var height: Int

  init(_ digit: ReadDigit, file: String, page: Int) {
    (self.file, self.page) = (file, page)
    table = digit.place.map { $0.grid + 1 }
    row = digit.place.map { $0.row + 1 }
    column = digit.place.map { $0.column + 1 }
    (left, top, width, height) = (digit.box.left, digit.box.top, digit.box.width, digit.box.height)
  }

  /// Of the first, with a box around both.
  func joined(with other: ReadPlace) -> ReadPlace {
    var all = self
    (all.left, all.top) = (min(left, other.left), min(top, other.top))
    all.width = max(left + width, other.left + other.width) - all.left
    all.height = max(top + height, other.top + other.height) - all.top
    return all
  }

  static let columns = "file,page,table,row,column,left,top,width,height"
  var csv: String { ([csvCell(file), "\(page)"] + cells).joined(separator: ",") }

  static let headings = ["table", "row", "column", "x", "y", "width", "height"]
  var cells: [String] {
    [table, row, column].map { $0.map(String.init) ?? "" } + ["\(left)", "\(top)", "\(width)", "\(height)"]
  }
}

struct DigitResult: Encodable {
  var place: ReadPlace
  /// Its class; nil where that is not sure enough.
  var digit: String?
  var probability: Float
  /// What was done to it, and was undone.
  var orientation: Orientation
  /// Whether the corrector changed it.
  var restored: Bool
  var damage: String?

  init(_ digit: ReadDigit, file: String, page: Int, onlyIfSure least: Float) {
    place = ReadPlace(digit, file: file, page: page)
    self.digit = digit.probability >= least ? digit.name : nil
    probability = digit.probability
    orientation = digit.orientation.orientation
    restored = digit.isRestored
    damage = digit.damage.map { "\($0)" }
  }

  private enum CodingKeys: CodingKey { case digit, probability, orientation, restored, damage }

  func encode(to encoder: any Encoder) throws {
    try place.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(digit, forKey: .digit)
    try container.encode(probability, forKey: .probability)
    try container.encode(orientation, forKey: .orientation)
    try container.encode(restored, forKey: .restored)
    try container.encodeIfPresent(damage, forKey: .damage)
  }

  static let columns = ReadPlace.columns + ",digit,probability,orientation,restored,damage"
  var csv: String {
    [
      place.csv, csvCell(digit ?? ""), fixed(Double(probability), 4), orientation.rawValue, restored ? "1" : "0",
      damage ?? "",
    ].joined(separator: ",")
  }

  static let headings = ["digit", "probability"] + ReadPlace.headings + ["undone"]
  var cells: [String] {
    let undone = [orientation == .upright ? nil : orientation.label, restored ? damage : nil].compactMap(\.self)
    return [digit.map(inBothDigits) ?? "?", fixed(Double(probability), 3)] + place.cells
      + [undone.isEmpty ? "-" : undone.joined(separator: ", ")]
  }
}

/// Digits that are written next to each other.
struct NumberResult: Encodable {
  var place: ReadPlace
  /// With a question mark for each digit that is not sure enough.
  var number: String
  var kannada: String
  /// Of the least sure digit.
  var probability: Float

  /// - Precondition: there is a digit.
  init(_ digits: [DigitResult]) {
    place = digits.dropFirst().reduce(digits[0].place) { $0.joined(with: $1.place) }
    number = digits.map { $0.digit ?? "?" }.joined()
    kannada = inKannadaDigits(number)
    probability = digits.map(\.probability).min() ?? 0
  }

  private enum CodingKeys: CodingKey { case number, kannada, probability }

  func encode(to encoder: any Encoder) throws {
    try place.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(number, forKey: .number)
    try container.encode(kannada, forKey: .kannada)
    try container.encode(probability, forKey: .probability)
  }

  static let columns = ReadPlace.columns + ",number,kannada,probability"
  var csv: String {
    [place.csv, csvCell(number), csvCell(kannada), fixed(Double(probability), 4)].joined(separator: ",")
  }

  static let headings = ["number", "probability"] + ReadPlace.headings
  var cells: [String] { [inBothDigits(number), fixed(Double(probability), 3)] + place.cells }
}
