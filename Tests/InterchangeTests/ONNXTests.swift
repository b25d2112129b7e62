import Distortions
import ImageSets
import Interchange
import NeuralNetworks
import Restoration
import Safetensors
import Support
import TestSupport
import Testing

private typealias Tensor = Safetensors.Tensor

/// What onnxruntime makes of exported models, beside what Tiddu makes of them.
@Suite struct ONNXTests {
  /// Kannada digits, most of them damaged.
  private static func digits(_ count: Int, seed: UInt64 = 3) throws -> ImageSet {
    let set = SyntheticDigits().imageSet(writers: 0..<(count + 9) / 10, perWriter: 10, name: "digits")
    return try Recipe.partlyDamaged.compiled(for: set.shape).apply(to: set.selecting(Array(0..<count)), seed: seed)
  }

  private static func numbers(_ set: ImageSet) -> [Float] { set.withValues.values ?? [] }

  /// The file, and beside it what goes in and what is to come out.
  private static func write(
    _ model: Model, _ exporter: ONNXExporter, _ set: ImageSet, as name: String, in folder: String
  ) throws {
    try exporter.file(of: model).write(to: "\(folder)/\(name).onnx")
    let shape = [set.count, set.shape.height, set.shape.width, set.shape.channels]
    func images(_ values: [Float]) -> Tensor {
      guard exporter.layout == .channelsFirst else { return Tensor(shape: shape, values: values) }
      let (pixels, channels) = (shape[1] * shape[2], shape[3])
      return Tensor(
        shape: [shape[0], channels, shape[1], shape[2]],
        values: (0..<values.count).map { place in
          let (image, rest) = (place / (pixels * channels), place % (pixels * channels))
          return values[image * pixels * channels + rest % pixels * channels + rest / pixels]
        })
    }
    var tensors: [String: Tensor] = [:]
    let isBytes = exporter.pixels == .uint8
    tensors["input"] = images(isBytes ? set.pixels.map(Float.init) : numbers(set))
    var shown = set
    if model.parts[0].plan.task != .classification {
      let restorer = try Restorer(model, expecting: exporter.expected, inpainting: exporter.inpainting)
      let restored = try restorer.restoration(of: isBytes ? set : set.withValues)
      shown = restored.images
      tensors["image"] = images(isBytes ? shown.pixels.map(Float.init) : restored.numbers)
      if let findings = restored.findings {
        let orientations = try #require(model.orientation?.architecture.orientations)
        func column(_ value: (OrientationPrediction) -> Float) -> Tensor {
          Tensor(shape: [set.count], values: findings.map(value))
        }
        tensors["orientation"] = column { Float(orientations.firstIndex(of: $0.orientation) ?? -1) }
        tensors["probability"] = column(\.probability)
        if findings[0].damage != nil {
          tensors["damage"] = column { Float($0.damage?.rawValue ?? -1) }
          if model.restoration != nil { tensors["restored"] = column { $0.wantsRestoration ? 1 : 0 } }
        }
      }
    }
    if let network = exporter.classifier ?? (model.parts[0].plan.task == .classification ? model.parts[0] : nil) {
      let classifier = try Classifier(network)
      let classifications = try classifier.classify(shown)
      tensors["probabilities"] = Tensor(
        shape: [set.count, classifier.classes], values: classifications.flatMap(\.probabilities))
    }
    try TensorFile(tensors: tensors).write(to: "\(folder)/\(name).safetensors")
  }

  @Test(
    "presets, 1,000 images each", .enabled(if: EcosystemJudge.isThere, EcosystemJudge.howToGet))
  func presets() throws {
    let names = [
      "report-final", "report-dense-5-64-mse", "report-dense-3-32-bce", "report-conv-2-32-bce", "report-conv-3-64-mse",
      "report-classifier", "denoiser",
    ]
    let set = try Self.digits(1000)
    try withTemporaryFolder { folder in
      for name in names {
        let model = Model(try RandomNetwork.checkpoint(Presets.plan(named: name), seed: 5))
        try Self.write(model, ONNXExporter(), set, as: name, in: folder)
      }
      for name in ShippedModels.names {
        try Self.write(Model.open(name), ONNXExporter(), set, as: "shipped-\(name)", in: folder)
      }
      for name in ["tiddu-small", "tiddu-best"] {
        var exporter = ONNXExporter()
        (exporter.expected, exporter.inpainting) = (.reportMultiple, .mean)
        try Self.write(Model.open(name), exporter, set, as: "\(name)-told", in: folder)
      }
      #expect(try EcosystemJudge.run("onnx_models.py", folder, "1e-5").hasPrefix("13 models"))
    }
  }

  @Test(
    "one file from damaged digit to probabilities", .enabled(if: EcosystemJudge.isThere, EcosystemJudge.howToGet))
  func wholeWay() throws {
    let set = try Self.digits(200)
    try withTemporaryFolder { folder in
      for pixels in ONNXExporter.Pixels.allCases {
        for layout in ONNXExporter.Layout.allCases {
          var exporter = ONNXExporter()
          (exporter.pixels, exporter.layout) = (pixels, layout)
          // Where a pixel is rounded the other way, the reader is a little less or more sure.
          exporter.classifier = pixels == .float32 ? try Checkpoint.open("tiddu-reader") : nil
          try Self.write(
            Model.open("tiddu-small"), exporter, set, as: "small-\(pixels.rawValue)-\(layout.rawValue)", in: folder)
        }
      }
      try EcosystemJudge.run("onnx_models.py", folder, "1e-5")
    }
  }

  @Test("random architectures", .enabled(if: EcosystemJudge.isThere, EcosystemJudge.howToGet))
  func randomArchitectures() throws {
    try withTemporaryFolder { folder in
      var types: Set<String> = []
      for seed in UInt64(1)...150 {
        let network = try RandomNetwork.classifier(seed: seed)
        types.formUnion(network.architecture.layers.map { type(of: $0.layer).type })
        let input = network.architecture.input
        let set = TinyImages.ramp(
          count: 1 + Int(seed % 5) * 4, height: input[0], width: input[1], channels: input[2])
        var exporter = ONNXExporter()
        exporter.layout = seed % 2 == 0 ? .channelsFirst : .channelsLast
        try Self.write(Model(network), exporter, set, as: "\(seed)", in: folder)
      }
      #expect(types.count == 14, "of layers there are \(types.sorted())")
      #expect(try EcosystemJudge.run("onnx_models.py", folder, "1e-5").hasPrefix("150 models"))
    }
  }

  @Test("images of any size", .enabled(if: EcosystemJudge.isThere, EcosystemJudge.howToGet))
  func anySize() throws {
    let data = DataDescription(shape: .init(height: 32, width: 32, channels: 3), classes: [], hasPaper: false)
    let model = Model(try RandomNetwork.checkpoint(Presets.plan(named: "denoiser", for: data), seed: 6))
    try withTemporaryFolder { folder in
      for (height, width) in [(32, 32), (40, 24), (64, 104)] {
        let set = TinyImages.ramp(count: 2, height: height, width: width, channels: 3, labels: false)
        try Self.write(model, ONNXExporter(), set, as: "\(height)x\(width)", in: folder)
      }
      try EcosystemJudge.run("onnx_models.py", folder, "1e-5")
    }
  }

  @Test func layersThatONNXLacksAreNamed() throws {
    let architecture = Architecture(
      name: "own", input: [4, 4, 1], layers: [Flatten(), Squaring(), Reshape([4, 4, 1])])
    let checkpoint = try RandomNetwork.checkpoint(architecture, seed: 1) { $0.loss = .meanSquaredError }
    let error = #expect(throws: UsageError.self) { try ONNXExporter().file(of: Model(checkpoint)) }
    #expect(error?.problem.contains("squaring") == true && error?.problem.contains("own") == true)
  }

  @Test func classifiersThatDoNotSuit() throws {
    var exporter = ONNXExporter()
    exporter.classifier = try RandomNetwork.classifier(seed: 1)
    #expect(throws: UsageError.self) { try exporter.file(of: Model.open("tiddu-small")) }
    exporter.classifier = try Checkpoint.open("tiddu-reader")
    #expect(throws: UsageError.self) { try exporter.file(of: Model.open("tiddu-reader")) }
    exporter.classifier = try Checkpoint.open("report-final")
    #expect(throws: UsageError.self) { try exporter.file(of: Model.open("tiddu-small")) }
  }

  @Test func sameModelSameBytes() throws {
    try withTemporaryFolder { folder in
      let (one, other) = ("\(folder)/a.onnx", "\(folder)/b.onnx")
      for path in [one, other] { try ONNXExporter().file(of: Model.open("tiddu-small")).write(to: path) }
      #expect(try Folder.read(one) == Folder.read(other))
    }
  }
}

/// A layer of somebody's own.
private struct Squaring: UnaryLayer {
  static let type = "squaring"
  func outputShape(for input: Shape) -> Shape { input }
  func compile(_ site: CompilationSite) throws -> CompiledLayer { preconditionFailure("never computed") }
}
