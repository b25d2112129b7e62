import Distortions
import ImageSets
import Support
import TestSupport
import Testing

@Suite struct OrientationTests {
  private static let square = ImageSet.Shape(height: 5, width: 5, channels: 3)

  @Test func oneAfterTheOther() {
    let set = ramp(Self.square, count: 1)
    for first in Orientation.allCases {
      let once = set.oriented { _ in first }
      #expect(once.oriented { _ in first.inverse } == set)
      #expect((once.pixels == set.pixels) == (first == .upright))
      for second in Orientation.allCases {
        #expect(
          once.oriented { _ in second } == set.oriented { _ in first.followed(by: second) }, "\(first), \(second)")
      }
    }
  }

  /// The eight are different, and what the words say.
  @Test func placesOfPixels() {
    #expect(Set(Orientation.allCases.map { $0.sources(height: 3, width: 3) }).count == 8)
    let expected: [Orientation: [Int32]] = [
      .upright: [0, 1, 2, 3, 4, 5, 6, 7, 8], .upDownFlip: [6, 7, 8, 3, 4, 5, 0, 1, 2],
      .leftRightFlip: [2, 1, 0, 5, 4, 3, 8, 7, 6], .rotation90: [2, 5, 8, 1, 4, 7, 0, 3, 6],
      .rotation180: [8, 7, 6, 5, 4, 3, 2, 1, 0], .rotation270: [6, 3, 0, 7, 4, 1, 8, 5, 2],
      .transposition: [0, 3, 6, 1, 4, 7, 2, 5, 8], .antitransposition: [8, 5, 2, 7, 4, 1, 6, 3, 0],
    ]
    for (orientation, places) in expected {
      #expect(orientation.sources(height: 3, width: 3) == places, "\(orientation)")
    }
    #expect(
      Orientation.rotation270.label == "rotation by 270 degrees" && Orientation.upDownFlip.label == "up-down flip")
  }

  /// What the distorter says of images is what it does to them, several distortions one after the other too.
  @Test func asTheDistorterLaysThem() throws {
    let recipe = Recipe(
      name: "turns",
      steps: [
        .init(LeftRightFlip(), probability: 0.5), .init(Rotation(), probability: 0.75),
        .init(.oneOf([.init(UpDownFlip()), .init(Rotation(angles: [90]))]), probability: 0.5),
      ])
    let set = ramp(Self.square, count: 200)
    let distorter = try recipe.compiled(for: set.shape)
    let found = (0..<200).map { distorter.orientation(seed: 3, epoch: 2, index: $0) }
    #expect(Set(found).count == 8)
    #expect(distorter.apply(to: set, seed: 3, epoch: 2) == set.oriented { found[$0] })
  }
}

@Suite struct GroupTests {
  private static let group = Recipe(
    name: "all or nothing",
    steps: [
      .init(.allOf([.init(UpDownFlip()), .init(Occlusion(), probability: 0.5), .init(Rotation())]), probability: 0.6)
    ])

  @Test func aGroupIsDoneAsAWhole() throws {
    let counts = try Self.group.compiled(for: ramp(.init(height: 4, width: 4, channels: 1)).shape)
      .counts(of: 4000, seed: 1)
    #expect(counts[0] == counts[2] && abs(counts[0] - 2400) < 130 && abs(counts[1] - 1200) < 130)
  }

  @Test func groupsInFiles() throws {
    #expect(try Recipe(yaml: Self.group.yaml()) == Self.group)
    func problem(_ yaml: String) -> String {
      (#expect(throws: DataError.self) { try Recipe(yaml: yaml) })?.description ?? ""
    }
    #expect(problem("steps: [{all-of: []}]").contains("steps[0].all-of: expected at least one step"))
    #expect(
      problem("steps: [{all-of: [{up-down-flip: , weight: 2}]}]").contains("all-of[0].weight: expected no weight"))
    let deep = String(repeating: "{all-of: [", count: 9) + "up-down-flip" + String(repeating: "]}", count: 9)
    #expect(problem("steps: [\(deep)]").contains("at most 8"))
  }

  /// Of each family a share is left out, each by itself.
  @Test func whatTidduLearnsFrom() throws {
    let shape = ImageSet.Shape(height: 28, width: 28, channels: 1)
    let distorter = try Recipe.tidduTraining.compiled(for: shape)
    let images = 8000
    let untouched = (0..<images).count { distorter.record(seed: 1, index: $0).distortions.isEmpty }
    let upright = (0..<images).count { distorter.orientation(seed: 1, index: $0) == .upright }
    #expect(abs(Double(untouched) / Double(images) - 0.25 * 0.22 * 0.58) < 0.01)
    #expect(abs(Double(upright) / Double(images) - 0.25) < 0.02)
  }
}
