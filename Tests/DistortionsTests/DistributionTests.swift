import Distortions
import ImageSets
import TestSupport
import Testing

/// How often the report's recipes do what, over 20,000 images of 28×28. Four standard deviations of a share of 1/3
/// are 267, of 1/2 283, of 1/9 178.
@Suite struct DistributionTests {
  private static let count = 20_000
  private let geometry: Set = ["up-down-flip", "left-right-flip", "rotation"]
  private let noise: Set = ["gaussian-noise", "brightness-gradient"]

  private func records(_ recipe: String) throws -> [DistortionRecord] {
    let distorter = try Recipe.named(recipe).compiled(for: .init(height: 28, width: 28, channels: 1))
    return (0..<Self.count).map { distorter.record(seed: 6, index: $0) }
  }

  private func shares(_ records: [DistortionRecord]) -> [String: Int] {
    records.flatMap(\.distortions).reduce(into: [:]) { $0[$1.distortion, default: 0] += 1 }
  }

  @Test func reportMultiple() throws {
    let records = try records("report-multiple")
    for record in records {
      let names = record.distortions.map(\.distortion)
      try #require(names.count == 2 || names.count == 3)
      #expect(geometry.contains(names[0]) && noise.contains(names[1]))
      #expect(names.count == 2 || names[2] == "occlusion")
    }
    let shares = shares(records)
    for name in geometry { #expect(abs(shares[name]! - Self.count / 3) < 267, "\(name)") }
    for name in noise { #expect(abs(shares[name]! - Self.count / 2) < 283, "\(name)") }
    #expect(abs(shares["occlusion"]! - Self.count / 2) < 283)
    let angles = records.compactMap { $0.distortions[0].parameters["angle"] }
    for angle: Float in [90, 180, 270] { #expect(abs(angles.count { $0 == angle } - Self.count / 9) < 178) }
    let both = records.count { $0.distortions[1].distortion == "gaussian-noise" && $0.distortions.count == 3 }
    #expect(abs(both - Self.count / 4) < 245, "noise and occlusion depend on each other")
  }

  @Test func reportSingle() throws {
    let records = try records("report-single")
    #expect(records.allSatisfy { $0.distortions.count == 1 })
    let shares = shares(records)
    for name in geometry { #expect(abs(shares[name]! - Self.count / 9) < 178, "\(name)") }
    for name in noise { #expect(abs(shares[name]! - Self.count / 6) < 211, "\(name)") }
    #expect(abs(shares["occlusion"]! - Self.count / 3) < 267)
  }

  @Test func gradientsAreUniform() throws {
    let drawn = try records("brightness-gradient").map { $0.distortions[0].parameters }
    for name in ["row", "column"] {
      let values = drawn.map { $0[name]! }
      #expect(Set(values) == Set((0..<28).map(Float.init)))
      #expect(abs(values.reduce(0, +) / Float(Self.count) - 13.5) < 0.23)
    }
    let peaks = drawn.map { $0["peak"]! }
    #expect(peaks.allSatisfy { (0...30).contains($0) })
    for tenth in 0..<10 {
      #expect(abs(peaks.count { Int($0 / 3) == tenth } - Self.count / 10) < 170, "\(tenth)")
    }
  }

  @Test func weightsAndProbabilities() throws {
    let recipe = Recipe(
      name: "weighted",
      steps: [
        .init(.oneOf([.init(UpDownFlip(), weight: 3), .init(LeftRightFlip(), probability: 0.5)]), probability: 0.4),
        .init(GaussianNoise(), probability: 0),
      ])
    let distorter = try recipe.compiled(for: .init(height: 4, width: 4, channels: 1))
    let counts = distorter.counts(of: Self.count, seed: 1)
    #expect(abs(counts[0] - 6_000) < 260)
    #expect(abs(counts[1] - 1_000) < 125)
    #expect(counts[2] == 0)
  }
}
