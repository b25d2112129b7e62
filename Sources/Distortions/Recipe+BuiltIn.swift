import Support

extension Recipe {
  /// Leaves images as they are.
  package static let identity = Recipe(name: "identity", steps: [])

  /// Exactly one of geometry, noise and occlusion, all alike.
  package static let reportSingle = Recipe(
    name: "report-single", steps: [Step(.oneOf([geometry, noise, Step(Occlusion())]))])

  /// Geometry and noise always, and an occlusion on half of the images.
  public static let reportMultiple = Recipe(
    name: "report-multiple", steps: [geometry, noise, Step(Occlusion(), probability: 0.5)])

  /// The use case of a corrector: a third of the images clean, a third by `reportSingle`, a third by `reportMultiple`.
  package static let partlyDamaged = Recipe(
    name: "partly-damaged",
    steps: [
      Step(.oneOf([Step(.allOf(reportSingle.steps)), Step(.allOf(reportMultiple.steps))]), probability: 2.0 / 3)
    ])

  /// What a corrector expects where nobody says how its images come to be as they are: most of them clean, and clean ones
  /// upright but for one in a hundred, damaged ones less surely so. Chosen so that images which need nothing come to no harm.
  public static let expected = Recipe(
    name: "everyday",
    steps: [
      Step(
        .oneOf([
          Step(geometry.action, probability: 0.01, weight: 6),
          Step(.allOf([Step(geometry.action, probability: 0.1), noise]), weight: 2.5),
          Step(
            .allOf([
              Step(geometry.action, probability: 0.4), Step(noise.action, probability: 0.5), Step(Occlusion()),
            ]), weight: 1.5),
        ]))
    ])

  /// What a corrector expects of digits that were found on a page whose orientation is known: none is turned, few are damaged.
  package static let onPages = Recipe(
    name: "on-pages", steps: [Step(.oneOf([noise, Step(Occlusion())]), probability: 0.04)])

  /// Clean images in each orientation that single distortions give, all alike: what orientations are compared by.
  package static let anyOrientation = Recipe(
    name: "any-orientation",
    steps: [
      Step(.oneOf([Step(UpDownFlip()), Step(LeftRightFlip()), Step(Rotation(), weight: 3)]), probability: 5.0 / 6),
      Step(noise.action, probability: 0.1),
    ])

  /// What `tiddu-small` and `tiddu-best` learn from: damage of many kinds, from none to strong, upright or not. None of it
  /// is what Kannada-MNIST-C holds out.
  package static let tidduTraining = Recipe(
    name: "tiddu-training",
    steps: [
      Step(geometry.action, probability: 0.75),
      Step(
        .oneOf([
          Step(noise.action, weight: 2), Step(.oneOf(otherDamage)),
          Step(.allOf([Step(.oneOf(otherDamage)), noise]), weight: 0.3),
        ]), probability: 0.8),
      Step(
        .oneOf([
          Step(Occlusion(), weight: 4), Step(Occlusion(side: 0.1...0.3)), Step(Occlusion(side: 0.3...0.6)),
        ]), probability: 0.45),
    ])

  /// What `tiddu-reader` learns from: mostly clean images.
  package static let tidduReading = Recipe(
    name: "tiddu-reading",
    steps: [
      Step(.oneOf([Step(noise.action), Step(.oneOf(otherDamage))]), probability: 0.25),
      Step(Occlusion(side: 0.1...0.4), probability: 0.1),
    ])

  /// Damage that is not the report's, or is stronger than the report's.
  private static let otherDamage: [Step] =
    [10, 20, 50, 80].map { Step(GaussianNoise(sigma: $0), weight: 0.6) }
    + [
      Step(BrightnessGradient(peak: 0...80)), Step(BrightnessGradient(peak: 30...160)), Step(ToneCurve(), weight: 1.5),
      Step(.allOf([Step(ToneCurve()), Step(BrightnessGradient(peak: 0...60))])), Step(ImpulseNoise(), weight: 1.5),
      Step(Speckle()), Step(Lines(), weight: 1.5), Step(MotionBlur(), weight: 1.5),
    ]

  /// Other hands than those that wrote the training images: what varies the clean images that our models learn from.
  package static let hands = Recipe(name: "hands", steps: [Step(Handwriting(), probability: 0.7)])

  /// Hands as strange as a classifier may meet; what varies the images that `tiddu-reader` learns from.
  package static let strangeHands = Recipe(
    name: "strange-hands",
    steps: [
      Step(
        .oneOf([
          Step(Handwriting()),
          Step(Handwriting(slant: 0.25, angle: 12, scale: 0.18, shift: 2, bend: 1.6, pressure: -0.5...0.9)),
        ]), probability: 0.85)
    ])

  /// What the denoiser learns from: Gaussian noise whose standard deviation is one of 0, 5, …, 55 levels, all alike.
  package static let denoising = Recipe(
    name: "denoising",
    steps: [Step(.oneOf(stride(from: 0.0, through: 55, by: 5).map { Step(GaussianNoise(sigma: $0)) }))])

  /// The report's families, each with its settings.
  package static let geometry = Step(.oneOf([Step(UpDownFlip()), Step(LeftRightFlip()), Step(Rotation())]))
  package static let noise = Step(.oneOf([Step(GaussianNoise()), Step(BrightnessGradient())]))

  /// The report's, none, and each distortion alone.
  package static let builtIn: [Recipe] =
    [
      reportSingle, reportMultiple, partlyDamaged, expected, onPages, identity, tidduTraining, tidduReading, hands,
      strangeHands,
      denoising,
    ] + DistortionRegistry.builtIn.map(Recipe.init(of:))

  /// One distortion alone, with the settings that it has where none are named.
  private init(of distortion: any Distortion.Type) {
    self.init(name: distortion.name, steps: [Step(distortion.init())])
  }

  /// The built-in recipe of this name, a distortion's alone, or the one in the file at this path.
  public static func named(_ name: String) throws -> Recipe {
    if let recipe = builtIn.first(where: { $0.name == name }) { return recipe }
    if let own = DistortionRegistry.distortions.first(where: { $0.name == name }) { return Recipe(of: own) }
    if Folder.kind(of: name) == .file { return try Recipe(contentsOf: name) }
    let names = builtIn.map(\.name)
    throw UsageError(
      "there is no recipe \"\(name)\", neither built in nor as a file",
      remedy: "Did you mean \"\(nearest(to: name, among: names) ?? "")\"? Built in: \(names.joined(separator: ", ")).")
  }
}
