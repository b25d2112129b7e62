import Support

extension Recipe {
  /// Leaves images as they are.
  public static let identity = Recipe(name: "identity", steps: [])

  /// Exactly one of geometry, noise and occlusion, all alike.
  public static let reportSingle = Recipe(
    name: "report-single", steps: [Step(.oneOf([geometry, noise, Step(Occlusion())]))])

  /// Geometry and noise always, and an occlusion on half of the images.
  public static let reportMultiple = Recipe(
    name: "report-multiple", steps: [geometry, noise, Step(Occlusion(), probability: 0.5)])

  /// What `tiddu-small` and `tiddu-best` learn to restore from: the report's distortions, each family now and then left
  /// out, and a quarter of the images left as they are, so that those that want nothing are known too.
  public static let tidduTraining = Recipe(
    name: "tiddu-training", steps: [oftenDistorted(0.75, geometry: 0.9, noise: 0.9)])

  /// What they learn to find orientations from: the same, but nearer to `reportMultiple`. An image without any noise is
  /// nearly always one that was not distorted, so that a clean image is turned only where there is no doubt.
  public static let tidduOrientation = Recipe(
    name: "tiddu-orientation", steps: [oftenDistorted(0.88, geometry: 0.95, noise: 0.97)])

  /// What the denoiser learns from: Gaussian noise whose standard deviation is one of 0, 5, …, 55 levels, all alike.
  public static let denoising = Recipe(
    name: "denoising",
    steps: [Step(.oneOf(stride(from: 0.0, through: 55, by: 5).map { Step(GaussianNoise(sigma: $0)) }))])

  private static func oftenDistorted(_ share: Double, geometry geometric: Double, noise noisy: Double) -> Step {
    Step(
      .allOf([
        Step(geometry.action, probability: geometric), Step(noise.action, probability: noisy),
        Step(Occlusion(), probability: 0.5),
      ]), probability: share)
  }

  /// The report's families, each with its settings.
  package static let geometry = Step(.oneOf([Step(UpDownFlip()), Step(LeftRightFlip()), Step(Rotation())]))
  package static let noise = Step(.oneOf([Step(GaussianNoise()), Step(BrightnessGradient())]))

  /// The report's, none, and each distortion alone.
  public static let builtIn: [Recipe] =
    [reportSingle, reportMultiple, identity, tidduTraining, tidduOrientation, denoising]
    + DistortionRegistry.distortions.map { Recipe(name: $0.name, steps: [Step($0.init())]) }

  /// The built-in recipe of this name, or the one in the file at this path.
  public static func named(_ name: String) throws -> Recipe {
    if let recipe = builtIn.first(where: { $0.name == name }) { return recipe }
    if Folder.kind(of: name) == .file { return try Recipe(contentsOf: name) }
    let names = builtIn.map(\.name)
    throw UsageError(
      "there is no recipe \"\(name)\", neither built in nor as a file",
      remedy: "Did you mean \"\(nearest(to: name, among: names) ?? "")\"? Built in: \(names.joined(separator: ", ")).")
  }
}
