import Restoration

/// What a search may choose from.
public struct SearchSpace: Sendable {
  public var name: String
}
