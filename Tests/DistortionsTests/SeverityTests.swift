import Distortions
import ImageSets
import Support
import TestSupport
import Testing

/// Distortions by their severity, as a slider gives them.
@Suite struct SeverityTests {
  private static let digits = SyntheticDigits().imageSet(.test, first: 20)

  private func distance(_ a: ImageSet, _ b: ImageSet) -> Double {
    zip(a.pixels, b.pixels).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(a.pixels.count)
  }

  @Test func nothingIsDoneToNothing() throws {
    let (images, record) = try GradedDistortions(["rotation": 1]).apply(to: Self.digits.selecting([]), seed: 3)
    #expect(images.count == 0 && record.distortions.isEmpty)
  }

  @Test(arguments: DistortionRegistry.distortions.map { $0.name })
  func moreIsMore(name: String) throws {
    func distorted(_ severity: Double) throws -> ImageSet {
      try GradedDistortions([name: severity]).apply(to: Self.digits, seed: 3).images
    }
    #expect(try distorted(0) == Self.digits)
    let type = try #require(DistortionRegistry.distortions.first { $0.name == name })
    for severity in [0.001, 0.01, 0.2, 0.5, 0.77, 1] {
      try (type.graded(severity) ?? type.init()).validate()
      _ = try distorted(severity)
    }
    guard type.graded(1) != nil else {
      #expect(try distorted(1) != Self.digits)
      return
    }
    let (little, much) = (distance(try distorted(0.3), Self.digits), distance(try distorted(1), Self.digits))
    // Quarter turns are as far from upright, whichever it is.
    #expect(name == Rotation.name ? little > 0 && much > 0 : much > little && much > 4, "\(little) \(much)")
  }

  @Test func rotationTurnsByThirds() throws {
    for (severity, angle) in [(1.0 / 3, 90), (2.0 / 3, 180), (1, 270), (0.01, 90)] {
      #expect(Rotation.graded(severity) == Rotation(angles: [angle]))
    }
  }

  /// What a slider in the middle and one at its end stand for.
  @Test func theScale() {
    #expect(GaussianNoise.graded(0.5) == GaussianNoise(sigma: 50))
    #expect(BrightnessGradient.graded(1) == BrightnessGradient(peak: 200...200))
    #expect(Occlusion.graded(1) == Occlusion(side: 0.6...0.6))
    #expect(Shear.graded(1) == Shear(factor: 0.9...0.9))
    #expect(SmallRotation.graded(0.5) == SmallRotation(angle: 22.5...22.5))
    #expect(Translation.graded(0.5) == Translation(distance: 5...5))
    #expect(Blur.graded(0.5) == Blur(sigma: 1))
    #expect(SaltAndPepper.graded(1) == SaltAndPepper(share: 0.4))
    #expect(Contrast.graded(0.5) == Contrast(factor: 0.55))
    #expect(Stripes.graded(0.5) == Stripes(period: 10, width: 1) && Stripes.graded(1) == Stripes(period: 6, width: 2))
    #expect(Elastic.graded(0.5) == Elastic(strength: 1, smoothness: 3))
    #expect(ToneCurve.graded(0.5) == ToneCurve(bias: 0.3...0.3, level: 0.7...0.7))
    #expect(ImpulseNoise.graded(1) == ImpulseNoise(share: 0.4...0.4))
    #expect(Speckle.graded(0.5) == Speckle(sigma: 0.6...0.6))
    #expect(Lines.graded(0.5) == Lines(count: 3...3, width: 0.7...2, value: 100...255))
    #expect(Lines.graded(1) == Lines(count: 6...6, width: 0.7...2, value: 100...255))
    #expect(MotionBlur.graded(0.5) == MotionBlur(length: 5...5))
  }

  /// A distortion beside another leaves that one's numbers as they are.
  @Test func eachDrawsByItself() throws {
    let alone = try GradedDistortions(["occlusion": 0.5]).apply(to: Self.digits, seed: 7).record
    let both = try GradedDistortions(["occlusion": 0.5, "blur": 0.3, "up-down-flip": 1]).apply(to: Self.digits, seed: 7)
    #expect(both.record.distortions.map(\.distortion) == ["up-down-flip", "occlusion", "blur"])
    #expect(both.record.distortions[1] == alone.distortions[0])
    let other = try GradedDistortions(["occlusion": 0.5]).apply(to: Self.digits, seed: 8).record
    #expect(other != alone)
  }

  @Test func handsComeFirst() { #expect(GradedDistortions.order.first?.name == "handwriting") }

  @Test func refusesWhatIsNone() {
    #expect(throws: UsageError.self) { try GradedDistortions(["gausian-noise": 0.5]) }
    for severity in [-0.1, 1.1, .nan, .infinity] {
      #expect(throws: UsageError.self) { try GradedDistortions(["blur": severity]) }
    }
  }
}
