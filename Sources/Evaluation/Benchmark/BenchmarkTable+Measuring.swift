import Distortions
import ImageSets
import Support

/// Somebody to be measured by a benchmark.
package struct BenchmarkMethod {
  package enum Means {
    case corrector(any Corrector)
    /// Images that somebody else has corrected, given the set's name ("gaussian-noise-3"): as many, of the same shape,
    /// in the same order.
    case images((_ set: String) throws -> ImageSet)
    /// Classifies corrupted images as they are.
    case reader(any Recognizer)
  }

  /// Unlike those of all others.
  package var name: String
  /// What the name stands for.
  package var detail: String?
  package var means: Means

  package init(name: String, detail: String? = nil, _ means: Means) {
    self.name = name
    self.detail = detail
    self.means = means
  }
}

extension BenchmarkTable {
  /// What the images as they are are called.
  package static let asIs = "as is"

  /// Spoils clean images in every way, corrects them and has all versions read; those as they are only once, however
  /// many contend.
  ///
  /// - Parameters:
  ///   - title: what the benchmark is called on these images; see `KannadaMNISTC.title(of:)`.
  ///   - classifier: what the recognizer is called.
  ///   - baseline: the method that errors are told in shares of; nil for the images as they are.
  ///   - progress: called some times a set.
  ///
  /// Throws `UsageError` for names that are not unique or unknown; `DataError` for no images, a label that is missing
  /// or no class, figures that are no log-probabilities, or images that do not fit the set; and what methods throw.
  package init(
    of clean: ImageSet, title: String? = nil, recognizer: any Recognizer, classifier: String,
    methods: [BenchmarkMethod],
    baseline: String? = nil, corruptions: [Corruption] = KannadaMNISTC.corruptions,
    progress: (TableProgress) -> Void = { _ in }
  ) throws {
    benchmark = title ?? KannadaMNISTC.title(of: clean)
    set = clean.name
    source = clean.source
    images = clean.count
    self.classifier = classifier
    self.baseline = baseline ?? Self.asIs
    columns = [Column(name: Self.asIs, kind: .asIs)] + methods.map(Column.init)
    rows = []
    means = []
    errors = []
    let baseline = try Self.number(of: self.baseline, in: columns)
    let measuring = BenchmarkMeasuring(clean: clean, recognizer: recognizer, methods: methods)
    let sets = 1 + corruptions.reduce(0) { $0 + $1.severities.count }
    try measure(corruptions) { number, name, recipe, seed in
      try measuring.values(name, recipe, seed: seed) { done in
        let row = "\(name) (\(number) of \(sets))"
        progress(TableProgress(set: clean.name, row: row, done: done, total: clean.count))
      }
    }
    errors = columns.enumerated().map { CorruptionErrors(of: $1.name, number: $0, baseline: baseline, in: rows) }
  }

  /// Fills in the rows and their means. `values` measures the set of that number (from 1), name, recipe and seed.
  private mutating func measure(
    _ corruptions: [Corruption], _ values: (Int, String, Recipe, UInt64) throws -> [ImageValues]
  ) throws {
    let clean = try values(1, KannadaMNISTC.cleanName, .identity, 0)
    rows = [Row(corruption: KannadaMNISTC.cleanName, severity: 0, figures: ImageValues.figures(of: clean))]
    for corruption in corruptions {
      var sum: [ImageValues] = []
      for severity in corruption.severities {
        let (name, recipe) = (corruption.setName(severity: severity), corruption.recipe(severity: severity))
        let one = try values(rows.count + 1, name, recipe, corruption.seed)
        rows.append(Row(corruption, severity: severity, one))
        sum = sum.isEmpty ? one : zip(sum, one).map { $0.adding($1) }
      }
      means.append(Row(corruption, severity: nil, sum.map { $0.divided(by: Double(corruption.severities.count)) }))
    }
  }

  private static func number(of baseline: String, in columns: [Column]) throws(UsageError) -> Int {
    let names = columns.map(\.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw UsageError("\"\(twice)\" is named twice", remedy: "Give each its own name; a model's is its path.")
    }
    guard let number = names.firstIndex(of: baseline) else {
      throw UsageError(
        "the baseline \"\(baseline)\" is not among those measured",
        remedy: "Choose one of \(names.map { "\"\($0)\"" }.joined(separator: ", ")).")
    }
    return number
  }
}

extension BenchmarkTable.Column {
  fileprivate init(_ method: BenchmarkMethod) {
    name = method.name
    detail = method.detail
    if case .reader = method.means { kind = .direct } else { kind = .corrected }
  }
}

extension BenchmarkTable.Row {
  fileprivate init(_ corruption: Corruption, severity: Int?, _ values: [ImageValues]) {
    self.init(
      corruption: corruption.name, group: corruption.group, severity: severity,
      figures: ImageValues.figures(of: values))
  }
}
