import Support

/// A preset's name, or `{dense: {layers: […], neurons: […]}}`.
extension ArchitectureChoice: Codable {
  package init(from decoder: any Decoder) throws {
    if let name = SettingsReader.text(of: decoder) {
      self = .preset(name)
      return
    }
    let reader = try SettingsReader(decoder, known: Family.allCases.map(\.rawValue), what: "kind of network")
    let families = Family.allCases.filter { reader.contains($0.rawValue) }
    guard let family = families.first, families.count == 1 else {
      throw DataError(
        settingsAt: decoder.codingPath, expected: "dense or conv", found: families.isEmpty ? "neither" : "both",
        remedy: "Begin each with a dash.")
    }
    let inner = try reader.inner(family.rawValue, known: ["layers", "neurons"])
    let layers: [Int] = try inner.read("layers", as: "a list of whole numbers", default: [3])
    let neurons: [Int] = try inner.read("neurons", as: "a list of whole numbers", default: [64])
    guard !layers.isEmpty, !neurons.isEmpty else {
      throw DataError(
        settingsAt: decoder.codingPath, expected: "layers and neurons", found: "an empty list",
        remedy: "Name at least one number.")
    }
    self = .family(family, layers: layers, neurons: neurons)
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .preset(let name):
      var container = encoder.singleValueContainer()
      try container.encode(name)
    case .family(let family, let layers, let neurons):
      try [family.rawValue: ["layers": layers, "neurons": neurons]].encode(to: encoder)
    }
  }
}

/// `none`, or `{penalties: [l1, l2, both], weights: […], on: [all, kernels]}`.
extension RegularizerChoice: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable { case penalties, weights, on }

  package init(from decoder: any Decoder) throws {
    if let name = SettingsReader.text(of: decoder) {
      guard name == "none" else {
        throw DataError(
          settingsAt: decoder.codingPath, expected: "none, or a mapping", found: "\"\(name)\"",
          remedy: "Write for example \"{penalties: [l1], weights: [1e-4], on: [kernels]}\".")
      }
      self = .none
      return
    }
    let reader = try SettingsReader(decoder, known: CodingKeys.allCases.map(\.rawValue))
    kinds = try reader.read("penalties", as: "a list of l1, l2 and both", default: Kind.allCases)
    weights = try reader.read("weights", as: "a list of numbers, or from and to", default: .list([]))
    places = try reader.read("on", as: "a list of all and kernels", default: [.kernels])
    if case .list(let list) = weights, let tiny = list.first(where: { Float($0) == 0 }) {
      throw DataError(
        settingsAt: decoder.codingPath + [CodingKeys.weights], expected: "weights that 32 bits can tell from 0",
        found: "\(tiny)", remedy: "Write \"none\" for no penalty.")
    }
    guard !kinds.isEmpty, !places.isEmpty, weights != .list([]) else {
      throw DataError(
        settingsAt: decoder.codingPath, expected: "penalties, weights and what they are on", found: "an empty list",
        remedy: "Write \"none\" for no penalty.")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    if self == .none {
      var container = encoder.singleValueContainer()
      try container.encode("none")
      return
    }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kinds, forKey: .penalties)
    try container.encode(weights, forKey: .weights)
    try container.encode(places, forKey: .on)
  }
}

/// `[1e-3, 1e-4]`, or `{from: 1e-5, to: 1e-2}`.
extension Numbers: Codable {
  package init(from decoder: any Decoder) throws {
    if let list = try? decoder.singleValueContainer().decode([Double].self) {
      self = .list(list)
    } else {
      guard (try? decoder.container(keyedBy: SettingsReader.Key.self)) != nil else {
        throw DataError(
          settingsAt: decoder.codingPath, expected: "a list of numbers, or from and to",
          found: SettingsReader.text(of: decoder) ?? "something else", remedy: "Write for example [0.001, 0.0001].")
      }
      let reader = try SettingsReader(decoder, known: ["from", "to"])
      self = .range(
        from: try reader.read("from", as: "a number", default: 0), to: try reader.read("to", as: "a number", default: 0)
      )
    }
    guard isValid else {
      throw DataError(
        settingsAt: decoder.codingPath, expected: "positive numbers, \"from\" below \"to\"", found: "\(self)",
        remedy: "Write for example [0.001, 0.0001], or {from: 0.0001, to: 0.01}.")
    }
  }

  /// Those of a list; none of a range.
  var values: [Double] {
    if case .list(let list) = self { list } else { [] }
  }

  var isRange: Bool {
    if case .range = self { true } else { false }
  }

  private var isValid: Bool {
    switch self {
    case .list(let list): !list.isEmpty && list.allSatisfy { $0.isFinite && $0 > 0 }
    case .range(let from, let to): from > 0 && from < to && to.isFinite
    }
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .list(let list): try list.encode(to: encoder)
    case .range(let from, let to): try ["from": from, "to": to].encode(to: encoder)
    }
  }
}

extension Numbers: CustomStringConvertible {
  package var description: String {
    switch self {
    case .list(let list): "\(list)"
    case .range(let from, let to): "\(from) to \(to)"
    }
  }
}
