/// A colour of the drawing, each part from 0 to 1.
public struct Color: Sendable, Hashable {
  public var red: Double
  public var green: Double
  public var blue: Double

  /// 0xRRGGBB
  public init(_ hexadecimal: UInt32) {
    red = Double(hexadecimal >> 16 & 255) / 255
    green = Double(hexadecimal >> 8 & 255) / 255
    blue = Double(hexadecimal & 255) / 255
  }
}

/// How a line and its marks look. No two styles of the palette need their colours to be told apart.
public struct LineStyle: Sendable, Hashable {
  public enum Mark: Sendable { case none, disk, ring, square }

  public var color: Color
  /// Lengths of strokes and gaps; empty for a line without gaps.
  public var dashes: [Double] = []
  public var width = 1.6
  public var mark = Mark.none
}

/// The colours of all figures. Those of lines are Okabe and Ito's, which colour-blind readers can tell apart.
public enum Palette {
  public static let paper = Color(0xFFFFFF)
  public static let ink = Color(0x1A1A1A)
  public static let faintInk = Color(0x6B6B6B)
  public static let frame = Color(0xC4C4C4)
  public static let grid = Color(0xE6E6E6)

  /// In this order; later lines begin again with the first.
  public static let lines = [
    LineStyle(color: Color(0x0072B2), mark: .disk),
    LineStyle(color: Color(0xD55E00), dashes: [6, 3], mark: .ring),
    LineStyle(color: Color(0x009E73), dashes: [2, 2], mark: .square),
    LineStyle(color: Color(0xCC79A7), dashes: [8, 3, 2, 3]),
  ]
  /// A limit that no line can cross.
  public static let limit = LineStyle(color: faintInk, dashes: [1.5, 2.5], width: 1.2)
}
