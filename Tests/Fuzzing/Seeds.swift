import Distortions
import Foundation
import ImageSets
import Interchange
import NeuralNetworks
import Restoration
import Safetensors
import Search
import Support

/// Small valid inputs of a target, for mutation to begin with: each is read without an error.
package func seeds(of target: String) throws -> [[UInt8]] {
  switch target {
  case "idx": [try written("images.idx")]
  case "idx-gz": [try written("images.idx.gz")]
  case "csv": [try written("a.csv"), Array("label,a,b,c,d\nx,0.5,0.25,1,0\n".utf8)]
  case "npy": [try written("a.npy"), try written("b.npy", type: .float32), try written("c.npy", type: .uint16)]
  case "npz": [try written("a.npz")]
  case "cifar": [[3] + [UInt8](repeating: 7, count: 3072)]
  case "image":
    try ImageFileFormat.allCases.flatMap { format in
      try [set(channels: 1), set(channels: 3)].map { try StoredImages(images: $0.selecting([0])).encoded(as: format) }
    }
  case "safetensors": [try weights()]
  case "model": [try weights()]
  case "pytorch": [try stateDict()]
  case "model-header": [header(of: try weights())]
  case "pytorch-header": [header(of: try stateDict())]
  case "run": [header(of: try state())]
  case "keras": [try keras("seed.weights.h5")]
  case "keras-zip": [try keras("seed.keras")]
  case "names": [Array("dense_1: encoder.3\nconv2d: 0\n".utf8)]
  case "recipe":
    try ["report-multiple", "everyday", "hands", "elastic", "handwriting", "lines"].map {
      Array(try Recipe.named($0).yaml().utf8)
    }
  case "space": try ["report-grid", "report-regularisation"].map { Array(try SearchSpace.named($0).yaml().utf8) }
  case "network":
    try ["report-final", "report-conv-3-8-bce"].map {
      Array(try TrainingPlan(preset: $0, for: fewImages).architecture.yaml().utf8)
    }
  case "plan": [Array(try YAMLText.of(smallPlan).utf8)]
  case "study": [try study()]
  default: []
  }
}

private func set(channels: Int) -> ImageSet {
  let shape = ImageSet.Shape(height: 5, width: 4, channels: channels)
  return ImageSet(
    shape: shape, pixels: (0..<shape.size * 3).map { UInt8(truncatingIfNeeded: $0 * 4) }, labels: [1, 0, 2],
    name: "seed", source: "seed")
}

private func written(_ name: String, type: NumberType? = nil) throws -> [UInt8] {
  let square = ImageSet(
    shape: .init(height: 3, width: 3, channels: 1), pixels: (0..<27).map { UInt8($0 * 9) }, labels: [1, 0, 2],
    name: "seed", source: "seed")
  let path = "\(folder)/seed-\(name)"
  try StoredImages(images: square).write(to: path, type: type)
  return try Folder.read(path)
}

private func network() throws -> Checkpoint {
  try Checkpoint(of: Network(smallPlan.architecture, batchSize: 2, seed: 1), plan: smallPlan, epoch: 1)
}

func weights() throws -> [UInt8] {
  let path = "\(folder)/seed.safetensors"
  try Model(network()).write(to: path)
  return try Folder.read(path)
}

func stateDict() throws -> [UInt8] {
  let path = "\(folder)/seed.pytorch.safetensors"
  try PyTorchWeights.write(Model(network()), to: path)
  return try Folder.read(path)
}

private func headerEnd(of file: [UInt8]) -> Int { 8 + file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) } }

private func header(of file: [UInt8]) -> [UInt8] { Array(file[8..<headerEnd(of: file)]) }

func numbers(of file: [UInt8]) -> [UInt8] { Array(file[headerEnd(of: file)...]) }

/// What a run goes on from, after an epoch.
func state() throws -> [UInt8] {
  let run = RunFolder("\(folder)/seed-run")
  try? FileManager.default.removeItem(atPath: run.path)
  _ = try Trainer(runPlan, training: TrainingImages(fewImages), into: run).run(until: 1)
  return try Folder.read(run.optimizer)
}

private func keras(_ name: String) throws -> [UInt8] {
  let path = "\(folder)/\(name)"
  try KerasWeights.write(network(), to: path)
  return try Folder.read(path)
}

/// A study that was begun, and not yet worked at.
private func study() throws -> [UInt8] {
  let path = "\(folder)/seed.sqlite"
  for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasPrefix("seed.sqlite") {
    try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
  }
  let space = try SearchSpace(yaml: "name: few\narchitectures: [report-dense-3-8-bce]\nepochs: 2\n")
  let origin = DataOrigin(dataset: "synthetic")
  _ = try SearchRun(.init(space: space, origin: origin), training: TrainingImages(fewImages), into: path)
  return try Folder.read(path)
}
