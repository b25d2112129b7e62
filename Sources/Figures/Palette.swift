import Foundation

/// A colour of the drawing, each part from 0 to 1.
package struct Color: Sendable, Hashable {
  package var red: Double
  package var green: Double
  package var blue: Double

  /// 0xRRGGBB
  package init(_ hexadecimal: UInt32) {
    red = Double(hexadecimal >> 16 & 255) / 255
    green = Double(hexadecimal >> 8 & 255) / 255
    blue = Double(hexadecimal & 255) / 255
  }

  /// From 0 (black) to 1 (white), as the eye weighs the parts (WCAG 2's relative luminance).
  package var luminance: Double {
    func linear(_ part: Double) -> Double { part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4) }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// On the way through `colors`, which lie evenly spaced from 0 to 1.
  ///
  /// - Precondition: there is a colour.
  package init(at place: Double, through colors: [Color]) {
    let place = min(max(place, 0), 1) * Double(colors.count - 1)
    let first = colors[Int(place)]
    let second = colors[min(Int(place) + 1, colors.count - 1)]
    let share = place - place.rounded(.down)
    self = first
    red += (second.red - first.red) * share
    green += (second.green - first.green) * share
    blue += (second.blue - first.blue) * share
  }
}

/// How a line and its marks look. No two styles of the palette need their colours to be told apart.
package struct LineStyle: Sendable, Hashable {
  package enum Mark: Sendable { case none, disk, ring, square }

  package var color: Color
  /// Lengths of strokes and gaps; empty for a line without gaps.
  package var dashes: [Double] = []
  package var width = 1.6
  package var mark = Mark.none
}

/// The colours of all figures. Those of lines are Okabe and Ito's, which colour-blind readers can tell apart.
package enum Palette {
  package static let paper = Color(0xFFFFFF)
  package static let black = Color(0x000000)
  package static let ink = Color(0x1A1A1A)
  package static let faintInk = Color(0x6B6B6B)
  package static let frame = Color(0xC4C4C4)
  package static let grid = Color(0xE6E6E6)
  /// On pictures: around what was found, and where that is doubtful.
  package static let found = Color(0x0072B2)
  package static let doubt = Color(0xD55E00)

  /// In this order; later lines begin again with the first.
  package static let lines = [
    LineStyle(color: Color(0x0072B2), mark: .disk),
    LineStyle(color: Color(0xD55E00), dashes: [6, 3], mark: .ring),
    LineStyle(color: Color(0x009E73), dashes: [2, 2], mark: .square),
    LineStyle(color: Color(0xCC79A7), dashes: [8, 3, 2, 3]),
  ]
  /// Of slices, in this order: Okabe and Ito's too. The first four keep apart without colour, and of all of them those
  /// that follow each other, the first after the last.
  package static let slices = [
    Color(0x0072B2), Color(0xE69F00), ink, Color(0xF0E442), Color(0x009E73), Color(0x56B4E9), Color(0xD55E00),
    Color(0xCC79A7),
  ]
  /// From none to all, for areas that stand for a number
  package static let shades = [
    paper, Color(0xA9CCE8), Color(0x5B9BD0), Color(0x1F66A8), Color(0x08306B),
  ]
  /// Ink or paper, whichever reads better on that ground.
  package static func text(on ground: Color) -> Color {
    (ground.luminance + 0.05) * (ground.luminance + 0.05) > (ink.luminance + 0.05) * (paper.luminance + 0.05)
      ? ink : paper
  }

  /// A limit that no line can cross.
  package static let limit = LineStyle(color: faintInk, dashes: [1.5, 2.5], width: 1.2)
}
