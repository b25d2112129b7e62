import Distortions
import ImageSets
import Support
import TestSupport
import Testing

/// A distortion that is none of the package's.
private struct Dimming: Distortion {
  static let name = "dimming"
  var share = 0.5

  func draw(for shape: ImageSet.Shape, from generator: inout Philox) -> Parameters {
    var drawn = Parameters.zero
    drawn[0] = generator.uniform(in: 0...Float(share))
    return drawn
  }

  func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    for row in 0..<canvas.shape.height {
      for column in 0..<canvas.shape.width {
        canvas[row, column] = UInt8(Float(canvas[row, column]) * (1 - parameters[0]))
      }
    }
  }
}

/// Numbers the values of an image that is not square, by row, column and channel.
private struct Numbering: Distortion {
  static let name = "numbering"

  func apply(_ parameters: Parameters, to canvas: inout Canvas) {
    for row in 0..<canvas.shape.height {
      for column in 0..<canvas.shape.width {
        for channel in 0..<canvas.shape.channels {
          canvas[row, column, channel] = UInt8(50 * row + 10 * column + channel)
        }
      }
    }
  }
}

@Suite struct OwnDistortionTests {
  @Test func placesAreThoseOfTheImage() throws {
    let step = Recipe.Step(.distortion(Numbering()))
    let set = TinyImages.ramp(count: 1, height: 3, width: 2, channels: 3)
    let pixels = try Recipe(name: "numbers", steps: [step]).distort(set).pixels
    let expected = [0, 1, 2, 10, 11, 12, 50, 51, 52, 60, 61, 62, 100, 101, 102, 110, 111, 112]
    #expect(pixels.map(Int.init) == expected)
  }

  @Test func recipesNameIt() throws {
    DistortionRegistry.register(Dimming.self)
    DistortionRegistry.register(Dimming.self)
    let recipe = try Recipe(yaml: "name: dim\nsteps: [{dimming: {share: 0.9}}, up-down-flip]")
    let set = TinyImages.ramp(count: 5, height: 6, width: 4)
    let dimmed = try recipe.distort(set, seed: 4)
    #expect(try dimmed == recipe.distort(set, seed: 4) && dimmed != recipe.distort(set, seed: 5))
    #expect(zip(dimmed.pixels.sorted(), set.pixels.sorted()).allSatisfy { $0 <= $1 })
    #expect(try Recipe(yaml: recipe.yaml()) == recipe)
    #expect(try Recipe.named("dimming").steps.count == 1)
    #expect(throws: DataError.self) { try Recipe(yaml: "name: dim\nsteps: [{dimming: {shore: 0.9}}]") }
  }
}
