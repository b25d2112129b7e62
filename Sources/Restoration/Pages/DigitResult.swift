import Distortions
import Support

/// Where something was read, counted from 1 and in pixels.
package struct ReadPlace: Encodable {
  package var file: String
  package var page: Int
  /// Nil outside of tables.
  package var table: Int?
  package var row: Int?
  package var column: Int?
  package var left: Int
  package var top: Int
  package var width: Int
  package var height: Int

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

  package static let columns = "file,page,table,row,column,left,top,width,height"
  package var csv: String { ([csvCell(file), "\(page)"] + cells).joined(separator: ",") }

  package static let headings = ["table", "row", "column", "x", "y", "width", "height"]
  package var cells: [String] {
    [table, row, column].map { $0.map(String.init) ?? "" } + ["\(left)", "\(top)", "\(width)", "\(height)"]
  }
}

package struct DigitResult: Encodable {
  package var place: ReadPlace
  /// Its class; nil where that is not sure enough.
  package var digit: String?
  package var probability: Float
  /// What was done to it, and was undone.
  package var orientation: Orientation
  /// Whether the corrector changed it.
  package var restored: Bool
  package var damage: String?

  init(_ digit: ReadDigit, file: String, page: Int, onlyIfSure least: Float) {
    place = ReadPlace(digit, file: file, page: page)
    self.digit = digit.probability >= least ? digit.name : nil
    probability = digit.probability
    orientation = digit.orientation.orientation
    restored = digit.isRestored
    damage = digit.damage.map { "\($0)" }
  }

  private enum CodingKeys: CodingKey { case digit, probability, orientation, restored, damage }

  package func encode(to encoder: any Encoder) throws {
    try place.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(digit, forKey: .digit)
    try container.encode(probability, forKey: .probability)
    try container.encode(orientation, forKey: .orientation)
    try container.encode(restored, forKey: .restored)
    try container.encodeIfPresent(damage, forKey: .damage)
  }

  package static let columns = ReadPlace.columns + ",digit,probability,orientation,restored,damage"
  package var csv: String {
    [
      place.csv, csvCell(digit ?? ""), fixed(Double(probability), 4), orientation.rawValue, restored ? "1" : "0",
      damage ?? "",
    ].joined(separator: ",")
  }

  package static let headings = ["digit", "probability"] + ReadPlace.headings + ["undone"]
  package var cells: [String] {
    let undone = [orientation == .upright ? nil : orientation.label, restored ? damage : nil].compactMap(\.self)
    return [digit.map(inBothDigits) ?? "?", fixed(Double(probability), 3)] + place.cells
      + [undone.isEmpty ? "-" : undone.joined(separator: ", ")]
  }
}

/// Digits that are written next to each other.
package struct NumberResult: Encodable {
  package var place: ReadPlace
  /// With a question mark for each digit that is not sure enough.
  package var number: String
  package var kannada: String
  /// Of the least sure digit.
  package var probability: Float

  /// - Precondition: there is a digit.
  init(_ digits: [DigitResult]) {
    place = digits.dropFirst().reduce(digits[0].place) { $0.joined(with: $1.place) }
    number = digits.map { $0.digit ?? "?" }.joined()
    kannada = inKannadaDigits(number)
    probability = digits.map(\.probability).min() ?? 0
  }

  private enum CodingKeys: CodingKey { case number, kannada, probability }

  package func encode(to encoder: any Encoder) throws {
    try place.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(number, forKey: .number)
    try container.encode(kannada, forKey: .kannada)
    try container.encode(probability, forKey: .probability)
  }

  package static let columns = ReadPlace.columns + ",number,kannada,probability"
  package var csv: String {
    [place.csv, csvCell(number), csvCell(kannada), fixed(Double(probability), 4)].joined(separator: ",")
  }

  package static let headings = ["number", "probability"] + ReadPlace.headings
  package var cells: [String] { [inBothDigits(number), fixed(Double(probability), 3)] + place.cells }
}
