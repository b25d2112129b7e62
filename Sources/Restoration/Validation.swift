/// What stands beside training to measure it. In files and on the command line: `none`, a share such as `0.2` of the
/// training set, `last:8800` for its last so many images, `writers` for a fifth of its writers, or the name of another set, such as `test`.
package enum Validation: Equatable, Sendable, LosslessStringConvertible, Codable {
  case none
  /// Drawn at random.
  case share(Double)
  /// The last images of a set that is ordered by writer: other writers than those trained on.
  case last(Int)
  /// Of a fifth of the writers, the last ones, where the set says who wrote each image.
  case writers
  case set(String)

  /// Nil for an empty text and for a number outside 0 … 1.
  package init?(_ text: String) {
    if text == "none" {
      self = .none
    } else if text == "writers" {
      self = .writers
    } else if let share = Double(text) {
      guard share > 0 && share < 1 else { return nil }
      self = .share(share)
    } else if text.hasPrefix("last:") {
      guard let count = Int(text.dropFirst(5)), count > 0 else { return nil }
      self = .last(count)
    } else if text.isEmpty {
      return nil
    } else {
      self = .set(text)
    }
  }

  package var description: String {
    switch self {
    case .none: "none"
    case .share(let share): "\(share)"
    case .last(let count): "last:\(count)"
    case .writers: "writers"
    case .set(let name): name
    }
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try (try? container.decode(String.self)) ?? "\(container.decode(Double.self))"
    guard let value = Validation(text) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription:
          "validation is none, a share between 0 and 1, last:COUNT, writers, or a set's name, not \(text)")
    }
    self = value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
