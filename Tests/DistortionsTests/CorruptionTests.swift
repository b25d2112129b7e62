import Distortions
import ImageSets
import TestSupport
import Testing

/// Salt and pepper, stripes, blur and contrast.
@Suite struct SpoilingTests {
  private func grey(_ count: Int, channels: Int = 1) -> ImageSet {
    let shape = ImageSet.Shape(height: 25, width: 40, channels: channels)
    return ImageSet(
      shape: shape, pixels: .init(repeating: 100, count: count * shape.size), name: "grey", source: "made")
  }

  @Test func saltAndPepperComeAtTheirRate() throws {
    for share in [0.02, 0.3, 1] {
      let pixels = try distort(grey(100), by: SaltAndPepper(share: share)).pixels.joined()
      let expected = share * 100_000 / 2
      let deviation = (expected * (1 - share / 2)).squareRoot()
      for value: UInt8 in [0, 255] {
        let count = Double(pixels.count { $0 == value })
        #expect(abs(count - expected) < 4 * deviation, "\(value) at \(share)")
      }
      #expect(pixels.allSatisfy { [0, 100, 255].contains($0) })
    }
  }

  @Test func allChannelsOfAPixelTogetherAndASecondTimeElsewhere() throws {
    let step = Recipe.Step(SaltAndPepper(share: 0.2))
    let set = grey(20, channels: 3)
    let once = try Recipe(name: "once", steps: [step]).compiled(for: set.shape).apply(to: set, seed: 3).pixels
    for pixel in stride(from: 0, to: once.count, by: 3) {
      #expect(once[pixel] == once[pixel + 1] && once[pixel] == once[pixel + 2])
    }
    let twice = try Recipe(name: "twice", steps: [step, step]).compiled(for: set.shape).apply(to: set, seed: 3).pixels
    let untouched = Double(twice.count { $0 == 100 }) / Double(twice.count)
    #expect(abs(untouched - 0.64) < 4 * (0.64 * 0.36 / 20_000).squareRoot())
  }

  @Test(arguments: shapes)
  func stripesLieWhereTheRecordSays(shape: ImageSet.Shape) throws {
    let set = ramp(shape, count: 40)
    let striped = try distort(set, by: Stripes(period: 5, width: 2, value: 77))
    for (index, clean) in images(set).enumerated() {
      let drawn = striped.drawn[index]
      let expected = image(shape) { row, column, channel in
        let place = drawn["down"] == 1 ? column : row
        let isCovered = [Int(drawn["first"]!), (Int(drawn["first"]!) + 1) % 5].contains(place % 5)
        return isCovered ? 77 : clean[(row * shape.width + column) * shape.channels + channel]
      }
      #expect(striped.pixels[index] == expected)
    }
    let starts = Set(striped.drawn.map { [$0["down"]!, $0["first"]!] })
    #expect(starts.count == 10)
  }

  @Test func blurSpreadsAndKeepsTheInk() throws {
    let shape = ImageSet.Shape(height: 31, width: 33, channels: 3)
    let dot = image(shape) { row, column, channel in row == 15 && column == 16 && channel == 1 ? 255 : 0 }
    let blurred = apply(Blur(), drawn: [1, 0, 0, 0, 0, 0, 0, 0], to: dot, of: shape)
    let ink = blurred.reduce(0) { $0 + Int($1) }
    #expect(abs(ink - 255) <= 20)
    #expect(blurred[(15 * 33 + 16) * 3 + 1] == 41)  // 255 / (2 pi)
    #expect(blurred[(15 * 33 + 17) * 3 + 1] == 25 && blurred[(14 * 33 + 16) * 3 + 1] == 25)  // times exp(-1/2)
    #expect(stride(from: 0, to: blurred.count, by: 3).allSatisfy { blurred[$0] == 0 && blurred[$0 + 2] == 0 })
  }

  @Test func contrastIsAboutEachChannelsMean() {
    let shape = ImageSet.Shape(height: 1, width: 2, channels: 3)
    let pixels: [UInt8] = [0, 10, 100, 100, 20, 0]
    #expect(apply(Contrast(), drawn: .zero, to: pixels, of: shape) == [50, 15, 50, 50, 15, 50])
    #expect(
      apply(Contrast(), drawn: [3, 0, 0, 0, 0, 0, 0, 0], to: pixels, of: shape) == [0, 0, 200, 200, 30, 0])
  }
}
