import Distortions
import ImageSets
import TestSupport
import Testing

@Suite struct GeometryTests {
  @Test(arguments: shapes)
  func flipsReverse(shape: ImageSet.Shape) throws {
    let set = ramp(shape)
    let upDown = try distort(set, by: UpDownFlip()).pixels
    let leftRight = try distort(set, by: LeftRightFlip()).pixels
    for (index, clean) in images(set).enumerated() {
      func at(_ row: Int, _ column: Int, _ channel: Int) -> UInt8 {
        clean[(row * shape.width + column) * shape.channels + channel]
      }
      #expect(upDown[index] == image(shape) { at(shape.height - 1 - $0, $1, $2) })
      #expect(leftRight[index] == image(shape) { at($0, shape.width - 1 - $1, $2) })
    }
  }

  @Test(arguments: shapes)
  func twoFlipsAndTwoHalfTurnsAreNone(shape: ImageSet.Shape) throws {
    let set = ramp(shape)
    for step in [Recipe.Step(UpDownFlip()), .init(LeftRightFlip()), .init(Rotation(angles: [180]))] {
      let once = try Recipe(name: "once", steps: [step]).compiled(for: shape).apply(to: set, seed: 1)
      let twice = try Recipe(name: "twice", steps: [step, step]).compiled(for: shape).apply(to: set, seed: 1)
      #expect(twice == set)
      #expect(shape.size == 1 || shape.height == 1 || once != set)
    }
  }

  /// An image of 2 rows and 3 columns in letters, to see the direction with one's own eyes.
  @Test func quarterTurnsByHand() throws {
    let square = ImageSet(
      shape: .init(height: 2, width: 2, channels: 1), pixels: Array("abcd".utf8), name: "letters", source: "made")
    #expect(try distort(square, by: Rotation(angles: [90])).pixels == [Array("bdac".utf8)])
    #expect(try distort(square, by: Rotation(angles: [180])).pixels == [Array("dcba".utf8)])
    #expect(try distort(square, by: Rotation(angles: [270])).pixels == [Array("cadb".utf8)])
    let tall = ImageSet(
      shape: .init(height: 4, width: 2, channels: 1), pixels: Array("abcdefgh".utf8), name: "letters", source: "made")
    // Turned counter-clockwise it reads bdfh / aceg; its middle two columns fall on the middle two rows.
    #expect(try distort(tall, by: Rotation(angles: [90])).pixels == [[0, 0] + Array("dfce".utf8) + [0, 0]])
    #expect(try distort(tall, by: Rotation(angles: [270])).pixels == [[0, 0] + Array("ecfd".utf8) + [0, 0]])
  }

  /// The pixel whose centre lies at (y, x) from the image's centre came from (x, −y), or clockwise (−x, y); where
  /// H − W is odd, from half a pixel beside it.
  @Test(arguments: shapes)
  func quarterTurnsAboutTheCentre(shape: ImageSet.Shape) throws {
    let set = ramp(shape)
    let half = Float((shape.height - shape.width) & 1) / 2
    let middle = (y: Float(shape.height - 1) / 2, x: Float(shape.width - 1) / 2)
    for clockwise in [false, true] {
      let turned = try distort(set, by: Rotation(angles: [clockwise ? 270 : 90])).pixels
      for (index, clean) in images(set).enumerated() {
        let expected = image(shape) { row, column, channel in
          let (y, x) = (Float(row) - middle.y + half, Float(column) - middle.x + half)
          let from = (y: Int(middle.y + (clockwise ? -x : x)), x: Int(middle.x + (clockwise ? y : -y)))
          let inside =
            abs(x) <= middle.y && abs(y) <= middle.x  // the turned image's own extent
          return inside ? clean[(from.y * shape.width + from.x) * shape.channels + channel] : 0
        }
        #expect(turned[index] == expected)
      }
    }
  }

  @Test func fourQuarterTurnsOfASquareAreNone() throws {
    let set = ramp(.init(height: 7, width: 7, channels: 3))
    for angle in [90, 270] {
      let recipe = Recipe(name: "four", steps: .init(repeating: .init(Rotation(angles: [angle])), count: 4))
      #expect(try recipe.compiled(for: set.shape).apply(to: set, seed: 1) == set)
    }
  }
}
