/// A text with its emphases, written as a literal: `"restores \(strong: "76 %"), see \(code: "report.json")"`.
public struct RichText: Equatable, Sendable, ExpressibleByStringInterpolation, ExpressibleByStringLiteral {
  public enum Run: Equatable, Sendable {
    case plain(String)
    case strong(String)
    /// A name as programs write it.
    case code(String)
    /// To a section of the same document.
    case link(String, section: String)
  }

  public private(set) var runs: [Run]

  public init(stringLiteral text: String) { runs = [.plain(text)] }

  public init(stringInterpolation: StringInterpolation) { runs = stringInterpolation.runs }

  public init(_ text: String) { runs = [.plain(text)] }

  /// Without emphases.
  public var text: String {
    runs.map { run in
      switch run {
      case .plain(let text), .strong(let text), .code(let text), .link(let text, _): text
      }
    }.joined()
  }

  public static func + (first: RichText, second: RichText) -> RichText {
    var sum = first
    sum.runs += second.runs
    return sum
  }

  public struct StringInterpolation: StringInterpolationProtocol {
    var runs: [Run] = []

    public init(literalCapacity: Int, interpolationCount: Int) {}

    public mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { runs.append(.plain(literal)) }
    }
    public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      runs.append(.plain(value.description))
    }
    public mutating func appendInterpolation(_ words: RichText) { runs += words.runs }
    public mutating func appendInterpolation(strong text: String) { runs.append(.strong(text)) }
    public mutating func appendInterpolation(code text: String) { runs.append(.code(text)) }
    public mutating func appendInterpolation(_ text: String, to section: String) {
      runs.append(.link(text, section: section))
    }
  }
}
