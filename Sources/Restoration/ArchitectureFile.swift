import Distortions
public import ImageSets
public import NeuralNetworks
import Support

/// A network of one's own, as YAML: what checkpoints store, written by hand. `Documentation/Networks.md` describes it.
package struct ArchitectureFile: Sendable {
  package let path: String
  /// What it is called; without a name, after the file.
  private var name: String
  /// (H, W, C); nil follows the data.
  package var input: [Int]?
  private let layers: [NamedLayer]

  /// Whether a name is that of such a file.
  package static func isNamed(_ path: String) -> Bool {
    [".yaml", ".yml"].contains { path.lowercased().hasSuffix($0) }
  }

  /// What a network is called whose file does not say it: after the file.
  package static func name(of path: String) -> String {
    String(path.split(separator: "/").last?.prefix { $0 != "." } ?? "network")
  }

  /// - Throws: `SystemError` where it cannot be read; `DataError` that names the layer and its place in the file.
  package init(_ path: String) throws {
    let written = try YAMLText.read(
      Written.self, contentsOf: path, what: "a network in YAML",
      remedy: "tiddu summary PRESET --yaml prints one to start from.")
    self.path = path
    name = written.name ?? Self.name(of: path)
    input = written.input
    var architecture = Architecture(name: name, input: written.input ?? [1, 1, 1], named: written.layers)
    architecture.nameLayers()
    layers = architecture.layers
    if let input { _ = try self.architecture(taking: input) }
  }

  private struct Written: Decodable {
    var name: String?
    var input: [Int]?
    var layers: [NamedLayer]
  }

  /// The network for images of these extents, or of its own.
  ///
  /// - Throws: `DataError` naming the layer that does not fit and its place in the file, or for an input that is missing
  ///   or another one than the images'.
  package func architecture(taking extents: [Int]? = nil) throws(DataError) -> Architecture {
    guard let input = extents ?? input else {
      throw DataError(
        file: path, place: "input", expected: "the extents of an image, such as [28, 28, 1]", found: "none",
        remedy: "Add the line, or name data to take them from.")
    }
    if let own = self.input, own != input {
      throw DataError(
        file: path, place: "input", expected: "\(input), as the images are", found: "\(own)",
        remedy: "Change it, or leave it out: it then follows the data.")
    }
    let architecture = Architecture(name: name, input: input, named: layers)
    do throws(Architecture.Fault) {
      _ = try architecture.checkedShapes()
    } catch {
      throw DataError(
        file: path, place: error.layer.map { "layers[\($0)] (\(layers[$0].name))" }, expected: "layers that fit",
        found: error.problem, remedy: error.remedy)
    }
    return architecture
  }

  /// What it is trained to make small unless told otherwise: the cross-entropy that its last function goes with, or the
  /// squared error.
  package var naturalLoss: Loss {
    Architecture(name: name, input: input ?? [1, 1, 1], named: layers).naturalLoss
  }

  /// How such a network is trained unless told otherwise: by its output, to restore images that `report-multiple`
  /// distorts or to tell their classes.
  ///
  /// - Throws: what `architecture(taking:)` throws; `DataError` where it answers with neither images nor classes.
  package func plan(for data: DataDescription) throws -> TrainingPlan {
    let architecture = try architecture(taking: data.shape.extents)
    guard let plan = try TrainingPlan(naturalFor: architecture, data) else {
      throw DataError(
        file: path, place: "layers[\(layers.count - 1)] (\(layers.last?.name ?? ""))",
        expected: "an output of \(architecture.input), or a softmax over the \(data.classes.count) classes",
        found: "\(architecture.finalActivation.rawValue) over \(try architecture.outputShape())",
        remedy: "Change the last layers.")
    }
    return plan
  }
}

extension TrainingPlan {
  /// By a network's output: to restore images that `report-multiple` distorts, or to tell their classes; nil where it answers
  /// with neither. The loss is the cross-entropy that the last function goes with, or the squared error.
  ///
  /// - Throws: what `Architecture.shapes` throws.
  package init?(naturalFor architecture: Architecture, _ data: DataDescription) throws {
    let output = try architecture.outputShape()
    self.init(architecture: architecture, loss: architecture.naturalLoss, recipe: .reportMultiple)
    let restores = output == architecture.input && loss.target == .image
    let classifies = output == [data.classes.count] && loss.target == .label
    guard restores || classifies else { return nil }
    if classifies {
      recipe = .identity
      setClasses(data.classes)
    }
    hasPaper = data.hasPaper
  }
}

extension Architecture {
  /// What it is trained to make small unless told otherwise.
  package var naturalLoss: Loss {
    switch finalActivation {
    case .sigmoid: .binaryCrossEntropy
    case .softmax: .categoricalCrossEntropy
    default: .meanSquaredError
    }
  }
}

extension Architecture {
  /// A network of one's own, as Documentation/Networks.md describes it.
  ///
  /// - Parameters:
  ///   - path: the YAML file.
  ///   - shape: of the images that it is for; an input that the file names must be as large.
  /// - Throws: `SystemError` where the file cannot be read; `DataError` that names the layer and its place in the file.
  public init(contentsOf path: String, for shape: ImageSet.Shape) throws {
    self = try ArchitectureFile(path).architecture(taking: shape.extents)
  }

  /// The network as a file to start from.
  package func yaml() throws -> String { try YAMLText.of(self) }
}
