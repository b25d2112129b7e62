/// A text with its emphases, written as a literal: `"restores \(strong: "76 %"), see \(code: "report.json")"`.
package struct RichText: Equatable, Sendable, ExpressibleByStringInterpolation, ExpressibleByStringLiteral {
  package enum Run: Equatable, Sendable {
    case plain(String)
    case strong(String)
    /// A name as programs write it.
    case code(String)
    /// To a section of the same document.
    case link(String, section: String)
  }

  package private(set) var runs: [Run]

  package init(stringLiteral text: String) { runs = [.plain(text)] }

  package init(stringInterpolation: StringInterpolation) { runs = stringInterpolation.runs }

  package init(_ text: String) { runs = [.plain(text)] }

  /// Without emphases.
  package var text: String {
    runs.map { run in
      switch run {
      case .plain(let text), .strong(let text), .code(let text), .link(let text, _): text
      }
    }.joined()
  }

  package static func + (first: RichText, second: RichText) -> RichText {
    var sum = first
    sum.runs += second.runs
    return sum
  }

  package struct StringInterpolation: StringInterpolationProtocol {
    var runs: [Run] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { runs.append(.plain(literal)) }
    }
    package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      runs.append(.plain(value.description))
    }
    package mutating func appendInterpolation(_ words: RichText) { runs += words.runs }
    package mutating func appendInterpolation(strong text: String) { runs.append(.strong(text)) }
    package mutating func appendInterpolation(code text: String) { runs.append(.code(text)) }
    package mutating func appendInterpolation(_ text: String, to section: String) {
      runs.append(.link(text, section: section))
    }
  }
}
