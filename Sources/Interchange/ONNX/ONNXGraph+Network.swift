import NeuralNetworks
import Restoration
import Support

extension ONNXGraph {
  /// A trained network as operations.
  ///
  /// - Parameters:
  ///   - label: goes before the names of its layers; weights of one label are stored once.
  ///   - isProbability: whether the function at the very end is applied; without it there are logits.
  /// - Throws: `UsageError` for a layer that ONNX has no counterpart of.
  mutating func add(
    _ checkpoint: Checkpoint, to input: ONNXValue, label: String, withFinalActivation: Bool = true
  ) throws -> ONNXValue {
    let architecture =
      withFinalActivation ? checkpoint.architecture : checkpoint.architecture.deferringFinalActivation()
    let shapes = try architecture.shapes()
    var outputs: [ONNXValue] = []
    for (number, named) in architecture.layers.enumerated() {
      guard let layer = named.layer as? any ONNXLayer else {
        throw UsageError(
          "ONNX has no counterpart of layer \(named.name) (\(type(of: named.layer).type)) of \(architecture.name)",
          remedy: "Export it as safetensors, or build the model without that layer.")
      }
      let site = ONNXSite(
        label: "\(label)/\(named.name)",
        inputs: architecture.sources[number].map { $0 < 0 ? input : outputs[$0] },
        outputShape: shapes[number].output,
        weights: Dictionary(
          uniqueKeysWithValues: named.layer.parameters(for: shapes[number].inputs).map {
            ($0.name, checkpoint.weights["\(named.name)/\($0.name)"]?.values ?? [])
          }))
      outputs.append(layer.add(to: &self, site))
    }
    return outputs[outputs.count - 1]
  }
}
