import Distortions
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// The models that are served, read once; every thread makes its own networks of them.
package struct ServedModels: Sendable {
  final class Entry: Sendable {
    let name: String
    let model: Model
    let isClassifier: Bool
    /// Of every image.
    let shape: ImageSet.Shape
    /// In the order of a classifier's probabilities.
    let classes: [String]
    /// What the model says of itself, asked once.
    let takesAnySize: Bool
    let hasPaper: Bool
    let findsOrientations: Bool

    init(name: String, path: String) throws {
      (self.name, model) = (name, try Model.open(path))
      isClassifier = model.parts.allSatisfy { $0.plan.task == .classification }
      let classifier = isClassifier ? try Classifier(model.parts[0]) : nil
      guard let shape = try classifier?.shape ?? Restorer(model).shape else {
        throw UsageError("\(path) takes no images", remedy: "Name a model that restores or classifies images.")
      }
      self.shape = shape
      classes = classifier?.classNames ?? []
      (takesAnySize, hasPaper) = (model.takesAnySize, model.hasPaper)
      findsOrientations = model.orientation != nil
    }
  }

  let entries: [Entry]
  /// What restores, what classifies and what corrects pages where a request names nothing.
  let corrector: Entry?
  let classifier: Entry?
  let pageCorrector: Entry?

  /// - Parameters:
  ///   - models: files, runs' folders or names of those that come with tiddu; none: all of those.
  ///   - classifier: another one than the first among `models` or the one that comes with tiddu.
  /// - Throws: `UsageError`, `DataError`, `SystemError` as `Model.open`.
  package init(_ models: [String], classifier: String?) throws {
    let isDefault = models.isEmpty
    var paths = isDefault ? ShippedModels.names : models
    if let classifier, !paths.contains(classifier) { paths.append(classifier) }
    var entries: [Entry] = []
    for path in paths {
      let name = Self.name(of: path)
      guard !entries.contains(where: { $0.name == name }) else {
        throw UsageError("two models would be called \(name)", remedy: "Give one of the files or folders another name.")
      }
      entries.append(try Entry(name: name, path: path))
    }
    if classifier == nil, !entries.contains(where: \.isClassifier) {
      entries.append(try Entry(name: ShippedModels.reader, path: ShippedModels.reader))
    }
    self.entries = entries
    let correctors = entries.filter { !$0.isClassifier }
    corrector = correctors.first { isDefault && $0.name == ShippedModels.corrector } ?? correctors.first
    self.classifier =
      entries.first { $0.isClassifier && (classifier == nil || $0.name == Self.name(of: classifier ?? "")) }
    let forPages = correctors.filter { Self.isOfPages($0.shape) && $0.model.parts.count == 2 }
    pageCorrector = forPages.first { isDefault && $0.name == ShippedModels.pageCorrector } ?? forPages.first
    if let classifier, self.classifier == nil {
      throw UsageError("\(classifier) names no classes", remedy: "Name a classifier, such as tiddu-reader.")
    }
  }

  private static func isOfPages(_ shape: ImageSet.Shape) -> Bool {
    shape.channels == 1 && shape.height == shape.width
  }

  /// The last part of a path without its ending, as it can stand in an address.
  private static func name(of path: String) -> String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    let bare = last.hasSuffix(".safetensors") ? String(last.dropLast(".safetensors".count)) : last
    return String(bare.unicodeScalars.map { isPlain($0) ? Character($0) : "-" })
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || "-_.".unicodeScalars.contains(scalar))
  }

  /// - Throws: `Fault` where there is none of this name.
  func entry(named name: String) throws -> Entry {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw Fault(.notFound, "There is no such model. There are: \(entries.map(\.name).joined(separator: ", ")).")
    }
    return entry
  }

  /// The named corrector, or the usual one.
  func corrector(named name: String?) throws -> Entry {
    let entry = try name.map(entry) ?? corrector
    guard let entry else { throw Fault(.notFound, "No model that restores images is served here.") }
    guard !entry.isClassifier else { throw Fault(.badRequest, "\(entry.name) restores no images; it classifies them.") }
    return entry
  }

  /// The named classifier, or the usual one.
  func classifier(named name: String?) throws -> Entry {
    let entry = try name.map(entry) ?? classifier
    guard let entry else { throw Fault(.notFound, "No classifier is served here.") }
    guard entry.isClassifier else { throw Fault(.badRequest, "\(entry.name) names no classes; it restores images.") }
    return entry
  }
}

/// One thread's networks.
final class Networks {
  private let models: ServedModels
  private var restorers: [String: Restorer] = [:]
  private var expecting: [String: Restorer] = [:]
  private var classifiers: [String: Classifier] = [:]

  init(_ models: ServedModels) { self.models = models }

  /// - Parameter recipe: the name of a built-in recipe.
  func restorer(_ name: String, expecting recipe: String) throws -> Restorer {
    let key = "\(name) \(recipe)"
    if let restorer = expecting[key] { return restorer }
    let base = try restorers[name] ?? Restorer(models.entry(named: name).model)
    restorers[name] = base
    let expected = Recipe.builtIn.first { $0.name == recipe } ?? .expected
    let restorer = base.findsOrientations ? try base.expecting(expected) : base
    expecting[key] = restorer
    return restorer
  }

  func classifier(_ name: String) throws -> Classifier {
    if let classifier = classifiers[name] { return classifier }
    let classifier = try Classifier(models.entry(named: name).model.parts[0])
    classifiers[name] = classifier
    return classifier
  }

  /// What reads pages with this corrector, or with none.
  func pageReader(_ classifier: String, corrector: String?, areUpright: Bool) throws -> PageReader {
    try PageReader(self.classifier(classifier), corrector: pageCorrector(corrector, areUpright: areUpright))
  }

  func pageCorrector(_ name: String?, areUpright: Bool = false) throws -> PageCorrector {
    try PageCorrector(name.map { try restorer($0, expecting: Recipe.onPages.name) }, areUpright: areUpright)
  }
}
