import ImageSets

/// How probable it is that an image ends in each orientation with each damage: what a recipe says of the images that it
/// makes before any of them is looked at.
package struct Outcomes: Sendable, Equatable {
  /// By `Orientation.number` and `Damage.rawValue`; their sum is 1.
  private var probabilities = [Double](repeating: 0, count: orientations * damages)

  private static let orientations = Orientation.allCases.count
  private static let damages = Damage.allCases.count

  /// Nothing is done.
  package init() { self[.upright, .none] = 1 }

  private init(empty: Void) {}

  package internal(set) subscript(orientation: Orientation, damage: Damage) -> Double {
    get { probabilities[orientation.number * Self.damages + damage.rawValue] }
    set { probabilities[orientation.number * Self.damages + damage.rawValue] = newValue }
  }

  /// One behind the other, each drawn by itself.
  func followed(by next: Outcomes) -> Outcomes {
    var result = Outcomes(empty: ())
    for (first, firstDamage, share) in possible {
      for (second, secondDamage, nextShare) in next.possible {
        result[first.followed(by: second), max(firstDamage, secondDamage)] += share * nextShare
      }
    }
    return result
  }

  private var possible: [(Orientation, Damage, Double)] {
    Orientation.allCases.flatMap { orientation in
      Damage.allCases.compactMap { damage in
        self[orientation, damage] > 0 ? (orientation, damage, self[orientation, damage]) : nil
      }
    }
  }

  /// One of several, each with its share; the shares' sum is 1.
  static func mixture(_ parts: [(outcomes: Outcomes, share: Double)]) -> Outcomes {
    var result = Outcomes(empty: ())
    for (outcomes, share) in parts {
      for place in result.probabilities.indices { result.probabilities[place] += share * outcomes.probabilities[place] }
    }
    return result
  }

  init(of distortion: some Distortion, for shape: ImageSet.Shape) {
    for (orientation, probability) in distortion.orientations(for: shape) {
      self[orientation, type(of: distortion).damage] += probability
    }
  }
}

extension Recipe {
  /// What becomes of images of this shape, exactly.
  package func outcomes(for shape: ImageSet.Shape) -> Outcomes { Self.outcomes(of: steps, for: shape) }

  /// Whether no image is flipped or turned by right angles.
  package var keepsOrientation: Bool {
    let outcomes = outcomes(for: ImageSet.Shape(height: 8, width: 8, channels: 1))
    return Orientation.allCases.allSatisfy { orientation in
      orientation == .upright || Damage.allCases.allSatisfy { outcomes[orientation, $0] == 0 }
    }
  }

  private static func outcomes(of steps: [Step], for shape: ImageSet.Shape) -> Outcomes {
    steps.reduce(Outcomes()) { $0.followed(by: outcomes(of: $1, for: shape)) }
  }

  private static func outcomes(of step: Step, for shape: ImageSet.Shape) -> Outcomes {
    let done: Outcomes
    switch step.action {
    case .distortion(let distortion): done = Outcomes(of: distortion, for: shape)
    case .allOf(let steps): done = outcomes(of: steps, for: shape)
    case .oneOf(let choices):
      let total = choices.reduce(0) { $0 + $1.weight }
      done = .mixture(
        choices.map { (outcomes(of: $0, for: shape), $0.weight / total) })
    }
    return .mixture([(done, step.probability), (Outcomes(), 1 - step.probability)])
  }
}
