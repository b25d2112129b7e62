import Distortions
import ImageSets
import Pages

/// One digit of a page, read.
package struct ReadDigit: Sendable {
  /// In the picture's pixels.
  package var box: Box
  /// In a table, counted as it is read; nil where it stands in none.
  package var place: Page.Place?
  package var classification: Classification
  /// What its class is called.
  package var name: String
  /// Which way its table or page lies in the picture.
  package var orientation: OrientationVote
  /// The most probable damage; nil where no corrector tells it.
  package var damage: Damage?
  /// Whether the corrector changed it.
  package var isRestored: Bool
  /// Those of one line that are near each other have the same one; counted from 0 in the order in which they are read.
  package var number = 0

  /// Of the class.
  package var probability: Float { classification.confidence }
}

/// What was read on a page, in the order of tables and their rows, then of lines.
package struct PageReading: Sendable {
  package let page: Page
  package private(set) var digits: [ReadDigit]
  /// The digits as they were found, upright, and as the corrector left them. (N, 28, 28, 1)
  package private(set) var images: ImageSet
  package private(set) var corrected: ImageSet

  init(page: Page, digits: [ReadDigit], images: ImageSet, corrected: ImageSet) {
    (self.page, self.digits, self.images, self.corrected) = (page, digits, images, corrected)
  }

  /// Rows and columns of each table.
  package var grids: [(rows: Int, columns: Int)] {
    let places = digits.compactMap(\.place)
    return (0..<((places.map(\.grid).max() ?? -1) + 1)).map { grid in
      let own = places.filter { $0.grid == grid }
      return ((own.map(\.row).max() ?? -1) + 1, (own.map(\.column).max() ?? -1) + 1)
    }
  }
}

// MARK: - Order

extension PageReading {
  /// A box as it lies on the page once that is turned upright.
  private struct Upright {
    var left: Float
    var top: Float
    var width: Float
    var height: Float

    init(_ box: Box, _ orientation: Orientation) {
      // The picture's centre does not matter: only the order and the distances of boxes do.
      let corners = [
        Upright.turned(SIMD2(Float(box.left), Float(box.top)), orientation),
        Upright.turned(SIMD2(Float(box.right), Float(box.bottom)), orientation),
      ]
      left = min(corners[0].x, corners[1].x)
      top = min(corners[0].y, corners[1].y)
      width = abs(corners[0].x - corners[1].x)
      height = abs(corners[0].y - corners[1].y)
    }

    /// A place of a picture in this orientation, on the upright page.
    static func turned(_ place: SIMD2<Float>, _ orientation: Orientation) -> SIMD2<Float> {
      let (x, y) = (place.x, place.y)
      return switch orientation {
      case .upright: SIMD2(x, y)
      case .upDownFlip: SIMD2(x, -y)
      case .leftRightFlip: SIMD2(-x, y)
      case .rotation90: SIMD2(-y, x)
      case .rotation180: SIMD2(-x, -y)
      case .rotation270: SIMD2(y, -x)
      case .transposition: SIMD2(y, x)
      case .antitransposition: SIMD2(-y, -x)
      }
    }
  }

  func inReadingOrder() -> PageReading {
    var result = self
    result.turnPlaces()
    let boxes = digits.map { Upright($0.box, $0.orientation.orientation) }
    let free = result.digits.indices.filter { result.digits[$0].place == nil }
    let inTables = result.digits.indices.filter { result.digits[$0].place != nil }.sorted { first, second in
      func key(_ number: Int) -> (Int, Int, Int) {
        let place = result.digits[number].place
        return (place?.grid ?? 0, place?.row ?? 0, place?.column ?? 0)
      }
      return key(first) < key(second)
    }
    let lines = Self.lines(free, boxes)
    let order = inTables + lines.flatMap(\.self)
    result.digits = order.map { result.digits[$0] }
    result.images = images.selecting(order)
    result.corrected = corrected.selecting(order)
    result.countNumbers(order.map { boxes[$0] })
    return result
  }

  /// Rows and columns as they are on the upright page, from 0 in each table.
  private mutating func turnPlaces() {
    for (grid, members) in Dictionary(grouping: digits.indices, by: { digits[$0].place?.grid }) {
      guard let grid else { continue }
      let turned = members.map { member in
        let place = digits[member].place ?? Page.Place(grid: grid, row: 0, column: 0)
        return Upright.turned(
          SIMD2(Float(place.column), Float(place.row)), digits[member].orientation.orientation)
      }
      let first = turned.reduce(SIMD2<Float>(repeating: .infinity), pointwiseMin)
      for (member, place) in zip(members, turned) {
        digits[member].place = Page.Place(grid: grid, row: Int(place.y - first.y), column: Int(place.x - first.x))
      }
    }
  }

  /// Lines of digits from above, each from the left: who overlaps another's height by half is in its line.
  private static func lines(_ members: [Int], _ boxes: [Upright]) -> [[Int]] {
    var lines: [(top: Float, bottom: Float, members: [Int])] = []
    for member in members.sorted(by: { boxes[$0].top + boxes[$0].height / 2 < boxes[$1].top + boxes[$1].height / 2 }) {
      let (top, bottom) = (boxes[member].top, boxes[member].top + boxes[member].height)
      let line = lines.lastIndex { line in
        min(bottom, line.bottom) - max(top, line.top) >= 0.5 * min(bottom - top, line.bottom - line.top)
      }
      if let line {
        let count = Float(lines[line].members.count)
        lines[line].top = (lines[line].top * count + top) / (count + 1)
        lines[line].bottom = (lines[line].bottom * count + bottom) / (count + 1)
        lines[line].members.append(member)
      } else {
        lines.append((top, bottom, [member]))
      }
    }
    return lines.map { $0.members.sorted { boxes[$0].left < boxes[$1].left } }
  }

  /// Digits that follow one another on a line with less than a height between them are one number.
  private static let widestGap: Float = 1

  private mutating func countNumbers(_ boxes: [Upright]) {
    var number = -1
    for place in digits.indices {
      let isNext = place > 0 && follows(place, boxes)
      if !isNext { number += 1 }
      digits[place].number = number
    }
  }

  private func follows(_ place: Int, _ boxes: [Upright]) -> Bool {
    let (before, own) = (boxes[place - 1], boxes[place])
    guard digits[place - 1].place?.grid == digits[place].place?.grid,
      digits[place - 1].place?.row == digits[place].place?.row
    else { return false }
    let height = max(before.height, own.height, min(before.width, own.width))
    let overlap = min(before.top + before.height, own.top + own.height) - max(before.top, own.top)
    let gap = own.left - before.left - before.width
    return overlap >= 0.4 * min(before.height, own.height) && gap < Self.widestGap * height && gap > -height
  }
}
