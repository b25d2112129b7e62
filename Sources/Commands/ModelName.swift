import ArgumentParser
import ImageSets
import NeuralNetworks
import Restoration
import Support

/// What a command is told of a network: a preset, a network in YAML, a checkpoint or a run's folder, and what a preset or
/// a network is for.
struct ModelName: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A preset (\(Presets.names.joined(separator: ", "))), a network in YAML, a checkpoint or a run's folder."))
  var model: String

  @Option(help: ArgumentHelp("The images that a preset or a network is for (default: 28x28).", valueName: "HxWxC"))
  var shape: String?

  func validate() throws {
    if let shape, ImageSet.Shape(parsing: shape) == nil {
      throw ValidationError("--shape \(shape) is no size: write 28x28, or 32x32x3 for colour.")
    }
  }

  private func data(classes: Int) -> DataDescription {
    DataDescription(
      shape: shape.flatMap(ImageSet.Shape.init(parsing:)) ?? SyntheticDigits.shape,
      classes: (0..<classes).map(String.init), hasDig: true, isKannadaDigits: shape == nil)
  }

  /// Of the model's parts.
  ///
  /// - Parameters:
  ///   - classes: how many a preset tells apart.
  ///   - bottleneck: neurons of a preset's, in the place of its own.
  func architectures(classes: Int = 10, bottleneck: Int? = nil) throws -> [Architecture] {
    let data = self.data(classes: classes)
    func refuse(bottleneck what: String) throws {
      guard bottleneck != nil else { return }
      throw UsageError("--bottleneck with \(what)", remedy: "Its layers are what they are; leave it out.")
    }
    if ArchitectureFile.isNamed(model) {
      try refuse(bottleneck: "a network in YAML")
      let file = try ArchitectureFile(model)
      return [try file.architecture(taking: shape == nil && file.input != nil ? nil : data.shape.extents)]
    }
    guard Folder.kind(of: model) != .absent else {
      if bottleneck == nil, let plan = try Presets.modelPlan(named: model, for: data) {
        return [plan.orientation.architecture, plan.restoration.architecture]
      }
      return [try Presets.architecture(named: model, for: data, bottleneck: bottleneck).0]
    }
    try refuse(bottleneck: "a checkpoint")
    guard shape == nil else {
      throw UsageError("--shape with a checkpoint", remedy: "A checkpoint's layers are what they are; leave it out.")
    }
    return try Model.open(model).parts.map(\.architecture)
  }
}
