import ArgumentParser
import Distortions
import Foundation
import Interchange
import NeuralNetworks
import Restoration
import Support

/// `tiddu export`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a trained model as one file, to hand on: Tiddu's own, ONNX, PyTorch's or Keras'.",
    discussion: """
      Tiddu's own file is without what resuming wants, without the paths of this machine, and in half the bytes if you \
      like: weights of 16 bits restore the same images to a grey level.

      ONNX (opset 17) runs elsewhere, in onnxruntime for example: one graph from images to images, with all that the model \
      does besides its networks, and with a classifier behind it if one is named.

      PyTorch's are the weights as a state dict in safetensors, Keras' the weights (.weights.h5) or the whole network \
      (.keras); tiddu import brings them back.

      EXAMPLE: tiddu export runs/small --dtype float16 --into small.safetensors
      EXAMPLE: tiddu export tiddu-best --with-classifier tiddu-reader --into reader.onnx
      """)

  @Argument(help: ArgumentHelp("A model's file, a run's folder or a model that comes with tiddu.", valueName: "model"))
  var model: String

  @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
  var into: String

  @Option(help: "What is written: tiddu, onnx, pytorch or keras (default: by the file's ending).")
  var format: ExportFormat?

  @Option(help: "The numbers that weights are stored as: float32 or float16 (tiddu).")
  var dtype: WeightType?

  @OptionGroup(title: "ONNX") var graph: GraphOptions

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    guard let format = format ?? ExportFormat(ending: into) else {
      throw ValidationError(
        "--into \(into): end its name in .safetensors for Tiddu's own format, in .onnx, or in .weights.h5 or .keras.")
    }
    guard format.suits(into) else { throw ValidationError("--into \(into): end its name \(format.words).") }
    if format != .tiddu, dtype != nil { throw ValidationError("--dtype: only --format tiddu takes it.") }
    if format != .onnx, let first = graph.given.first {
      throw ValidationError("\(first): only --format onnx takes it.")
    }
  }

  func run() throws {
    try OutputTarget.check(into)
    let opened = try Model.open(model).withoutPaths()
    let words: String
    switch format ?? ExportFormat(ending: into) ?? .tiddu {
    case .tiddu:
      let dtype = dtype ?? .float32
      try opened.write(to: into, as: dtype)
      words = dtype.rawValue
    case .onnx:
      let exporter = try graph.exporter(of: model)
      try exporter.file(of: opened).write(to: into)
      words = "ONNX, \(exporter.pixels.rawValue), \(exporter.layout.rawValue)"
    case .pytorch:
      try PyTorchWeights.write(opened, to: into)
      words = "a state dict of PyTorch's"
    case .keras:
      guard opened.parts.count == 1 else {
        throw UsageError(
          "\(opened.name) is a model of two parts, and a file of Keras' holds one network",
          remedy: "Export the runs of its parts one by one, or choose another format.")
      }
      try KerasWeights.write(opened.parts[0], to: into)
      words = KerasWeights.isWhole(into) ? "a model of Keras'" : "weights of Keras'"
    }
    Console.report("\(into)  \(opened.name), \(words), \(grouped(try Folder.read(into).count)) bytes")
  }
}

/// What a model can be written as.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
  case tiddu, onnx, pytorch, keras

  /// What files of this format end in.
  private var endings: [String] {
    switch self {
    case .tiddu, .pytorch: [".safetensors"]
    case .onnx: [".onnx"]
    case .keras: [".weights.h5", ".keras"]
    }
  }

  /// Whether a file of this name can be one.
  func suits(_ path: String) -> Bool { endings.contains { path.lowercased().hasSuffix($0) } }

  /// The first that suits a file's name.
  init?(ending path: String) {
    guard let format = Self.allCases.first(where: { $0.suits(path) }) else { return nil }
    self = format
  }

  /// "in .weights.h5 or .keras"
  var words: String { "in \(endings.joined(separator: " or "))" }
}

/// What an ONNX file is told.
struct GraphOptions: ParsableArguments {
  @Option(help: "How images lie in memory: nhwc (images, rows, columns, channels), or nchw (default: nhwc).")
  var layout: ONNXExporter.Layout?

  @Option(help: "What a pixel is: float32, from 0 to 1, or uint8, from 0 to 255 (default: float32).")
  var pixels: ONNXExporter.Pixels?

  @Option(help: ArgumentHelp("A classifier that reads the restored images, in the same file.", valueName: "model"))
  var withClassifier: String?

  @Option(
    help: ArgumentHelp(
      "How the images come to be as they are, a recipe (default: \(Recipe.expected.name)).", valueName: "recipe"))
  var expect: String?

  @Option(
    help:
      "What is drawn where something is hidden: sharp, the more probable of ink and paper, or mean (default: sharp).")
  var inpainting: Inpainting?

  /// Names of the options given.
  var given: [String] {
    let all: [(String, Any?)] = [
      ("layout", layout), ("pixels", pixels), ("with-classifier", withClassifier), ("expect", expect),
      ("inpainting", inpainting),
    ]
    return all.compactMap { name, value in value.map { _ in "--\(name)" } }
  }

  /// - Parameter model: as the user named it.
  func exporter(of model: String) throws -> ONNXExporter {
    var exporter = ONNXExporter()
    if let layout { exporter.layout = layout }
    if let pixels { exporter.pixels = pixels }
    if let inpainting { exporter.inpainting = inpainting }
    if let expect { exporter.expected = try .named(expect) }
    exporter.classifier = try withClassifier.map { try Checkpoint.open($0) }
    exporter.card = try ShippedModels.card(of: model)
    return exporter
  }
}

extension WeightType: ExpressibleByArgument {}
extension ONNXExporter.Layout: ExpressibleByArgument {}
extension ONNXExporter.Pixels: ExpressibleByArgument {}
