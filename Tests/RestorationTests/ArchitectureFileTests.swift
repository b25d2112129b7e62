import ImageSets
import NeuralNetworks
import Restoration
import Support
import TestSupport
import Testing

@Suite struct ArchitectureFileTests {
  private func read(_ text: String) throws -> ArchitectureFile {
    try withTemporaryFolder { folder in
      try WholeFile.write(text, to: "\(folder)/net.yaml")
      return try ArchitectureFile("\(folder)/net.yaml")
    }
  }

  private static let layers = """
    layers:
      - {type: conv2d, filters: 4, padding: same, activation: relu}
      - {name: pooled, type: max_pooling2d}
      - {type: up_sampling2d}
      - {type: add, inputs: [up_sampling2d, conv2d]}
      - {type: conv2d, filters: 1, padding: same, activation: sigmoid}
    """

  @Test func namesAreMadeAndTheInputFollowsTheData() throws {
    let file = try read(Self.layers)
    let architecture = try file.architecture(taking: [8, 6, 1])
    #expect(architecture.name == "net" && architecture.input == [8, 6, 1])
    #expect(
      architecture.layers.map(\.name) == ["conv2d", "pooled", "up_sampling2d", "add", "conv2d_1"])
    let plan = try file.plan(for: DataDescription(shape: .init(height: 8, width: 6, channels: 1), classes: []))
    #expect(plan.loss == .binaryCrossEntropy && plan.task == .restoration)
    let error = #expect(throws: DataError.self) { try file.architecture() }
    #expect(error?.place == "input")
  }

  /// What a preset's network is printed as reads back equal.
  @Test(arguments: ["report-final", "report-conv-2-32-bce", "report-classifier", "tiddu-small-restoration", "denoiser"])
  func presetsReadBack(name: String) throws {
    let architecture = try Presets.plan(named: name).architecture
    #expect(try read(architecture.yaml()).architecture() == architecture)
  }

  @Test(arguments: [
    ("layers:\n  - {type: add, inputs: [b, input]}\n  - {name: b, type: flatten}", "layers[0] (add)", "cycle"),
    ("layers:\n  - {name: a, type: flatten, inputs: [inpt]}", "layers[0] (a)", "did you mean input?"),
    ("layers:\n  - {name: a, type: flatten, inputs: []}", "layers[0] (a)", "reads nothing"),
    ("layers:\n  - {type: conv2d, filters: 2, kernal_size: 3}", "layers[0]", "kernel_size"),
    ("layers:\n  - {type: conv3d, filters: 2}", "layers[0].type", "conv2d"),
    ("layers:\n  - {type: conv2d, filters: 2, activation: rellu}", "layers[0].activation", "relu"),
    ("layers:\n  - {type: dense, units: 4}", "layers[0] (dense)", "flatten"),
    ("layers:\n  - {type: conv2d, filters: 2, kernel_size: 9}", "layers[0] (conv2d)", "9×9"),
    ("layer:\n  - {type: flatten}", "", "layers"), ("layers: []", "", "no layers"), ("layers: [", "", "YAML"),
  ])
  func faultsNameTheirPlace(text: String, place: String, words: String) throws {
    let error = #expect(throws: DataError.self) { try read("input: [6, 6, 1]\n" + text) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(place.isEmpty || error?.place == place, "\(error?.description ?? "")")
  }
}
