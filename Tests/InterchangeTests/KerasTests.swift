import ImageSets
import Interchange
import Restoration
import Safetensors
import Support
import TestSupport
import Testing

/// Keras loads what we write, answers as we do, and what it saves again comes back.
@Suite struct KerasTests {
  @Test("models of ours in Keras", .enabled(if: EcosystemJudge.isThere, EcosystemJudge.howToGet))
  func kerasReadsOurs() throws {
    var models = try ["report-final", "tiddu-reader"].map { try Checkpoint.open($0) }
    let parts = try Model.open("tiddu-small").parts
    models += parts
    for seed in UInt64(1)...20 { models.append(try RandomNetwork.classifier(seed: seed)) }
    try withTemporaryFolder { folder in
      for model in models {
        let (name, input) = (model.architecture.name, model.architecture.input)
        try KerasWeights.write(model, to: "\(folder)/\(name).keras")
        let set = TinyImages.ramp(count: 3, height: input[0], width: input[1], channels: input[2])
        let program = try model.network(batchSize: 3).program(batch: 3, mode: .inference)
        _ = program.input.update(fromContentsOf: set.withValues.values ?? [])
        try program.forward()
        let tensors = [
          "input": Safetensors.Tensor(shape: [3] + input, values: Array(program.input)),
          "output": Safetensors.Tensor(
            shape: [3] + (try model.architecture.outputShape()), values: Array(program.output)),
        ]
        try TensorFile(tensors: tensors).write(to: "\(folder)/\(name).safetensors")
      }
      #expect(try EcosystemJudge.run("keras_models.py", folder, "1e-5").hasPrefix("\(models.count) models"))
      for model in models {
        for ending in ["keras", "weights.h5"] {
          let path = "\(folder)/\(model.architecture.name)-again.\(ending)"
          #expect(try KerasWeights.read(path, into: model.plan).weights == model.weights)
        }
        let read = try KerasWeights.architecture(in: "\(folder)/\(model.architecture.name)-again.keras")
        #expect(read.layers.map(\.name) == model.architecture.layers.map(\.name))
      }
    }
  }
}
