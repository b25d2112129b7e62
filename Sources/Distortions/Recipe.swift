public import ImageSets
import Support

/// What is to be done to images: steps in order, each with its probability, some of them a choice.
///
/// A small value that stands in YAML files (see Documentation/Distortions.md); `compiled(for:)` makes it work.
public struct Recipe: Sendable, Equatable, Encodable {
  /// What it is called in errors, files and tables.
  public var name: String
  package var steps: [Step]

  package init(name: String, steps: [Step]) {
    self.name = name
    self.steps = steps
  }

  package struct Step: Sendable, Equatable {
    /// What a step does to the image.
    package enum Action: Sendable {
      case distortion(any Distortion)
      /// Exactly one of these steps, each as often as its weight says.
      case oneOf([Step])
      /// These steps, one behind the other.
      case allOf([Step])
    }

    package var action: Action
    /// How often the step is done at all, 0…1.
    package var probability: Double
    /// How often it is chosen inside `oneOf`, compared with the others there.
    package var weight: Double

    /// One of several, drawn with their weights.
    package static func oneOf(_ steps: [Step], probability: Double = 1) -> Step {
      Step(.oneOf(steps), probability: probability)
    }

    package init(_ action: Action, probability: Double = 1, weight: Double = 1) {
      self.action = action
      self.probability = probability
      self.weight = weight
    }

    package init(_ distortion: some Distortion, probability: Double = 1, weight: Double = 1) {
      self.init(.distortion(distortion), probability: probability, weight: weight)
    }
  }

  /// Throws a `DataError` that names the place when a probability, weight or setting is out of its range.
  package func validate() throws {
    try Step.validate(sequence: steps, at: "steps", depth: 0)
  }

  /// Every image of a set distorted: a pure function of the image, its number, the seed and the epoch, the same on every
  /// machine and any number of threads.
  ///
  /// - Throws: `UsageError` or `DataError` for a recipe that is none, or does not suit images of this shape.
  public func distort(_ set: ImageSet, seed: UInt64 = 1, epoch: Int = 0) throws -> ImageSet {
    try compiled(for: set.shape).apply(to: set, seed: seed, epoch: epoch)
  }

  /// The recipe made ready for images of one shape; throws what `validate` throws.
  package func compiled(for shape: ImageSet.Shape) throws -> Distorter {
    try validate()
    return Distorter(recipe: self, shape: shape)
  }
}

extension Recipe.Step {
  /// One inside the other; the report needs two. A limit keeps files from exhausting the stack.
  static let deepest = 8

  fileprivate static func validate(sequence steps: [Recipe.Step], at place: String, depth: Int) throws {
    for (index, step) in steps.enumerated() {
      try step.validate(at: "\(place)[\(index)]", depth: depth)
      guard step.weight == 1 else {
        throw fault(
          at: "\(place)[\(index)].weight", expected: "no weight outside \"one-of\"", found: brief(step.weight),
          remedy: "Say how often a step is done with \"probability\".")
      }
    }
  }

  fileprivate func validate(at place: String, depth: Int) throws {
    guard (0...1).contains(probability) else {
      throw fault(
        at: "\(place).probability", expected: "a number from 0 to 1", found: brief(probability),
        remedy: "1 is always, 0 never.")
    }
    switch action {
    case .distortion(let distortion):
      do {
        try distortion.validate()
      } catch {
        throw fault(
          at: "\(place).\(type(of: distortion).name).\(error.setting)", expected: error.expected,
          found: error.found, remedy: "Without it, the default is used.")
      }
    case .allOf(let steps):
      try checkGroup(steps, at: "\(place).all-of", depth: depth)
      try Self.validate(sequence: steps, at: "\(place).all-of", depth: depth + 1)
    case .oneOf(let choices):
      try checkGroup(choices, at: "\(place).one-of", depth: depth)
      for (index, choice) in choices.enumerated() {
        try choice.validate(at: "\(place).one-of[\(index)]", depth: depth + 1)
        guard choice.weight > 0, choice.weight <= 1e6 else {
          throw fault(
            at: "\(place).one-of[\(index)].weight", expected: "a number over 0, up to 1000000",
            found: brief(choice.weight), remedy: "Leave out what is never to be chosen.")
        }
      }
    }
  }
}

private func checkGroup(_ steps: [Recipe.Step], at place: String, depth: Int) throws {
  guard !steps.isEmpty, depth < Recipe.Step.deepest else {
    throw fault(
      at: place, expected: "at least one step, at most \(Recipe.Step.deepest) deep",
      found: steps.isEmpty ? "none" : "more", remedy: "Leave it away, or put the steps side by side.")
  }
}

private func fault(at place: String, expected: String, found: String, remedy: String) -> DataError {
  DataError(file: "recipe", place: place, expected: expected, found: found, remedy: remedy)
}

extension Recipe.Step.Action: Equatable {
  package static func == (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.distortion(let a), .distortion(let b)): AnyHashable(a) == AnyHashable(b)
    case (.oneOf(let a), .oneOf(let b)), (.allOf(let a), .allOf(let b)): a == b
    default: false
    }
  }
}
