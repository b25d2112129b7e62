import Groundwork

extension Recipe {
  /// Leaves pictures as they are.
  public static let identity = Recipe(name: "identity", steps: [])

  /// Exactly one of geometry, noise and occlusion, all alike.
  public static let reportSingle = Recipe(
    name: "report-single", steps: [Step(.oneOf([geometry, noise, Step(Occlusion())]))])

  /// Geometry and noise always, and an occlusion on half of the pictures.
  public static let reportMultiple = Recipe(
    name: "report-multiple", steps: [geometry, noise, Step(Occlusion(), probability: 0.5)])

  /// What `tiddu-small` and `tiddu-best` learn to redraw from: the report's distortions, each family now and then left out, and a
  /// quarter of the pictures left as they are, so that those that want nothing are known too.
  public static let tidduTraining = Recipe(
    name: "tiddu-training",
    steps: [
      Step(
        .allOf([
          Step(geometry.action, probability: 0.9), Step(noise.action, probability: 0.9),
          Step(Occlusion(), probability: 0.5),
        ]), probability: 0.75)
    ])

  /// What they learn to find orientations from: all eight as often, so that none is learned worse than others, and an
  /// eighth of the pictures left as they are.
  public static let tidduOrientation = Recipe(
    name: "tiddu-orientation",
    steps: [
      Step(
        .allOf([
          Step(LeftRightFlip(), probability: 0.5), Step(Rotation(), probability: 0.75),
          Step(noise.action, probability: 0.95), Step(Occlusion(), probability: 0.5),
        ]), probability: 0.875)
    ])

  private static let geometry = Step(.oneOf([Step(UpDownFlip()), Step(LeftRightFlip()), Step(Rotation())]))
  private static let noise = Step(.oneOf([Step(GaussianNoise()), Step(BrightnessGradient())]))

  /// The report's, none, and each distortion alone.
  public static let builtIn: [Recipe] =
    [reportSingle, reportMultiple, identity, tidduTraining, tidduOrientation]
    + Catalogue.distortions.map { Recipe(name: $0.name, steps: [Step($0.init())]) }

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
