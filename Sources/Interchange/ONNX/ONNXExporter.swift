public import Distortions
import Foundation
import ImageSets
import NeuralNetworks
public import Restoration
import Support

/// Makes ONNX files of models, so that other programs can run them: what `Restorer` and `Classifier` do, as one graph.
///
/// A model of two parts becomes orientation, its exact inverse, restoration and the rule that leaves images alone. Inputs
/// and outputs are described in Documentation/Interchange.md.
public struct ONNXExporter {
  /// How images lie in memory outside the graph.
  package enum Layout: String, CaseIterable, Sendable {
    case channelsLast = "nhwc"
    case channelsFirst = "nchw"
  }

  /// What a pixel is outside the graph.
  package enum Pixels: String, CaseIterable, Sendable {
    /// From 0 to 1.
    case float32
    /// From 0 to 255.
    case uint8
  }

  package var layout = Layout.channelsLast
  package var pixels = Pixels.float32

  /// Whether images are (N, C, H, W) outside the graph, and not (N, H, W, C).
  public var isChannelsFirst: Bool {
    get { layout == .channelsFirst }
    set { layout = newValue ? .channelsFirst : .channelsLast }
  }

  /// Whether pixels are bytes from 0 to 255 outside the graph, and not floats from 0 to 1.
  public var takesBytes: Bool {
    get { pixels == .uint8 }
    set { pixels = newValue ? .uint8 : .float32 }
  }

  /// How the images come to be as they are; see `Restorer`.
  public var expected = Recipe.expected
  package var inpainting = Inpainting.sharp
  /// A classifier that reads what the model restored, behind it in the same graph.
  public var reader: Classifier? {
    didSet { classifier = reader?.checkpoint }
  }
  package var classifier: Checkpoint?
  /// Text about the model, to go with it.
  package var card: String?

  /// For floats from 0 to 1, (N, H, W, C).
  public init() {}

  /// Writes a model as an ONNX file.
  ///
  /// - Throws: `UsageError` for a layer that ONNX lacks, a model that answers with no images, or a classifier that does not
  ///   take them; `SystemError`.
  public func write(_ model: Model, to path: String) throws { try file(of: model).write(to: path) }

  /// - Throws: `UsageError` for a layer that ONNX lacks, a model that answers with no images, or a classifier that does not
  ///   take them.
  package func file(of model: Model) throws -> ONNXFile {
    guard let shape = model.parts.first?.architecture.imageShape else {
      throw UsageError(
        "\(model.name) takes no images of one or three channels",
        remedy: "Name a model for images; weights alone are exported by --format pytorch or keras.")
    }
    try check(model, shape)
    // A classifier reads images of one size.
    let takesAnySize = model.takesAnySize && classifier == nil
    var graph = ONNXGraph(takesAnySize: takesAnySize)
    let image = input(shape, &graph)
    var outputs: [ONNXPort]
    var classifier = classifier
    var shown = image
    if let network = model.classificationPart {
      (outputs, classifier) = ([], network)
    } else {
      (shown, outputs) = try restore(image, by: model, &graph)
    }
    if let classifier {
      let probabilities = try graph.add(classifier, to: shown, label: "classifier")
      let name = graph.add("Identity", [probabilities.name], as: "probabilities", output: "probabilities")
      outputs.append(
        ONNXPort(
          name: name, type: .float, shape: [batch] + probabilities.shape.map { .fixed($0) },
          comment: "of each class, 0 to 1"))
    }
    return ONNXFile(
      name: model.name, comment: "\(model.name), exported by Tiddu \(programVersion)", nodes: graph.nodes,
      tensors: graph.tensors, inputs: [port("input", shape, takesAnySize: takesAnySize, "images as they are")],
      outputs: outputs, metadata: try metadata(of: model, classifier: classifier, outputs.map(\.name)))
  }

  private func check(_ model: Model, _ shape: ImageSet.Shape) throws {
    if model.classificationPart == nil { _ = try Restorer(model) }
    guard let classifier else { return }
    guard model.classificationPart == nil else {
      throw UsageError("\(model.name) is a classifier itself", remedy: "Leave --with-classifier out.")
    }
    guard classifier.plan.task == .classification else {
      throw UsageError(
        "\(classifier.architecture.name) names no classes", remedy: "Name a classifier, such as tiddu-reader.")
    }
    guard classifier.architecture.imageShape == shape else {
      throw UsageError(
        "\(model.name) gives images of \(shape), and \(classifier.architecture.name) reads images of "
          + "\(classifier.architecture.input.map(String.init).joined(separator: "×"))",
        remedy: "Name a classifier for images of that size.")
    }
  }

  // MARK: - Inputs and outputs

  private var batch: ONNXPort.Extent { .free("batch") }

  private func port(_ name: String, _ shape: ImageSet.Shape, takesAnySize: Bool, _ comment: String) -> ONNXPort {
    let sides: [ONNXPort.Extent] =
      takesAnySize ? [.free("height"), .free("width")] : [.fixed(shape.height), .fixed(shape.width)]
    let channels = ONNXPort.Extent.fixed(shape.channels)
    return ONNXPort(
      name: name, type: pixels == .uint8 ? .uint8 : .float,
      shape: [batch] + (layout == .channelsFirst ? [channels] + sides : sides + [channels]), comment: comment)
  }

  /// The graph's input as numbers 0…1.
  private func input(_ shape: ImageSet.Shape, _ graph: inout ONNXGraph) -> ONNXValue {
    var image = ONNXValue(
      name: "input", shape: [shape.height, shape.width, shape.channels], isChannelsFirst: layout == .channelsFirst)
    if pixels == .uint8 { image.name = numbers(image.name, "input/number", &graph) }
    return image
  }

  private func numbers(_ bytes: String, _ label: String, _ graph: inout ONNXGraph) -> String {
    let floats = graph.add("Cast", [bytes], [("to", .integer(ONNXElementType.float.rawValue))], as: "\(label)/float")
    return graph.add("Div", [floats, graph.floats([255], shape: [])], as: label)
  }

  /// Adds what restores, and the graph's outputs that tell of it; returns the restored images as a classifier is to see them.
  private func restore(
    _ image: ONNXValue, by model: Model, _ graph: inout ONNXGraph
  ) throws -> (ONNXValue, [ONNXPort]) {
    var ports: [ONNXPort] = []
    var restored = image
    if let orientation = model.orientation {
      let correction = try ONNXCorrection(orientation, expected: expected)
      let found = try correction.find(in: image, &graph)
      let turned = correction.undo(found, in: image, &graph)
      restored = turned
      if let restoration = model.restoration {
        restored = try correction.restore(turned, by: restoration, found, inpainting, &graph)
      }
      ports = correction.outputs(found, restores: model.restoration != nil, &graph)
    } else if let restoration = model.restoration {
      restored = try graph.add(restoration, to: image, label: "restoration")
    }
    let isChannelsFirst = layout == .channelsFirst
    var last = isChannelsFirst ? graph.channelsFirst(restored) : graph.channelsLast(restored)
    if pixels == .uint8 {
      let bytes = bytes(last.name, &graph)
      last.name = numbers(bytes, "image/number", &graph)
    } else {
      _ = graph.add("Identity", [last.name], as: "image", output: "image")
    }
    guard let shape = model.parts.last?.architecture.imageShape else { return (last, ports) }
    return (last, [port("image", shape, takesAnySize: graph.takesAnySize, "the images restored")] + ports)
  }

  /// The nearest byte of each number, as the graph's output.
  private func bytes(_ numbers: String, _ graph: inout ONNXGraph) -> String {
    let (zero, one) = (graph.floats([0], shape: []), graph.floats([1], shape: []))
    let clipped = graph.add("Clip", [numbers, zero, one], as: "image/clipped")
    let scaled = graph.add("Mul", [clipped, graph.floats([255], shape: [])], as: "image/scaled")
    let raised = graph.add("Add", [scaled, graph.floats([0.5], shape: [])], as: "image/raised")
    let whole = graph.add("Floor", [raised], as: "image/whole")
    return graph.add(
      "Cast", [whole], [("to", .integer(ONNXElementType.uint8.rawValue))], as: "image", output: "image")
  }

  // MARK: - Metadata

  private func metadata(
    of model: Model, classifier: Checkpoint?, _ outputs: [String]
  ) throws -> [(key: String, value: String)] {
    let model = model.withoutPaths()
    var texts: [(key: String, value: String)] = [
      ("tiddu.version", programVersion), ("tiddu.model", model.name), ("tiddu.layout", layout.rawValue),
      ("tiddu.pixels", pixels.rawValue),
    ]
    if let orientation = model.orientation {
      texts += [
        ("tiddu.expected", expected.name),
        ("tiddu.orientations", orientation.architecture.orientations.map(\.rawValue).joined(separator: ",")),
      ]
      if outputs.contains("damage") {
        texts.append(("tiddu.damages", Damage.allCases.map { "\($0)" }.joined(separator: ",")))
      }
    }
    if let classifier, let names = try? JSONEncoder().encode(classifier.plan.classes) {
      texts.append(("tiddu.classes", String(decoding: names, as: UTF8.self)))
    }
    for part in model.parts {
      let plan = String(decoding: try CheckpointMetadata.encoder.encode(part.plan), as: UTF8.self)
      let name = part.plan.task == .uprightRestoration ? .restoration : part.plan.task
      texts.append(("tiddu.training.\(name.rawValue)", plan))
    }
    if let card { texts.append(("tiddu.card", card)) }
    return texts
  }
}

extension Model {
  /// The network of a model that answers with classes.
  var classificationPart: Checkpoint? { parts.count == 1 && parts[0].plan.task == .classification ? parts[0] : nil }
}
