import Distortions
import Foundation
import ImageSets
import TestSupport
import Testing

/// The distortions that move content by fractions of a pixel, against SciPy and scikit-image
/// (Tools/golden/distortions.py), and blur and contrast, which stand in the same file.
@Suite struct BendingTests {
  private struct Judged {
    let kind: String
    let golden: Golden
    let shape: ImageSet.Shape
    let clean: [UInt8]

    init(_ kind: String) throws {
      self.kind = kind
      golden = try Golden.load("distortions")
      let clean = try golden.tensor("\(kind)/clean")
      shape = ImageSet.Shape(height: clean.shape[0], width: clean.shape[1], channels: clean.shape[2])
      self.clean = clean.values.map { UInt8($0) }
    }

    func expect(_ pixels: [UInt8], _ name: String) throws {
      // Half a grey level is rounding.
      expectClose(pixels.map(Float.init), try golden["\(kind)/\(name)"], relative: 0, absolute: 0.501, name)
    }
  }

  @Test(arguments: ["grey", "colour"])
  func agreesWithSciPyAndScikitImage(kind: String) throws {
    let judged = try Judged(kind)
    for factor: Float in [0.3, -0.7] {
      let drawn: Parameters = [factor, 0, 0, 0, 0, 0, 0, 0]
      try judged.expect(apply(Shear(), drawn: drawn, to: judged.clean, of: judged.shape), "shear \(factor)")
    }
    for angle: Float in [20, -35, 90] {
      let drawn: Parameters = [angle, 0, 0, 0, 0, 0, 0, 0]
      let turned = apply(SmallRotation(), drawn: drawn, to: judged.clean, of: judged.shape)
      try judged.expect(turned, "small-rotation \(Int(angle))")
    }
    let moved: Parameters = [1.25, -2.5, 0, 0, 0, 0, 0, 0]
    try judged.expect(apply(Translation(), drawn: moved, to: judged.clean, of: judged.shape), "translation")
    for (sigma, name) in [(0.8, "blur 0.8"), (2, "blur 2")] {
      let drawn: Parameters = [Float(sigma), 0, 0, 0, 0, 0, 0, 0]
      try judged.expect(apply(Blur(), drawn: drawn, to: judged.clean, of: judged.shape), name)
    }
    for (factor, name) in [(0.25, "contrast 0.25"), (3, "contrast 3")] {
      let drawn: Parameters = [Float(factor), 0, 0, 0, 0, 0, 0, 0]
      try judged.expect(apply(Contrast(), drawn: drawn, to: judged.clean, of: judged.shape), name)
    }
  }

  @Test(arguments: ["grey", "colour"])
  func fieldsAreSmoothedAndBendAsInSciPy(kind: String) throws {
    let judged = try Judged(kind)
    let plane = ImageSet.Shape(height: judged.shape.height, width: judged.shape.width, channels: 1)
    let noise = try judged.golden["\(kind)/noise"]
    var smoothed: [Float] = []
    for field in 0..<2 {
      var values = Array(noise[field * plane.size..<(field + 1) * plane.size])
      var between = values
      var weights = [Float](repeating: 0, count: GaussianWindow.mostWeights)
      weights.withUnsafeMutableBufferPointer { weights in
        GaussianWindow(sigma: 1.5, in: weights.baseAddress!).smooth(&values, shape: plane, between: &between)
      }
      smoothed += values
    }
    expectClose(smoothed, try judged.golden["\(kind)/smoothed"], relative: 1e-6, "smoothed")
    let fields = try judged.golden["\(kind)/fields"]
    let bent = withCanvas(judged.clean, judged.shape, scratchSize: judged.shape.size + 64) { canvas in
      fields.withUnsafeBufferPointer { fields in
        Elastic.bend(canvas, rows: fields.baseAddress!, columns: fields.baseAddress! + plane.size)
      }
    }
    try judged.expect(bent, "bent")
  }

  @Test(arguments: shapes)
  func withoutStrengthNothingChanges(shape: ImageSet.Shape) throws {
    let set = ramp(shape)
    for step in [
      Recipe.Step(Shear(factor: 0...0)), .init(SmallRotation(angle: 0...0)), .init(Translation(distance: 0...0)),
      .init(Blur(sigma: 0)), .init(SaltAndPepper(share: 0)), .init(Contrast(factor: 1)),
      .init(Stripes(period: 5, width: 0)), .init(Elastic(strength: 0)),
    ] {
      #expect(try Recipe(name: "none", steps: [step]).compiled(for: shape).apply(to: set, seed: 1) == set, "\(step)")
    }
  }

  /// The largest settings that recipes may have: the image is lost, and nothing else.
  @Test(arguments: shapes)
  func theLargestStrengths(shape: ImageSet.Shape) throws {
    let set = ramp(shape, count: 2)
    for step in [
      Recipe.Step(Shear(factor: 10...10)), .init(SmallRotation(angle: 180...180)),
      .init(Translation(distance: 10_000...10_000)), .init(Blur(sigma: 32)), .init(SaltAndPepper(share: 1)),
      .init(Contrast(factor: 100)), .init(Stripes(period: 100_000, width: 100_000, value: 3)),
      .init(Elastic(strength: 1000, smoothness: 0)), .init(Elastic(strength: 1000, smoothness: 32)),
    ] {
      #expect(try Recipe(name: "all", steps: [step]).compiled(for: shape).apply(to: set, seed: 1).count == 2)
    }
    let gone = try distort(set, by: Translation(distance: 10_000...10_000)).pixels
    #expect(gone.allSatisfy { $0.allSatisfy { $0 == 0 } })
  }

  @Test func numbersOfAnySizeAreBeyondTheBorder() {
    let shape = ImageSet.Shape(height: 2, width: 3, channels: 1)
    for value in [Float.nan, .infinity, -.infinity, 1e30, -1e30] {
      let drawn: Parameters = [value, 1, 0, 0, 0, 0, 0, 0]
      #expect(apply(Translation(), drawn: drawn, to: [1, 2, 3, 4, 5, 6], of: shape) == [0, 0, 0, 0, 0, 0])
    }
  }

  @Test func eitherDirectionAsOftenAndWithinTheRange() throws {
    let set = ramp(.init(height: 3, width: 4, channels: 1), count: 4000)
    for (drawn, name, range) in [
      (try distort(set, by: Shear(factor: 0.25...0.75)).drawn, "factor", Float(0.25)...0.75),
      (try distort(set, by: SmallRotation(angle: 10...30)).drawn, "angle", 10...30),
    ] {
      let values = drawn.map { $0[name]! }
      #expect(values.allSatisfy { range.contains(abs($0)) })
      #expect(abs(values.count { $0 > 0 } - 2000) < 127, "\(name)")
      let middle = (range.lowerBound + range.upperBound) / 2
      #expect(abs(values.count { abs($0) > middle } - 2000) < 127, "\(name)")
    }
    let moves = try distort(set, by: Translation(distance: 2...6)).drawn.map { ($0["rows"]!, $0["columns"]!) }
    #expect(moves.allSatisfy { (1.9999...6.0001).contains(($0.0 * $0.0 + $0.1 * $0.1).squareRoot()) })
    for quadrant in [(1, 1), (1, -1), (-1, 1), (-1, -1)] as [(Float, Float)] {
      #expect(abs(moves.count { $0.0 * quadrant.0 > 0 && $0.1 * quadrant.1 > 0 } - 1000) < 110, "\(quadrant)")
    }
  }

  /// An image that says in each pixel where it came from shows its displacement: in the middle it has the standard
  /// deviation that was asked for, and no direction.
  @Test func bendsAreAsStrongAsAsked() throws {
    let shape = ImageSet.Shape(height: 41, width: 41, channels: 1)
    let slope = ImageSet(
      shape: shape, pixels: (0..<400).flatMap { _ in image(shape) { _, column, _ in UInt8(6 * column) } },
      name: "slope", source: "made")
    for (strength, smoothness) in [(1.5, 4.0), (1, 2), (2, 0)] {
      let bent = try distort(slope, by: Elastic(strength: strength, smoothness: smoothness)).pixels
      let moves = bent.map { (Double($0[20 * 41 + 20]) - 120) / 6 }
      let mean = moves.reduce(0, +) / 400
      let deviation = (moves.reduce(0) { $0 + $1 * $1 } / 400).squareRoot()
      #expect(abs(mean) < 4 * strength / 20)
      #expect(abs(deviation / strength - 1) < 4 / 800.0.squareRoot(), "\(deviation) for \(strength)")
    }
  }
}
