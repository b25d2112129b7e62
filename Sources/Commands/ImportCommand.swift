import ArgumentParser
import ImageSets
import Interchange
import NeuralNetworks
import Restoration
import Support

/// `tiddu import`
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Make a model of weights from PyTorch or Keras.",
    discussion: """
      Takes a state dict of PyTorch's as safetensors, and .weights.h5 or .keras files of Keras 3. A .keras file says itself \
      what network it is; of the others --model tells it, as a preset, a network in YAML or a model of Tiddu's. The network's \
      input is an image of numbers from 0 to 1.

      EXAMPLE: tiddu import model.keras --into model.safetensors
      EXAMPLE: tiddu import state.safetensors --model net.yaml --into model.safetensors
      """)

  @Argument(help: ArgumentHelp("A file that ends in .safetensors, .weights.h5 or .keras.", valueName: "weights"))
  var weights: String

  @Option(
    help: ArgumentHelp("The network: a preset, a network in YAML, a checkpoint or a run's folder.", valueName: "name"))
  var model: String?

  @Option(help: ArgumentHelp("The model's file to write; ends in .safetensors.", valueName: "file"))
  var into: String

  @Option(
    help: ArgumentHelp(
      "Which module of PyTorch's is which layer: a line of YAML each, such as conv2d_1: encoder.3.", valueName: "file"))
  var names: String?

  @Option(help: ArgumentHelp("The images that a preset or a network is for (default: 28x28).", valueName: "HxWxC"))
  var shape: String?

  @Option(help: ArgumentHelp("What a classifier's classes are called (default: 0,1,2…).", valueName: "a,b,c"))
  var classes: String?

  @Option(help: "What the images are drawn on: light or dark paper, or none: photographs.")
  var paper: Paper?

  private var isKeras: Bool { KerasWeights.isWhole(weights) || weights.lowercased().hasSuffix(".h5") }

  @OptionGroup var quietness: QuietOption

  func validate() throws {
    guard into.hasSuffix(".safetensors") else {
      throw ValidationError("--into \(into): a model is a safetensors file; end its name in .safetensors.")
    }
    guard model != nil || KerasWeights.isWhole(weights) else {
      throw ValidationError("--model: name the network that the weights belong to; a .keras file alone says it itself.")
    }
    if names != nil, isKeras { throw ValidationError("--names: it is for modules of PyTorch's; leave it out.") }
    if let shape, ImageSet.Shape(parsing: shape) == nil {
      throw ValidationError("--shape \(shape) is no size: write 28x28, or 32x32x3 for colour.")
    }
  }

  func run() throws {
    try OutputTarget.check(into)
    let (name, plans) = try plans()
    let model = try Model(parts: isKeras ? kerasParts(plans) : pyTorchParts(plans), name: name)
    try model.write(to: into)
    let parameters = model.parts.reduce(0) { $0 + $1.weights.values.reduce(0) { $0 + $1.values.count } }
    Console.report("\(into)  \(model.name), \(grouped(parameters)) weights of \(weights)")
  }

  private func pyTorchParts(_ plans: [TrainingPlan]) throws -> [Checkpoint] {
    try PyTorchWeights.read(
      weights, into: plans, names: names.map { try ModuleNames(contentsOf: $0) } ?? ModuleNames())
  }

  private func kerasParts(_ plans: [TrainingPlan]) throws -> [Checkpoint] {
    guard plans.count == 1 else {
      throw UsageError(
        "\(model ?? "") is a model of two parts, and a file of Keras' holds one network",
        remedy: "Bring the parts over one by one: --model \(model ?? "")-orientation and -restoration.")
    }
    return [try KerasWeights.read(weights, into: plans[0])]
  }

  // MARK: - The network

  /// How the model's networks would be trained here, which says what they are for.
  private func plans() throws -> (name: String, plans: [TrainingPlan]) {
    guard let model else { return try plans(of: KerasWeights.architecture(in: weights)) }
    if ArchitectureFile.isNamed(model) {
      let file = try ArchitectureFile(model)
      let given = shape.flatMap(ImageSet.Shape.init(parsing:))?.extents
      return try plans(of: file.architecture(taking: given ?? file.input ?? SyntheticDigits.shape.extents))
    }
    guard Folder.kind(of: model) == .absent else {
      guard shape == nil, classes == nil, paper == nil else {
        throw UsageError(
          "--shape, --classes or --paper with a model of Tiddu's",
          remedy: "It says itself what it is for; leave them out.")
      }
      let opened = try Model.open(model)
      return (opened.name, opened.plans)
    }
    let data = try data(SyntheticDigits.shape.extents, classCount: 10)
    if let plan = try Presets.modelPlan(named: model, for: data) {
      return (model, [plan.orientation, plan.restoration])
    }
    return (model, [try Presets.plan(named: model, for: data)])
  }

  private func plans(of architecture: Architecture) throws -> (name: String, plans: [TrainingPlan]) {
    let output = try architecture.outputShape()
    let data = try data(architecture.input, classCount: output.reduce(1, *))
    guard let plan = try TrainingPlan(naturalFor: architecture, data) else {
      throw UsageError(
        "\(architecture.name) answers with \(output), which is neither its input \(architecture.input) nor "
          + "\(data.classes.count) classes behind a softmax",
        remedy: "Name a network that restores images or tells classes.")
    }
    return (architecture.name, [plan])
  }

  private func data(_ extents: [Int], classCount: Int) throws -> DataDescription {
    let own = extents.count == 3 ? ImageSet.Shape(height: extents[0], width: extents[1], channels: extents[2]) : nil
    guard let shape = shape.flatMap(ImageSet.Shape.init(parsing:)) ?? own else {
      throw UsageError("the network takes \(extents), which are no images", remedy: "Its input is (H, W, C).")
    }
    let names =
      classes.map { $0.split(separator: ",").map(String.init) } ?? (0..<min(classCount, 1000)).map(String.init)
    return DataDescription(
      shape: shape, classes: names, hasDig: true, isKannadaDigits: self.shape == nil, hasPaper: paper != Paper.none)
  }
}
