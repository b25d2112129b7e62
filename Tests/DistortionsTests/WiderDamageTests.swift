import Distortions
import ImageSets
import Support
import TestSupport
import Testing

/// The damage that our models learn from beside the report's, by its formulas, and other hands.
@Suite struct WiderDamageTests {
  private let shape = ImageSet.Shape(height: 24, width: 31, channels: 1)

  private func grey(_ value: UInt8, count: Int = 1, channels: Int = 1) -> ImageSet {
    let shape = ImageSet.Shape(height: 24, width: 31, channels: channels)
    return ImageSet(
      shape: shape, pixels: .init(repeating: value, count: count * shape.size), name: "grey", source: "made")
  }

  /// (1 / bias − 2)(1 − x) + 1 under x, in 64 bits.
  @Test func toneCurveIsSchlicks() {
    let row = ImageSet.Shape(height: 1, width: 256, channels: 1)
    let values = (0...255).map { UInt8($0) }
    for (bias, level) in [(0.5, 1.0), (0.2, 1), (0.8, 0.4), (0.35, 0.2)] {
      let found = apply(ToneCurve(), drawn: [Float(bias), Float(level), 0, 0, 0, 0, 0, 0], to: values, of: row)
      let expected = values.map { value -> Float in
        let x = Double(value) / 255
        return Float(255 * level * x / ((1 / bias - 2) * (1 - x) + 1))
      }
      expectClose(found.map(Float.init), expected, relative: 0, absolute: 0.502, "\(bias) \(level)")
    }
    #expect(apply(ToneCurve(), drawn: [0.5, 1, 0, 0, 0, 0, 0, 0], to: values, of: row) == values)
  }

  @Test func impulsesComeAtTheirRateWithAnyValue() throws {
    let set = grey(100, count: 200)
    for share in [0.05, 0.3, 1] {
      let pixels = try distort(set, by: ImpulseNoise(share: share...share)).pixels.joined()
      let changed = Double(pixels.count { $0 != 100 })
      let expected = Double(pixels.count) * share * 255 / 256
      #expect(abs(changed - expected) < 4 * (expected * (1 - share * 255 / 256)).squareRoot() + 1, "\(share)")
      #expect(Set(pixels).count == 256)
    }
    let colored = try distort(grey(100, count: 5, channels: 3), by: ImpulseNoise(share: 0.3...0.3)).pixels
    for image in colored {
      for pixel in stride(from: 0, to: image.count, by: 3) {
        #expect(image[pixel] == image[pixel + 1] && image[pixel] == image[pixel + 2])
      }
    }
  }

  @Test func speckleGrowsWithTheInk() throws {
    #expect(try distort(grey(0), by: Speckle()).pixels[0].allSatisfy { $0 == 0 })
    for value: UInt8 in [40, 120] {
      let pixels = try distort(grey(value, count: 100), by: Speckle(sigma: 0.2...0.2)).pixels.joined().map(Double.init)
      let mean = pixels.reduce(0, +) / Double(pixels.count)
      let variance = pixels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(pixels.count)
      #expect(abs(mean - Double(value)) < 0.5 && abs(variance.squareRoot() - 0.2 * Double(value)) < 0.5)
    }
  }

  /// As many straight, separate strips as were drawn; nothing else changes.
  @Test func linesAreStraight() throws {
    let set = grey(0, count: 40)
    let lined = try distort(set, by: Lines(count: 1...1, width: 1...1, value: 200...200))
    var crossed = 0
    for pixels in lined.pixels {
      let ink = pixels.indices.filter { pixels[$0] > 0 }
      #expect(pixels.allSatisfy { $0 <= 200 })
      guard ink.count > 12 else { continue }
      crossed += 1
      // Every touched pixel lies near the chord from the first one to the one that is furthest from it.
      let places = ink.map { (y: Double($0 / 31), x: Double($0 % 31)) }
      func furthest(from one: (y: Double, x: Double)) -> (y: Double, x: Double) {
        func distance(_ other: (y: Double, x: Double)) -> Double {
          (other.y - one.y) * (other.y - one.y) + (other.x - one.x) * (other.x - one.x)
        }
        return places.max { distance($0) < distance($1) } ?? one
      }
      let end = furthest(from: places[0])
      let start = furthest(from: end)
      let (down, right) = (end.y - start.y, end.x - start.x)
      let length = (down * down + right * right).squareRoot()
      let furthestAway = places.map { abs(right * ($0.y - start.y) - down * ($0.x - start.x)) / length }.max() ?? 0
      #expect(furthestAway < 2.5)
    }
    #expect(crossed > 30)
    #expect(try distort(set, by: Lines(count: 0...0, width: 1...1, value: 200...200)).pixels == images(set))
  }

  @Test func motionBlurSpreadsAlongItsAngle() {
    let square = ImageSet.Shape(height: 31, width: 31, channels: 1)
    let dot = image(square) { row, column, _ in row == 15 && column == 15 ? 255 : 0 }
    for (angle, down, right) in [(Float(0), 0, 1), (90, 1, 0)] {
      let blurred = apply(MotionBlur(), drawn: [4, angle, 0, 0, 0, 0, 0, 0], to: dot, of: square)
      let expected = image(square) { row, column, _ in
        (-2...2).contains { row == 15 + $0 * down && column == 15 + $0 * right } ? 51 : 0
      }
      expectClose(blurred.map(Float.init), expected.map(Float.init), relative: 0, absolute: 1)
    }
    #expect(apply(MotionBlur(), drawn: [0, 30, 0, 0, 0, 0, 0, 0], to: dot, of: square) == dot)
  }

  /// A shift alone moves black and white by whole pixels; a slant moves rows against each other; pressure grows and shrinks.
  @Test func handsDifferAsTheyAreTold() {
    let square = ImageSet.Shape(height: 28, width: 28, channels: 1)
    let bar = image(square) { row, column, _ in (8..<20).contains(row) && (12..<16).contains(column) ? 255 : 0 }
    func ink(_ parameters: Parameters) -> [UInt8] { apply(Handwriting(), drawn: parameters, to: bar, of: square) }
    #expect(ink([0, 0, 1, 1, 0, 0, 0, 0]) == bar)
    let moved = image(square) { row, column, _ in (10..<22).contains(row) && (11..<15).contains(column) ? 255 : 0 }
    #expect(ink([0, 0, 1, 1, 2, -1, 0, 0]) == moved)
    func count(_ pixels: [UInt8]) -> Int { pixels.count { $0 > 127 } }
    #expect(count(ink([0, 0, 1, 1, 0, 0, 0, 1])) == 14 * 4 + 12 * 2)
    #expect(count(ink([0, 0, 1, 1, 0, 0, 0, -1])) == 10 * 2)
    #expect(abs(count(ink([0, 0, 1.25, 1.5, 0, 0, 0, 0])) - 48 * 15 / 8) < 12)
    let slanted = ink([0.3, 0, 1, 1, 0, 0, 0, 0])
    func middle(_ row: Int) -> Double {
      let columns = (0..<28).filter { slanted[row * 28 + $0] > 127 }
      return Double(columns.reduce(0, +)) / Double(max(1, columns.count))
    }
    #expect(middle(9) > 14.2 && middle(18) < 12.8)
  }

  /// The bends have the standard deviation that they are told, on average over pixels and images, and are smooth.
  @Test func handsBendSmoothly() {
    let square = ImageSet.Shape(height: 28, width: 28, channels: 1)
    let slope = image(square) { row, column, _ in UInt8(60 + 5 * column) }
    let bent = apply(Handwriting(), drawn: [0, 0, 1, 1, 0, 0, 1, 0], to: slope, of: square)
    // Contrast is 1.5 about 105, so a column is 7.5 levels.
    func moved(_ place: Int) -> Double {
      ((Double(bent[place]) - 105) / 1.5 + 105 - Double(slope[place])) / 5
    }
    let inner = (0..<784).filter { (6..<22).contains($0 % 28) && (6..<22).contains($0 / 28) }.filter { bent[$0] < 255 }
    let spread = (inner.reduce(0) { $0 + moved($1) * moved($1) } / Double(inner.count)).squareRoot()
    #expect(spread > 0.1 && spread < 1.5)
    for place in inner where bent[place + 1] < 255 { #expect(abs(moved(place + 1) - moved(place)) < 0.8) }
  }
}

/// What a recipe makes of images, said before any is made.
@Suite struct OutcomesTests {
  private let square = ImageSet.Shape(height: 28, width: 28, channels: 1)

  @Test(arguments: [Recipe.reportMultiple, .reportSingle, .partlyDamaged, .tidduTraining, .identity, .hands])
  func agreeWithWhatIsDrawn(recipe: Recipe) throws {
    for shape in [square, ImageSet.Shape(height: 20, width: 28, channels: 1)] {
      let (outcomes, distorter) = (recipe.outcomes(for: shape), try recipe.compiled(for: shape))
      let images = 20_000
      var counts: [[Int]] = .init(repeating: .init(repeating: 0, count: 3), count: 8)
      for index in 0..<images {
        counts[distorter.orientation(seed: 3, index: index).number][distorter.damage(seed: 3, index: index).rawValue] +=
          1
      }
      var sum = 0.0
      for orientation in Orientation.allCases {
        for damage in Damage.allCases {
          let share = outcomes[orientation, damage]
          sum += share
          let found = Double(counts[orientation.number][damage.rawValue])
          let expected = share * Double(images)
          #expect(
            abs(found - expected) <= 4.5 * (expected * (1 - share)).squareRoot() + 1e-6,
            "\(recipe.name) \(orientation) \(damage): \(found) for \(expected)")
        }
      }
      #expect(abs(sum - 1) < 1e-12)
    }
  }

  @Test func partlyDamagedIsAThirdEach() {
    let outcomes = Recipe.partlyDamaged.outcomes(for: square)
    #expect(abs(outcomes[.upright, .none] - 1.0 / 3) < 1e-12)
    #expect(abs(outcomes[.upright, .degraded] - 1.0 / 9) < 1e-12)
    #expect(abs(outcomes[.upDownFlip, .none] - 1.0 / 27) < 1e-12)
    #expect(abs(outcomes[.upDownFlip, .occluded] - 1.0 / 18) < 1e-12)
    #expect(outcomes[.transposition, .none] == 0)
  }

  @Test func turnsFollowOneAnother() {
    let turns = Recipe(name: "two", steps: [.init(LeftRightFlip()), .init(Rotation(angles: [90]))])
    let outcomes = turns.outcomes(for: square)
    #expect(outcomes[.leftRightFlip.followed(by: .rotation90), .none] == 1)
    #expect(!turns.keepsOrientation && Recipe.hands.keepsOrientation)
  }
}
