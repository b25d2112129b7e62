import Distortions
import Groundwork

/// How often each orientation is to be expected, as a multiple of how often a network met it in training.
///
/// A network that learned from all eight alike knows nothing of where it will be used; this is where it is told.
public struct OrientationWeights: Equatable, Sendable {
  private var weights: [Orientation: Float]

  /// - Parameter weights: those left out are 1; 0 is for what never occurs.
  public init(_ weights: [Orientation: Float] = [:]) { self.weights = weights }

  public subscript(orientation: Orientation) -> Float { weights[orientation] ?? 1 }

  /// Throws a `UsageError` for a weight that is out of its range.
  func validate() throws {
    guard Orientation.allCases.allSatisfy({ self[$0] >= 0 && self[$0] <= 1000 }),
      Orientation.allCases.contains(where: { self[$0] > 0 })
    else {
      throw UsageError(
        "weights of orientations \(Orientation.allCases.map { self[$0] })",
        remedy: "Each is a number from 0 to 1000, and at least one is not 0.")
    }
  }
}

/// In files: a mapping of orientations' names to numbers.
extension OrientationWeights: Codable {
  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ orientation: Orientation) { stringValue = orientation.rawValue }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    weights = [:]
    for key in container.allKeys {
      guard let orientation = Orientation(rawValue: key.stringValue) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container,
          debugDescription: "there is no orientation \"\(key.stringValue)\" "
            + "(known: \(Orientation.allCases.map(\.rawValue).joined(separator: ", ")))")
      }
      weights[orientation] = try container.decode(Float.self, forKey: key)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    for orientation in Orientation.allCases {
      if let weight = weights[orientation] { try container.encode(weight, forKey: Name(orientation)) }
    }
  }
}
