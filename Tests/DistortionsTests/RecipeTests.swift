import Distortions
import Foundation
import ImageSets
import Support
import TestSupport
import Testing

@Suite struct RecipeTests {
  @Test func builtInRecipesReadBackFromTheirYAML() throws {
    for recipe in Recipe.builtIn {
      #expect(try Recipe(yaml: recipe.yaml()) == recipe)
      #expect(try JSONDecoder().decode(Recipe.self, from: JSONEncoder().encode(recipe)) == recipe)
      #expect(try Recipe.named(recipe.name) == recipe)
    }
  }

  @Test func settingsAreRead() throws {
    let recipe = try Recipe(
      yaml: """
        name: mine
        steps:
        - one-of:
          - up-down-flip
          - rotation: {angles: [90, 270]}
            weight: 2
          - one-of: [left-right-flip, identity-free]
        """.replacingOccurrences(of: ", identity-free", with: "")
          + """

          - gaussian-noise: {sigma: 12.5}
            probability: 0.25
          - brightness-gradient: {peak: [-5, 60]}
          - occlusion:
          """)
    let expected = Recipe(
      name: "mine",
      steps: [
        .init(
          .oneOf([
            .init(UpDownFlip()), .init(Rotation(angles: [90, 270]), weight: 2), .init(.oneOf([.init(LeftRightFlip())])),
          ])),
        .init(GaussianNoise(sigma: 12.5), probability: 0.25), .init(BrightnessGradient(peak: -5...60)),
        .init(Occlusion()),
      ])
    #expect(recipe == expected)
    #expect(try Recipe(yaml: recipe.yaml()) == expected)
    #expect(recipe != .reportMultiple)
  }

  @Test func printedAsOneWouldWriteIt() throws {
    #expect(
      try Recipe.reportMultiple.yaml() == """
        name: report-multiple
        steps:
        - one-of:
          - up-down-flip: {}
          - left-right-flip: {}
          - rotation:
              angles: [90, 180, 270]
        - one-of:
          - gaussian-noise:
              sigma: 30
          - brightness-gradient:
              peak: [0, 30]
              falloff: 0.1
        - occlusion:
            side: [0.25, 0.5]
            value: 255
          probability: 0.5

        """)
  }

  @Test func filesAreRecipesToo() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/mine.yaml"
      try WholeFile.write("steps: [occlusion, {gaussian-noise: {sigma: 7}}]\n", to: path)
      #expect(try Recipe.named(path).steps == [.init(Occlusion()), .init(GaussianNoise(sigma: 7))])
      try WholeFile.write("steps: [oclusion]\n", to: path)
      let error = try #require(throws: DataError.self) { try Recipe.named(path) }
      #expect(error.file == path && error.place == "steps[0]" && error.remedy.contains("\"occlusion\""))
      try WholeFile.write([0x73, 0xff, 0xfe], to: path)
      #expect(throws: DataError.self) { try Recipe.named(path) }
    }
    let error = try #require(throws: UsageError.self) { try Recipe.named("report-mutliple") }
    #expect(error.remedy.contains("\"report-multiple\"") && error.remedy.contains("brightness-gradient"))
    #expect(throws: UsageError.self) { try Recipe.named("nowhere/none.yaml") }
    #expect(throws: UsageError.self) { try Recipe.named("") }
  }

  /// Text, and what the error's place and whole wording must hold.
  @Test(arguments: [
    ("steps: [rotate]", "steps[0]", "Did you mean \"rotation\"?"),
    ("steps:\n- rotation: {angle: [90]}", "steps[0].rotation", "Did you mean \"angles\"?"),
    ("steps:\n- rotation: {angles: [45]}", "steps[0].rotation.angles", "found 45"),
    ("steps:\n- rotation: {angles: []}", "steps[0].rotation.angles", "found none"),
    ("steps:\n- rotation: {angles: 90}", "steps[0].rotation.angles", "found \"90\""),
    ("steps:\n- rotation: [90]", "steps[0].rotation", "expected a mapping"),
    ("steps:\n- up-down-flip: {sigma: 3}", "steps[0].up-down-flip", "found \"sigma\""),
    ("steps:\n- occlusion:\n  probabilty: 1", "steps[0]", "Did you mean \"probability\"?"),
    ("steps:\n- occlusion:\n  probability: 1.5", "steps[0].probability", "from 0 to 1, found 1.5"),
    ("steps:\n- occlusion:\n  probability: -0.1", "steps[0].probability", "found -0.1"),
    ("steps:\n- occlusion:\n  probability: .nan", "steps[0].probability", "found nan"),
    ("steps:\n- occlusion:\n  probability: often", "steps[0].probability", "found \"often\""),
    ("steps:\n- occlusion:\n  weight: 2", "steps[0].weight", "outside \"one-of\""),
    ("steps:\n- one-of: []", "steps[0].one-of", "found none"),
    ("steps:\n- one-of: rotation", "steps[0].one-of", "a list of steps"),
    ("steps:\n- one-of:\n  - occlusion:\n    weight: 0", "steps[0].one-of[0].weight", "found 0"),
    ("steps:\n- one-of:\n  - occlusion:\n    weight: .inf", "steps[0].one-of[0].weight", "found inf"),
    ("steps:\n- occlusion: {side: [0.5, 0.25]}", "steps[0].occlusion.side", "the smaller one first"),
    ("steps:\n- occlusion: {side: [0.5, 1.25]}", "steps[0].occlusion.side", "found 1.25"),
    ("steps:\n- occlusion: {side: [.nan, 1]}", "steps[0].occlusion.side", "the smaller one first"),
    ("steps:\n- occlusion: {value: 256}", "steps[0].occlusion.value", "found 256"),
    ("steps:\n- occlusion: {value: 1.5}", "steps[0].occlusion.value", "a whole number"),
    ("steps:\n- gaussian-noise: {sigma: -1}", "steps[0].gaussian-noise.sigma", "found -1"),
    ("steps:\n- gaussian-noise: {sigma: .inf}", "steps[0].gaussian-noise.sigma", "found inf"),
    ("steps:\n- brightness-gradient: {peak: 30}", "steps[0].brightness-gradient.peak", "two numbers"),
    ("steps:\n- brightness-gradient: {peak: [0, .inf]}", "steps[0].brightness-gradient.peak", "found inf"),
    ("steps:\n- brightness-gradient: {falloff: -1}", "steps[0].brightness-gradient.falloff", "found -1"),
    ("steps:\n- shear: {factor: [0, 11]}", "steps[0].shear.factor", "found 11"),
    ("steps:\n- shear: {factor: [-1, 1]}", "steps[0].shear.factor", "found -1"),
    ("steps:\n- shear: {factor: 1}", "steps[0].shear.factor", "two numbers"),
    ("steps:\n- small-rotation: {angle: [0, 1e300]}", "steps[0].small-rotation.angle", "found 1e+300"),
    ("steps:\n- small-rotation: {angles: [1, 2]}", "steps[0].small-rotation", "Did you mean \"angle\"?"),
    ("steps:\n- translation: {distance: [0, .inf]}", "steps[0].translation.distance", "found inf"),
    ("steps:\n- translation: {distance: [.nan, 1]}", "steps[0].translation.distance", "the smaller one first"),
    ("steps:\n- blur: {sigma: 33}", "steps[0].blur.sigma", "from 0 to 32"),
    ("steps:\n- blur: {sigma: .nan}", "steps[0].blur.sigma", "found nan"),
    ("steps:\n- salt-and-pepper: {share: 1.1}", "steps[0].salt-and-pepper.share", "found 1.1"),
    ("steps:\n- contrast: {factor: -1}", "steps[0].contrast.factor", "found -1"),
    ("steps:\n- contrast: {factor: 1e300}", "steps[0].contrast.factor", "found 1e+300"),
    ("steps:\n- stripes: {period: 0}", "steps[0].stripes.period", "found 0"),
    ("steps:\n- stripes: {period: 9223372036854775807}", "steps[0].stripes.period", "from 1 to 100000"),
    ("steps:\n- stripes: {period: 3, width: 4}", "steps[0].stripes.width", "from 0 to 3"),
    ("steps:\n- stripes: {width: -9223372036854775808}", "steps[0].stripes.width", "from 0 to 7"),
    ("steps:\n- stripes: {value: -1}", "steps[0].stripes.value", "found -1"),
    ("steps:\n- elastic: {strength: .inf}", "steps[0].elastic.strength", "found inf"),
    ("steps:\n- elastic: {smoothness: 1e30}", "steps[0].elastic.smoothness", "from 0 to 32"),
    ("steps:\n- occlusion:\n  rotation:", "steps[0]", "rotation and occlusion"),
    ("steps:\n- probability: 1", "steps[0]", "found none"),
    ("steps:\n- []", "steps[0]", "expected a mapping"),
    ("steps: occlusion", "steps", "a list of steps"),
    ("step: []", nil, "Did you mean \"steps\"?"),
    ("name: x", nil, "expected a list \"steps\""),
    ("", nil, "expected"), ("[]", nil, "expected"), ("42", nil, "expected"),
    ("steps: [", nil, "expected a recipe in YAML"),
    ("steps: []\nsteps: []", nil, "expected a recipe in YAML"),
    (String(repeating: "[", count: 20_000), nil, "expected a recipe in YAML"),
    (
      "steps: " + String(repeating: "[{one-of: ", count: 40) + "[]" + String(repeating: "}]", count: 40), nil,
      "at most 8"
    ),
  ])
  func badRecipes(yaml: String, place: String?, wording: String) throws {
    let error = try #require(throws: DataError.self, "\(yaml)") { try Recipe(yaml: yaml, file: "bad.yaml") }
    #expect(error.file == "bad.yaml" && "\(error)".contains(wording), "\(error)")
    if let place { #expect(error.place == place, "\(error)") }
    #expect("\(error)".split(separator: "\n").count == 2, "\(error)")
  }

  @Test func recipesMadeInSwiftAreValidatedToo() {
    let shape = ImageSet.Shape(height: 3, width: 3, channels: 1)
    for step in [
      Recipe.Step(Rotation(angles: [])), .init(GaussianNoise(sigma: .nan)), .init(.oneOf([])),
      .init(Occlusion(), probability: 2),
    ] {
      #expect(throws: DataError.self) { try Recipe(name: "bad", steps: [step]).compiled(for: shape) }
    }
  }
}
