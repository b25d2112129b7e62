import Support

extension Recipe {
  /// Reads and validates a YAML file; throws `SystemError`, or a `DataError` that names the place.
  package init(contentsOf path: String) throws {
    self = try YAMLText.read(Recipe.self, contentsOf: path, what: Self.what, remedy: Self.remedy)
  }

  /// From YAML text; `file` is what errors call it.
  public init(yaml: String, file: String = "recipe") throws {
    self = try YAMLText.read(Recipe.self, from: yaml, file: file, what: Self.what, remedy: Self.remedy)
  }

  private static let what = "a recipe in YAML"
  private static let remedy = "Documentation/Distortions.md has an example."

  /// The recipe as a file that reads back equal.
  public func yaml() throws -> String { try YAMLText.of(self) }
}

extension Recipe: Decodable {
  public init(from decoder: any Decoder) throws {
    let reader = try SettingsReader(decoder, known: ["name", "steps"], what: "recipe's key")
    guard reader.contains("steps") else {
      throw DataError(
        settingsAt: decoder.codingPath, expected: "a list \"steps\"", found: "none",
        remedy: "Write \"steps: []\" for a recipe that changes nothing.")
    }
    name = try reader.read("name", as: "a name", default: "unnamed")
    steps = try reader.read("steps", as: "a list of steps", default: [])
    try validate()
  }
}

/// A step is the name of a distortion alone, or a mapping of that name (or "one-of", or "all-of") to the settings (or a
/// list of steps), with "probability" and "weight" beside it.
extension Recipe.Step: Codable {
  private static let oneOf = "one-of"
  private static let allOf = "all-of"
  private static var actions: [String] { [oneOf, allOf] + DistortionRegistry.distortions.map { $0.name } }

  package init(from decoder: any Decoder) throws {
    if let name = SettingsReader.text(of: decoder) {
      guard let type = DistortionRegistry.distortions.first(where: { $0.name == name }) else {
        throw DataError(
          settingsAt: decoder.codingPath, expected: "a distortion", found: "\"\(name)\"",
          remedy: "Did you mean \"\(nearest(to: name, among: Self.actions) ?? "")\"?")
      }
      self.init(.distortion(type.init()))
      return
    }
    let reader = try SettingsReader(
      decoder, known: Self.actions + ["probability", "weight"], what: "distortion, \"probability\" or \"weight\"")
    let names = Self.actions.filter(reader.contains)
    guard let name = names.first, names.count == 1 else {
      throw DataError(
        settingsAt: decoder.codingPath, expected: "one distortion a step",
        found: names.isEmpty ? "none" : names.joined(separator: " and "), remedy: "Begin each step with a dash.")
    }
    self.init(
      try Self.action(name, in: reader),
      probability: try reader.read("probability", as: "a number", default: 1),
      weight: try reader.read("weight", as: "a number", default: 1))
  }

  private static func action(_ name: String, in reader: SettingsReader) throws -> Action {
    guard let type = DistortionRegistry.distortions.first(where: { $0.name == name }) else {
      let path = reader.container.codingPath
      guard path.count < 2 * (deepest + 1) else {  // each level adds its name and an index
        throw DataError(
          settingsAt: path, expected: "at most \(deepest) lists of steps in each other", found: "more",
          remedy: "Put the steps side by side.")
      }
      let steps: [Recipe.Step] = try reader.read(name, as: "a list of steps", default: [])
      return name == oneOf ? .oneOf(steps) : .allOf(steps)
    }
    let key = SettingsReader.Key(name)
    if try reader.container.decodeNil(forKey: key) { return .distortion(type.init()) }
    return .distortion(try reader.container.decode(type, forKey: key))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: SettingsReader.Key.self)
    switch action {
    case .distortion(let distortion):
      try container.encode(distortion, forKey: SettingsReader.Key(type(of: distortion).name))
    case .oneOf(let steps): try container.encode(steps, forKey: SettingsReader.Key(Self.oneOf))
    case .allOf(let steps): try container.encode(steps, forKey: SettingsReader.Key(Self.allOf))
    }
    if probability != 1 { try container.encode(probability, forKey: SettingsReader.Key("probability")) }
    if weight != 1 { try container.encode(weight, forKey: SettingsReader.Key("weight")) }
  }
}
