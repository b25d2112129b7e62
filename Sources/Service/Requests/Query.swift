import Hummingbird

/// A request's query, each of whose parameters must be known.
struct Query {
  private let values: [String: String]

  /// - Throws: `Fault` for a parameter that is unknown or given twice.
  init(_ request: Request, known: [String]) throws {
    var values: [String: String] = [:]
    for (key, value) in request.uri.queryParameters {
      let key = String(key)
      guard known.contains(key) else {
        throw Fault(.badRequest, "Unknown parameter. Known: \(known.joined(separator: ", ")).")
      }
      guard values.updateValue(String(value), forKey: key) == nil else {
        throw Fault(.badRequest, "\(key) is given twice.")
      }
    }
    self.values = values
  }

  func text(_ key: String) -> String? { values[key] }

  func flag(_ key: String) throws -> Bool {
    switch values[key] {
    case nil, "false": return false
    case "true": return true
    default: throw Fault(.badRequest, "\(key) is true or false.")
    }
  }

  func probability(_ key: String) throws -> Float {
    guard let text = values[key] else { return 0 }
    // Judged before it is rounded.
    guard let value = Double(text), (0...1).contains(value) else {
      throw Fault(.badRequest, "\(key) is a number from 0 to 1.")
    }
    return Float(value)
  }

  func choice(_ key: String, among choices: [String]) throws -> String? {
    guard let text = values[key] else { return nil }
    guard choices.contains(text) else {
      throw Fault(.badRequest, "\(key) is one of \(choices.joined(separator: ", ")).")
    }
    return text
  }
}

/// What a client takes as an answer.
struct Acceptance {
  private let ranges: [(type: String, quality: Double)]

  init(_ request: Request) {
    let header = request.headers[values: .accept].joined(separator: ",")
    ranges = header.split(separator: ",").map { range in
      let parts = range.split(separator: ";").map { $0.trimmed }
      let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
      return (parts.first?.lowercased() ?? "", quality ?? 1)
    }
  }

  /// Of what can be given, best first, what the client wants most.
  ///
  /// - Throws: `Fault` where it takes none.
  func choose(among offers: [String]) throws -> String {
    guard !ranges.isEmpty else { return offers[0] }
    let rated = offers.map { offer in (offer, quality(of: offer)) }
    guard let best = rated.map(\.1).max(), best > 0, let chosen = rated.first(where: { $0.1 == best }) else {
      throw Fault(.notAcceptable, "This can be had as \(offers.joined(separator: " or ")) alone.")
    }
    return chosen.0
  }

  /// Of the most specific range that has it.
  private func quality(of offer: String) -> Double {
    let group = offer.prefix { $0 != "/" } + "/*"
    for range in [offer, String(group), "*/*"] {
      if let found = ranges.first(where: { $0.type == range }) { return found.quality }
    }
    return 0
  }
}

extension StringProtocol {
  var trimmed: String {
    String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
