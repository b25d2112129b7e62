import Distortions
import ImageSets
import TestSupport
import Testing

@Suite struct OcclusionTests {
  @Test(arguments: shapes)
  func rectangleIsFilled(shape: ImageSet.Shape) throws {
    let set = ramp(shape, count: 40)
    for distortion in [Occlusion(), Occlusion(side: 0.7...1, value: 9), Occlusion(side: 0...0)] {
      let covered = try distort(set, by: distortion)
      for (index, clean) in images(set).enumerated() {
        let drawn = covered.drawn[index].mapValues(Int.init)
        let (bottom, left) = (drawn["bottom"]!, drawn["left"]!)
        #expect(drawn["height"]! >= 1 && drawn["width"]! >= 1)
        #expect(bottom >= shape.height / 2 && bottom < shape.height)
        #expect(left >= 0 && 2 * left <= shape.width)
        let expected = image(shape) { row, column, channel in
          let inside =
            row <= bottom && row > bottom - drawn["height"]! && column >= left && column < left + drawn["width"]!
          return inside ? UInt8(distortion.value) : clean[(row * shape.width + column) * shape.channels + channel]
        }
        #expect(covered.pixels[index] == expected)
      }
    }
  }

  @Test func sidesAndCornersAreUniform() throws {
    let shape = ImageSet.Shape(height: 28, width: 28, channels: 1)
    let distorter = try Recipe.named("occlusion").compiled(for: shape)
    var seen: [String: [Int: Int]] = [:]
    for index in 0..<20_000 {
      for (name, value) in distorter.record(seed: 4, index: index).distortions[0].parameters {
        seen[name, default: [:]][Int(value), default: 0] += 1
      }
    }
    #expect(seen["value"] == [255: 20_000])
    for (name, range) in [("bottom", 14...27), ("left", 0...13), ("height", 7...14), ("width", 7...14)] {
      #expect(seen[name]!.keys.sorted() == Array(range), "\(name)")
      let share = 20_000 / range.count
      for (value, count) in seen[name]! { #expect(abs(count - share) < 200, "\(name) \(value)") }
    }
  }
}
